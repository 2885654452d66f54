import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey, publicKeyLine } from '../../compiler/git/ssh-key.ts';
import { git, ROOT } from './programs.ts';

/** The scratch area of a run. */
export interface StartArea {
  /** A repository with the sample workspace, on branch main. */
  readonly workspace: string;
  /** The bare config repository. */
  readonly config: string;
  /** The file of the operator's private key. */
  readonly key: string;
  /** The bare repository that hosts report to. */
  readonly reports: string;
  /** Lines of allowed_signers. */
  readonly signer: string;
}

const SIGNER = 'operator@khp.invalid';

/** Makes the scratch area: a workspace of its own, the repositories for config and reports, and a signing key. */
export async function createArea(folder: string): Promise<StartArea> {
  const workspace = join(folder, 'workspace');
  const config = join(folder, 'config.git');
  const reports = join(folder, 'reports.git');
  const key = join(folder, 'operator.key');
  const publicKey = publicKeyLine(await generateKey(key, SIGNER));
  const signer = `${SIGNER} namespaces="git" ${publicKey}`;
  for (const repository of [config, reports])
    await git(folder, 'init', '--quiet', '--bare', '-b', 'main', repository);
  mkdirSync(workspace);
  for (const part of ['khp.yml', 'inventories', 'releases', 'templates']) {
    if (existsSync(join(ROOT, part))) cpSync(join(ROOT, part), join(workspace, part), { recursive: true });
  }
  const publish = { publish: { url: config, branch: 'main', keys: [signer] }, reports: { url: reports } };
  for (const [name, value] of Object.entries(publish)) {
    appendFileSync(join(workspace, 'khp.yml'), `\n${name}: ${JSON.stringify(value)}\n`);
  }
  await git(workspace, 'init', '--quiet', '-b', 'main');
  await git(workspace, 'add', '--all');
  await git(workspace, 'commit', '--quiet', '-m', 'workspace: begin with the sample');
  return { workspace, config, reports, key, signer };
}

function allowedPaths(settings: string): string[] {
  const section = /^paths:\n((?: +- .*\n)+)/m.exec(readFileSync(settings, 'utf8'));
  return (section?.[1] ?? '').split('\n').flatMap((line) => / - (\/\S+)/.exec(line)?.[1] ?? []);
}

/** Writes what a host trusts, `/etc/khp/`, into a sandbox root, as its bootstrap would. */
export function bootstrap(
  host: string,
  root: string,
  { workspace, config, reports, signer }: StartArea,
): void {
  const etc = join(root, 'etc', 'khp');
  mkdirSync(etc, { recursive: true });
  const paths = allowedPaths(join(workspace, 'khp.yml'));
  const users = ['hdfs', 'yarn', 'mapred', 'zookeeper', 'hbase', 'hive', 'spark'];
  const lines = Object.entries({ host, repository: config, reports, paths, users }).map(
    ([name, value]) => `${name}: ${JSON.stringify(value)}\n`,
  );
  writeFileSync(join(etc, 'runner.yml'), lines.join(''));
  writeFileSync(join(etc, 'allowed_signers'), `${signer}\n`);
}
