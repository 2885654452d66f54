import type { Command } from 'commander';
import type { ExpectedBundle } from '../../runner/fleet/bundle-hosts.ts';
import { type PromoteResult, promote } from '../../runner/fleet/promote.ts';
import type { Settings } from '../1-load/settings.ts';
import { clusterFolder, clusterTrees } from '../5-publish/cluster-files.ts';
import { resolveCommit } from '../git/refs.ts';
import { compileCache } from './compile-cache.ts';
import { type CompiledFleet, compileFleet } from './compile-fleet.ts';
import { EXIT, print, progress, remark, UsageError } from './console.ts';
import { count } from './diff-text.ts';
import { fleetOfCommit } from './fleet-source.ts';
import { type Globals, globalsOf } from './globals.ts';
import { hasErrors, tellDiagnostics } from './print-diagnostics.ts';
import { renewHosts, withTime } from './promote-renew.ts';
import { restartHosts } from './promote-restart.ts';
import { publishedSource } from './published-source.ts';
import { selectHosts, signingFleet } from './signing.ts';
import type { GitWorkspace } from './source.ts';

/** The options of `khp promote`. */
export interface PromoteOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly key?: string;
  readonly restart?: boolean;
  readonly renew?: boolean;
  readonly dryRun?: boolean;
  readonly poll: string;
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
    .option('--restart', 'grant the restarts that hosts are in debt of, in waves; given again it goes on')
    .option('--dry-run', 'with --restart: print the waves, and do nothing')
    .option('--poll <seconds>', 'with --restart: how often to read the reports', '10')
    .option('--renew', 'sign what hosts have once more, with a later end')
    .action(async (selectors: string[], options: PromoteOptions, command: Command) => {
      checkOptions(selectors, options);
      const act = options.restart ? restartHosts : options.renew ? renewHosts : promoteHosts;
      process.exitCode = await act(selectors, options, globalsOf(command));
    });
}

function checkOptions(selectors: readonly string[], options: PromoteOptions): void {
  if ((selectors.length === 0) === !options.all)
    throw new UsageError('give a selector, or --all for every host');
  if (options.restart && options.renew) throw new UsageError('give --restart or --renew, not both');
  if (options.dryRun && !options.restart) throw new UsageError('--dry-run is an option of --restart');
  if (!/^[1-9]\d{0,3}$/.test(options.poll)) throw new UsageError('--poll takes whole seconds, 1 to 9999');
}

async function promoteHosts(
  selectors: readonly string[],
  options: PromoteOptions,
  globals: Globals,
): Promise<number> {
  const fleet = await signingFleet(options.key, globals);
  if (!fleet) return EXIT.problems;
  const { workspace, settings, config, who, key, trust } = fleet;
  const { bundles, source } = await publishedSource(config, workspace);
  const compiled = await compileFleet({
    source: await fleetOfCommit(workspace, source),
    cache: compileCache(workspace),
    result: 'ids',
    verb: 'compiled',
  });
  tellDiagnostics(compiled.diagnostics, compiled.files, globals.json);
  if (hasErrors(compiled.diagnostics)) return EXIT.problems;
  const branch = await branchRef(workspace, settings);
  const tip = await resolveCommit(workspace.repository, branch);
  if (tip !== undefined && tip !== source)
    remark(
      `khp: the bundles are of ${source.slice(0, 12)}, and ${settings.publish.branch} is at ${tip.slice(0, 12)}: only what was compiled is promoted`,
    );
  const hosts = (await selectHosts(selectors, config, bundles)).map(({ host }) => host);
  progress(`signing for ${count(hosts.length, 'host')}`);
  const { value, diagnostics } = await promote({
    config,
    workspace: workspace.repository,
    branch,
    bundles,
    expected: expectedHosts(compiled, hosts),
    hosts,
    key,
    trust,
    who,
    now: Math.floor(Date.now() / 1000),
    yes: options.yes === true,
  });
  progress('');
  tellDiagnostics(diagnostics, new Map(), globals.json);
  if (!value) return EXIT.problems;
  const { promoted, renewed, unchanged } = value;
  const json = { promoted: promoted.map(withTime), renewed: renewed.map(withTime), unchanged };
  print(globals.json ? JSON.stringify(json) : resultText(value));
  return EXIT.well;
}

/** What the bundles of some hosts must be. */
function expectedHosts({ clusters }: CompiledFleet, hosts: readonly string[]): Map<string, ExpectedBundle> {
  const wanted = new Set(hosts);
  const expected = new Map<string, ExpectedBundle>();
  for (const [name, { files }] of clusters) {
    if (!files) throw new Error(`the ids of the files of ${name} are missing`);
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

function resultText({ promoted, renewed, unchanged }: PromoteResult): string {
  const parts = [
    `${count(promoted.length, 'host')} promoted`,
    ...(renewed.length > 0 ? [`${renewed.length} renewed`] : []),
    ...(unchanged.length > 0 ? [`${unchanged.length} unchanged`] : []),
  ];
  return parts.join(', ');
}
