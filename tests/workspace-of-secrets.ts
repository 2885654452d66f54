import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { ROOT, temporaryFolder } from './temporary-workspace.ts';

interface Keys {
  readonly identity: string;
  readonly recipient: string;
}

export async function newKeys(): Promise<Keys> {
  const identity = await generateIdentity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The hosts of both clusters. */
export const HOSTS = ['a1', 'a2', 'b1'] as const;

/** Two clusters, a with a group of one host of its two; with keys for all of them and an operator. */
export async function workspaceOfSecrets() {
  const root = temporaryFolder();
  const operator = await newKeys();
  const hosts = Object.fromEntries(
    await Promise.all(HOSTS.map(async (host) => [host, await newKeys()] as const)),
  ) as Record<(typeof HOSTS)[number], Keys>;
  const line = (host: (typeof HOSTS)[number]) => `${host} ${hosts[host].recipient}\n`;
  const files: Record<string, string> = {
    'khp.yml': `secrets:\n  operators: [${operator.recipient}]\n`,
    'inventories/_default.yml': '# fleet\n',
    'inventories/t/_default.yml': 'x: 1\n',
    'inventories/t/a.yml': '# a\nrelease: r1\ndb:\n    user: hive # who\n    password: old # why\nlast: 1\n',
    'inventories/t/a.ini': '[front]\na1\n[back]\na2\n',
    'inventories/t/a/front.yml': 'y: 2\n',
    'inventories/t/a/a2.host.yml': 'z: 3\n',
    'inventories/t/a.recipients': line('a1') + line('a2'),
    'inventories/t/b.yml': 'release: r1\n',
    'inventories/t/b.ini': '[front]\nb1\n',
    'inventories/t/b.recipients': line('b1'),
    'releases/r1.yml': 'release: r1\ncomponents:\n  web: { version: "1.0" }\n',
    'templates/web/component.yml':
      'component: web\nroles:\n  front: {}\n  back: {}\nfiles:\n  - { template: f.j2, path: /etc/f, mode: "0640" }\n',
    'templates/web/defaults.yml': 'd: 1\n',
    'templates/web/f.j2': '{{ db.password if db is defined }}\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const identityFile = join(temporaryFolder(), 'identity');
  writeFileSync(identityFile, `${operator.identity}\n`, { mode: 0o600 });
  const khp = (args: readonly string[], input = '', env: Record<string, string> = {}) => {
    const command = [join(ROOT, 'compiler/cli/khp.js'), '-C', root, ...args];
    const options = { input, encoding: 'utf8' as const, env: { ...process.env, ...env } };
    const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
    return { status, stdout, stderr };
  };
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  return { root, operator, hosts, khp, read, identityFile };
}
