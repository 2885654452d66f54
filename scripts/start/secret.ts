import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { git, khp, khpWithInput, run } from './programs.ts';

const VARIABLE = 'hive_db_password';
const GROUP = 'hive_metastore';
const FILE = '/etc/hive/conf/hivemetastore-site.xml';

/** A password that was set, and the host that is to have it. */
export interface StartSecret {
  readonly password: string;
  readonly host: string;
  /** The file of variables with it. */
  readonly file: string;
}

interface Place {
  readonly workspace: string;
  /** `type/name` */
  readonly cluster: string;
  /** The sandbox root of a host. */
  readonly rootOf: (host: string) => string;
}

/** Makes keys for an operator and the hosts of a cluster, sets the password of its Hive database, and commits. */
export async function setSecret({ workspace, cluster, rootOf }: Place): Promise<StartSecret> {
  const inventory = join(workspace, `inventories/${cluster}.ini`);
  const { stdout } = await khp(workspace, 'inventory', '-i', inventory, '--list');
  const groups = JSON.parse(stdout) as Record<string, { readonly hosts?: readonly string[] }>;
  const members = new Set(Object.values(groups).flatMap(({ hosts = [] }) => hosts));
  const host = groups[GROUP]!.hosts![0]!;
  const operator = await newKey(join(dirname(workspace), 'operator.identity'));
  appendFileSync(join(workspace, 'khp.yml'), `\nsecrets: { operators: [${operator}] }\n`);
  const recipients: string[] = [];
  for (const member of members)
    recipients.push(`${member} ${await newKey(join(rootOf(member), 'etc/khp/identity'))}\n`);
  writeFileSync(join(workspace, `inventories/${cluster}.recipients`), recipients.join(''));
  const file = `inventories/${cluster}/${GROUP}.yml`;
  writeFileSync(join(workspace, file), '# The database of the metastore.\n');
  const password = randomBytes(15).toString('base64url');
  await khpWithInput(password, workspace, 'secret', 'set', file, VARIABLE);
  await git(workspace, 'add', '--all');
  await git(workspace, 'commit', '--quiet', '-m', `inventories: set ${VARIABLE}`);
  return { password, host, file };
}

/** Makes an age identity in a file that its owner alone may read. @returns its recipient */
async function newKey(path: string): Promise<string> {
  const identity = await generateIdentity();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${identity}\n`, { mode: 0o600 });
  return identityToRecipient(identity);
}

/** Looks for the password where it must be, and in every ref of the repositories, where it must not be. */
export async function findSecret(
  { password, host }: StartSecret,
  { root, repositories }: { readonly root: string; readonly repositories: readonly string[] },
): Promise<string> {
  const file = join(root, FILE);
  if (!readFileSync(file, 'utf8').includes(`<value>${password}</value>`))
    throw new Error(`${file} does not hold the password`);
  let searched = 0;
  for (const repository of repositories) {
    const { stdout } = await git(repository, 'for-each-ref', '--format=%(refname)');
    const refs = stdout.split('\n').filter((ref) => ref !== '');
    const { status, stdout: found } = await run('git', ['-C', repository, 'grep', '-F', password, ...refs]);
    if (status !== 1) throw new Error(`git grep finds the password in ${repository}: ${found}`);
    searched += refs.length;
  }
  const mode = (statSync(file).mode & 0o777).toString(8).padStart(4, '0');
  return `${host}:${FILE} has it, mode ${mode}; git grep finds it in none of ${searched} refs`;
}
