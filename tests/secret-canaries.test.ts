import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { beforeAll, describe, expect, test } from 'vitest';
import { encryptSecret } from '../compiler/age/age.ts';
import { parseRecipient } from '../compiler/age/recipients.ts';
import { generateKey, publicKeyLine } from '../compiler/git/ssh-key.ts';
import {
  CANARY,
  canaries,
  FORMATS,
  FORMS,
  HOSTS,
  type Host,
  holdsCanary,
  SCOPES,
  templateOf,
  VAULT,
  vaultOf,
} from './canaries.ts';
import { ROOT, temporaryFolderOfFile } from './temporary-workspace.ts';

/**
 * 200 secrets go from the workspace to the hosts, and everything that is made on the way is searched for them. What is
 * written lies below one folder, temporary files too.
 */
const area = temporaryFolderOfFile();
const workspace = join(area, 'workspace');
const config = join(area, 'config.git');
const reports = join(area, 'reports.git');
const site = join(area, 'site');
const printed: string[] = [];

const rootOf = (host: Host) => join(area, 'hosts', host);
const env = {
  TMPDIR: join(area, 'tmp'),
  XDG_RUNTIME_DIR: join(area, 'run'),
  KHP_IDENTITY: join(area, 'operator'),
  // The code alone, which is the same for every run: half of the time of a short command.
  NODE_COMPILE_CACHE: join(ROOT, '.khp', 'compile-cache'),
};

/** Runs a program; what it prints is searched as well. */
function run(args: readonly string[], { input = '', status = 0, more = {} } = {}): string {
  const settings = {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@khp.invalid',
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@khp.invalid',
  };
  const options = {
    input,
    encoding: 'latin1',
    env: { ...process.env, ...settings, ...env, ...more },
  } as const;
  const done = spawnSync(args[0]!, args.slice(1), { ...options, maxBuffer: 1 << 30 });
  printed.push(done.stdout, done.stderr);
  expect({ args, status: done.status, stderr: status === 0 ? done.stderr : '' }).toEqual({
    args,
    status,
    stderr: '',
  });
  return done.stdout;
}

const khp = (args: readonly string[], options: Parameters<typeof run>[1] = {}) =>
  run([process.execPath, join(ROOT, 'compiler/cli/khp.js'), '-C', workspace, ...args], options);
const git = (...args: string[]) => run(['git', '-C', workspace, ...args]);
const runner = (command: string, host: Host, status = 0) =>
  run(
    [process.execPath, join(ROOT, 'runner/host/khp-runner.ts'), command, '--json', '--root', rootOf(host)],
    { status },
  );

function put(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
}

function publish(message: string): void {
  git('add', '--all');
  git('commit', '--quiet', '-m', message);
  khp(['compile']);
  khp(['promote', '--all', '--yes', '--key', join(area, 'signer')]);
}

beforeAll(async () => {
  for (const folder of ['tmp', 'run']) mkdirSync(join(area, folder));
  const signer = `ops@khp.invalid namespaces="git" ${publicKeyLine(await generateKey(join(area, 'signer'), 'ops'))}`;
  const operator = await generateIdentity();
  put(join(area, 'operator'), `${operator}\n`, 0o600);
  const operatorKey = await identityToRecipient(operator);
  const recipients = new Map<Host, string>();
  for (const host of HOSTS) {
    // Half of the hosts have keys of age, half of SSH.
    const etc = join(rootOf(host), 'etc/khp');
    mkdirSync(etc, { recursive: true });
    if (host.endsWith('1')) {
      const identity = await generateIdentity();
      put(join(etc, 'identity'), `${identity}\n`, 0o600);
      recipients.set(host, await identityToRecipient(identity));
    } else recipients.set(host, publicKeyLine(await generateKey(join(etc, 'identity'), host)));
    put(join(etc, 'vault'), `${VAULT.prod}\n`, 0o600);
    put(join(etc, 'allowed_signers'), `${signer}\n`);
    const own = { identities: ['/etc/khp/identity'], vault_password_files: { prod: '/etc/khp/vault' } };
    put(
      join(etc, 'runner.yml'),
      JSON.stringify({ host, repository: config, reports, paths: ['/etc'], ...own }),
    );
  }
  for (const repository of [config, reports]) run(['git', 'init', '--quiet', '--bare', repository]);
  const settings = {
    publish: { url: config, branch: 'main', keys: [signer] },
    reports: { url: reports },
    secrets: { operators: [operatorKey] },
  };
  const files: Record<string, string> = {
    'khp.yml': JSON.stringify(settings),
    'inventories/t/a.ini': '[front]\na1\na2\n[first]\na1\n',
    'inventories/t/b.ini': '[front]\nb1\n',
    'inventories/u/c.ini': '[front]\nc1\n',
    'releases/r1.yml': 'release: r1\ncomponents:\n  web: { version: "1.0" }\n',
  };
  for (const [cluster, hosts] of [
    ['t/a', ['a1', 'a2']],
    ['t/b', ['b1']],
    ['u/c', ['c1']],
  ] as const) {
    files[`inventories/${cluster}.recipients`] = hosts
      .map((host) => `${host} ${recipients.get(host)}\n`)
      .join('');
  }
  for (const [file, hosts] of SCOPES) {
    const readers = [operatorKey, ...hosts.map((host) => recipients.get(host)!)].map(
      (key) => parseRecipient(key)!,
    );
    let text = /\/[abc]\.yml$/.test(file) ? 'release: r1\n' : '';
    for (const { name, kind, clear } of canaries.filter((canary) => canary.file === file)) {
      const sealed = kind === 'age' ? await encryptSecret(clear, readers) : vaultOf(clear);
      const tag = kind === 'age' ? '!secret' : '!vault';
      text += `${name}: ${tag} |\n${sealed.replace(/^(?=.)/gm, '  ')}`;
    }
    files[file] = text;
  }
  const entries = FORMATS.map(
    (format) =>
      `  - { template: ${format}.j2, path: /etc/web/${format}, mode: "0640", format: ${format}, restart: [] }\n`,
  );
  files['templates/web/component.yml'] = `component: web\nroles:\n  front: {}\nfiles:\n${entries.join('')}`;
  for (const format of FORMATS) files[`templates/web/${format}.j2`] = templateOf(format);
  for (const [path, text] of Object.entries(files)) put(join(workspace, path), text);
  run(['git', 'init', '--quiet', '-b', 'main', workspace]);
}, 120_000);

