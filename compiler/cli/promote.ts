import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type ExpectedBundle, readBundleHosts } from '../../runner/fleet/bundle-hosts.ts';
import { type PromoteResult, promote } from '../../runner/fleet/promote.ts';
import type { Settings } from '../1-load/settings.ts';
import { clusterFolder, clusterTrees } from '../5-publish/cluster-files.ts';
import { BUNDLES_REF } from '../contract/names.ts';
import { parseAllowedSigners, type Trust } from '../git/allowed-signers.ts';
import type { RefStore } from '../git/ref-store.ts';
import { resolveCommit } from '../git/refs.ts';
import { parsePrivateKey, type SigningKey } from '../git/ssh-key.ts';
import { type CompiledFleet, compileFleet } from './compile-fleet.ts';
import { configStore, workTreeSettings } from './config-repository.ts';
import { EXIT, print, progress, remark, UsageError } from './console.ts';
import { count } from './diff-text.ts';
import { fleetOfCommit } from './fleet-source.ts';
import { type Globals, globalsOf } from './globals.ts';
import { notYet } from './not-yet.ts';
import { operator } from './operator.ts';
import { hasErrors, tellDiagnostics } from './print-diagnostics.ts';
import { compileCache } from './publish-head.ts';
import { publishedSource } from './published-source.ts';
import { parseSelectors } from './selector.ts';
import { type GitWorkspace, gitWorkspace } from './source.ts';

interface Options {
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly key?: string;
  readonly restart?: boolean;
  readonly renew?: boolean;
}

/** `khp promote`: signs the bundles of hosts and moves the hosts' refs. */
export function addPromote(program: Command): void {
  program
    .command('promote')
    .description('compile the published commit again, sign its bundles, and move the refs of hosts to them')
    .argument('[selector...]', 'type, type/cluster, type/cluster/host, or a glob of these')
    .option('--all', 'every host')
    .option('--yes', 'hosts of more than one cluster')
    .option(
      '--key <file>',
      'the private key to sign with: OpenSSH or PKCS#8, ed25519; KHP_SIGNING_KEY where not said',
    )
    .option('--restart', 'grant restarts, in waves (not yet)')
    .option('--renew', 'renew promotions that are not near their end (not yet)')
    .action(async (selectors: string[], options: Options, command: Command) => {
      if (options.restart) process.exitCode = notYet('promote --restart');
      else if (options.renew) process.exitCode = notYet('promote --renew');
      else process.exitCode = await promoteHosts(selectors, options, globalsOf(command));
    });
}

async function promoteHosts(
  selectors: readonly string[],
  options: Options,
  globals: Globals,
): Promise<number> {
  if ((selectors.length === 0) === !options.all)
    throw new UsageError('give a selector, or --all for every host');
  const key = readKey(options.key ?? process.env.KHP_SIGNING_KEY);
  const workspace = await gitWorkspace(globals.folder);
  const local = workTreeSettings(globals.folder, globals.json);
  if (!local) return EXIT.problems;
  const config = await configStore(workspace, local);
  const { bundles, source } = await publishedSource(config, workspace);
  const compiled = await compileFleet({
    source: await fleetOfCommit(workspace, source),
    cache: compileCache(workspace),
    result: 'ids',
    verb: 'compiled',
  });
  tellDiagnostics(compiled.diagnostics, compiled.files, globals.json);
  if (hasErrors(compiled.diagnostics)) return EXIT.problems;
  const hosts = await selectHosts(selectors, config, bundles);
  progress(`signing for ${count(hosts.length, 'host')}`);
  const { value, diagnostics } = await promote({
    config,
    workspace: workspace.repository,
    // The operator's own settings: a commit does not say itself where it must be, or who may sign.
    branch: await branchRef(workspace, local),
    bundles,
    expected: expectedHosts(compiled, hosts),
    hosts,
    key,
    trust: trustOf(local),
    who: await operator(workspace.repository),
    now: Math.floor(Date.now() / 1000),
    yes: options.yes === true,
  });
  progress('');
  tellDiagnostics(diagnostics, new Map(), globals.json);
  if (!value) return EXIT.problems;
  print(globals.json ? JSON.stringify(value) : resultText(value));
  return EXIT.well;
}

function readKey(file: string | undefined): SigningKey {
  if (file === undefined) throw new UsageError('give the key to sign with: --key FILE, or KHP_SIGNING_KEY');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  const outcome = parsePrivateKey(text);
  if (!outcome.ok) throw new UsageError(`${file}: ${outcome.problem}`);
  return outcome.key;
}

async function selectHosts(
  selectors: readonly string[],
  config: RefStore,
  bundles: string,
): Promise<string[]> {
  const selection = parseSelectors(selectors);
  const known = [...(await readBundleHosts(config.repository, bundles))].map(([host, at]) => ({
    ...at,
    host,
  }));
  const unmatched = selection.unmatched(known);
  if (unmatched.length > 0)
    throw new UsageError(`${unmatched.join(', ')}: selects no host of ${BUNDLES_REF}`);
  return known
    .filter((host) => selection.matches(host))
    .map(({ host }) => host)
    .sort();
}

/** What the bundles of some hosts must be. */
function expectedHosts({ clusters }: CompiledFleet, hosts: readonly string[]): Map<string, ExpectedBundle> {
  const wanted = new Set(hosts);
  const expected = new Map<string, ExpectedBundle>();
  for (const { files } of clusters.values()) {
    const own = files.hosts.filter(({ host }) => wanted.has(host));
    const trees = own.length > 0 ? clusterTrees(files) : new Map<string, string>();
    for (const { host, manifest } of own)
      expected.set(host, { manifest, tree: trees.get(`${clusterFolder(files)}/${host}`)! });
  }
  return expected;
}

/** The publish branch as the workspace's repository knows it, in full. */
async function branchRef({ repository }: GitWorkspace, { publish: { branch } }: Settings): Promise<string> {
  const local = `refs/heads/${branch}`;
  return (await resolveCommit(repository, local)) === undefined ? `refs/remotes/origin/${branch}` : local;
}

function trustOf({ publish }: Settings): Trust {
  const { signers, problems } = parseAllowedSigners(publish.keys.join('\n'));
  for (const { line, message } of problems) remark(`khp: publish.keys of khp.yml, key ${line}: ${message}`);
  return { signers, revoked: [] };
}

function resultText({ promoted, renewed, unchanged }: PromoteResult): string {
  const parts = [
    `${count(promoted.length, 'host')} promoted`,
    ...(renewed.length > 0 ? [`${renewed.length} renewed`] : []),
    ...(unchanged.length > 0 ? [`${unchanged.length} unchanged`] : []),
  ];
  return parts.join(', ');
}
