import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey, publicKeyLine } from '../../compiler/git/ssh-key.ts';
import { git, khp, ROOT } from './programs.ts';

/** A host of the sample workspace. */
export interface SampleHost {
  readonly type: string;
  readonly cluster: string;
  readonly host: string;
}

/** The scratch area of a run. */
export interface StartArea {
  /** A repository with the sample workspace, on branch main. */
  readonly workspace: string;
  /** The bare config repository. */
  readonly config: string;
  /** The file of the operator's private key. */
  readonly key: string;
  readonly hosts: readonly SampleHost[];
  readonly clusters: number;
  /** The sandbox root of a host. */
  readonly rootOf: (host: string) => string;
}

const SIGNER = 'operator@khp.invalid';

/**
 * Makes the scratch area: a workspace of its own, the repositories for config and reports, a signing key, and the trust
 * in it on each host, as a bootstrap would write it.
 */
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
  const { stdout } = await khp(workspace, 'inventory', '--list', '--json');
  const hosts = hostsOf(stdout);
  const paths = allowedPaths(join(workspace, 'khp.yml'));
  const rootOf = (host: string) => join(folder, 'hosts', host);
  for (const { host } of hosts) bootstrap({ root: rootOf(host), host, config, reports, signer, paths });
  return {
    workspace,
    config,
    key,
    hosts,
    clusters: new Set(hosts.map(({ type, cluster }) => `${type}/${cluster}`)).size,
    rootOf,
  };
}

/** The hosts of `khp inventory --list`: its variables say where each belongs. */
function hostsOf(json: string): SampleHost[] {
  const { _meta } = JSON.parse(json) as {
    _meta: { hostvars: Record<string, { cluster: string; cluster_type: string }> };
  };
  return Object.entries(_meta.hostvars).map(([host, vars]) => ({
    host,
    cluster: vars.cluster,
    type: vars.cluster_type,
  }));
}

function allowedPaths(settings: string): string[] {
  const section = /^paths:\n((?: +- .*\n)+)/m.exec(readFileSync(settings, 'utf8'));
  return (section?.[1] ?? '').split('\n').flatMap((line) => / - (\/\S+)/.exec(line)?.[1] ?? []);
}

interface Bootstrap {
  readonly root: string;
  readonly host: string;
  readonly config: string;
  readonly reports: string;
  readonly signer: string;
  readonly paths: readonly string[];
}

/** Writes what a host trusts, `/etc/khp/`, into its sandbox root. */
function bootstrap({ root, host, config, reports, signer, paths }: Bootstrap): void {
  const etc = join(root, 'etc', 'khp');
  mkdirSync(etc, { recursive: true });
  const settings = {
    host,
    repository: config,
    reports,
    paths,
    users: ['hdfs', 'yarn', 'mapred', 'zookeeper', 'hbase', 'hive', 'spark'],
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  writeFileSync(join(etc, 'runner.yml'), lines.join(''));
  writeFileSync(join(etc, 'allowed_signers'), `${signer}\n`);
}