/** Every regular file of the area; of repositories, each object too. */
function places(): { files: string[]; repositories: string[] } {
  const names = readdirSync(area, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => lstatSync(join(area, name)).isFile());
  const repositories = files.filter((name) => name.endsWith('/HEAD')).map((name) => dirname(name));
  return { files, repositories: repositories.filter((name) => existsSync(join(area, name, 'objects'))) };
}

function search(): string[] {
  const { files, repositories } = places();
  const found = files.filter((name) => holdsCanary(readFileSync(join(area, name))));
  for (const repository of repositories) {
    const args = ['-C', join(area, repository), 'cat-file', '--batch-all-objects', '--batch'];
    const { stdout, status } = spawnSync('git', args, { maxBuffer: 1 << 30 });
    expect(status).toBe(0);
    expect(stdout.length).toBeGreaterThan(0);
    if (holdsCanary(stdout)) found.push(`objects of ${repository}`);
  }
  if (holdsCanary(Buffer.from(printed.join('\n'), 'latin1'))) found.push('what was printed');
  return found.sort();
}

const WRITTEN = HOSTS.flatMap((host) => FORMATS.map((format) => `hosts/${host}/etc/web/${format}`)).sort();

/** Which canaries each host holds, read from its files by their own first words. */
function held(host: Host): string[] {
  const text = FORMATS.map((format) => readFileSync(join(rootOf(host), 'etc/web', format), 'utf8')).join(
    '\n',
  );
  return canaries.filter(({ clear }) => text.includes(clear.slice(0, 20))).map(({ name }) => name);
}

const expected = (host: Host) => canaries.filter(({ hosts }) => hosts.includes(host)).map(({ name }) => name);

describe('200 secrets', { timeout: 600_000 }, () => {
  test('the search finds a canary in each of its forms', () => {
    expect(FORMS).toHaveLength(8);
    for (const skip of [0, 1, 2]) {
      const text = Buffer.concat([Buffer.alloc(skip, 120), Buffer.from(`${CANARY}abc`)]).toString('base64');
      expect(holdsCanary(Buffer.from(text))).toBe(true);
    }
    expect(holdsCanary(Buffer.from('kqCANAR'))).toBe(false);
  });

  test('come to the hosts that must have them', () => {
    publish('begin');
    for (const host of HOSTS) {
      if (host === 'a1') runner('plan', host);
      runner('apply', host);
      if (host === 'a1') runner('status', host);
      expect(held(host)).toEqual(expected(host));
    }
    expect(search()).toEqual(WRITTEN);
    const json = JSON.parse(readFileSync(join(rootOf('a1'), 'etc/web/json'), 'utf8'));
    for (const { name, clear, hosts, format } of canaries) {
      if (format === 'json' && hosts.includes('a1')) expect(json[name]).toBe(clear);
    }
  });

  test('are edited, set and rotated, and stay as they are where a host cannot open them', () => {
    const edited = canaries.find(({ kind, format }) => kind === 'age' && format === 'text')!;
    const before = edited.clear.slice(0, 14);
    edited.clear = `${CANARY}edited${edited.clear.slice(14)}`;
    const editor = { EDITOR: `sed -i s/${before}/${CANARY}edited/`, VISUAL: '' };
    khp(['secret', 'edit', edited.file, edited.name], { more: editor });
    const set = canaries.find(({ kind, format }) => kind === 'vault' && format === 'text')!;
    set.clear = `${CANARY}set-anew-by-hand`;
    khp(['secret', 'set', set.file, set.name], { input: `${set.clear}\n` });
    khp(['secret', 'rotate', '--all', 'inventories/t/a.yml']);
    khp(['secret', 'recipients', 'inventories/t/a.yml']);
    khp(['diff', 'HEAD']);
    publish('rotate');
    const identity = join(rootOf('b1'), 'etc/khp/identity');
    const kept = readFileSync(identity, 'utf8');
    rmSync(identity);
    expect(JSON.parse(runner('apply', 'b1', 1))).toMatchObject({
      result: 'failed',
      problem: { code: 'apply/secret-not-opened' },
      written: [],
    });
    put(identity, kept, 0o600);
    for (const host of HOSTS) {
      const { written } = JSON.parse(runner('apply', host)) as { written: string[] };
      expect(written).toEqual(['/etc/web/text']);
      expect(held(host)).toEqual(expected(host));
    }
    expect(search()).toEqual(WRITTEN);
  });

  test('are in no report, log, object, page or temporary folder', () => {
    khp(['collect']);
    khp(['site', '--out', site]);
    khp(['check']);
    for (const args of [
      ['inventory', '--list'],
      ['inventory', '--host', 'a1'],
      ['explain', 'a1', 'secret_3'],
    ])
      khp(args);
    expect(existsSync(join(site, 'index.html'))).toBe(true);
    const { repositories } = places();
    expect(repositories.length).toBeGreaterThanOrEqual(3 + HOSTS.length);
    expect(search()).toEqual(WRITTEN);
    expect(readdirSync(join(area, 'run'))).toEqual([]);
  });
});
