import type { Command } from 'commander';
import type { CompileCache } from '../5-publish/compile-cache.ts';
import { compile } from '../compile.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { printJson } from '../diagnostics/json.ts';
import { compileCache } from './compile-cache.ts';
import { compileFleet } from './compile-fleet.ts';
import { EXIT, print, progress, UsageError } from './console.ts';
import { count } from './diff-text.ts';
import { fleetOfFiles } from './fleet-source.ts';
import { globalsOf, workersOption } from './globals.ts';
import { diagnosticsText, hasErrors, strictly } from './print-diagnostics.ts';
import { parseSelectors } from './selector.ts';
import { gitWorkspace } from './source.ts';
import { type Source, workTreeSource } from './work-tree.ts';

/** `khp check`: every problem of the work tree, for every host; nothing is written. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description('find every problem of the workspace, as it lies in the work tree')
    .argument(
      '[selector...]',
      'type, type/cluster, type/cluster/host, or a glob of these; every host where not said',
    )
    .option('--strict', 'take warnings for errors')
    .option('--no-cache', 'check everything, whatever is known from before')
    .addOption(workersOption())
    .action(async (selectors: string[], options: CheckOptions, command: Command) => {
      const { folder, json } = globalsOf(command);
      const source = workTreeSource(folder);
      const checked =
        selectors.length > 0 ? checkSelected(source, selectors) : await checkAll(source, folder, options);
      const diagnostics = options.strict ? strictly(checked.diagnostics) : checked.diagnostics;
      // Where something is wrong, the missing hosts may be its consequence.
      if (checked.missed !== undefined && !hasErrors(diagnostics)) throw new UsageError(checked.missed);
      if (json) print(printJson(diagnostics));
      else if (diagnostics.length > 0) print(diagnosticsText(diagnostics, source.files));
      else
        print(`${count(checked.hosts, 'host')} of ${count(checked.clusters, 'cluster')}: no problem found`);
      process.exitCode = hasErrors(diagnostics) ? EXIT.problems : EXIT.well;
    });
}

interface CheckOptions {
  readonly strict?: boolean;
  readonly cache: boolean;
  readonly workers?: number;
}

interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  readonly hosts: number;
  readonly clusters: number;
  /** What to tell of selectors of no host. */
  readonly missed?: string;
}

async function checkAll(source: Source, folder: string, { cache, workers }: CheckOptions): Promise<Checked> {
  const { diagnostics, clusters } = await compileFleet({
    source: fleetOfFiles(source),
    cache: cache ? await cacheAround(folder) : undefined,
    workers,
    result: 'problems',
    verb: 'checked',
  });
  const bundles = [...clusters.values()].map((cluster) => cluster.bundles).filter((made) => made > 0);
  const hosts = bundles.reduce((sum, made) => sum + made, 0);
  return { diagnostics, hosts, clusters: bundles.length };
}

/** What is known from before; undefined where the workspace is in no repository, which may be. */
async function cacheAround(folder: string): Promise<CompileCache | undefined> {
  try {
    return compileCache(await gitWorkspace(folder));
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function checkSelected(source: Source, selectors: readonly string[]): Checked {
  const selection = parseSelectors(selectors);
  const { value, diagnostics } = compile(source, {
    matches: (host) => selection.matches(host),
    onProgress: (done, total) => progress(`checked ${done} of ${count(total, 'host')}`),
  });
  progress('');
  const hosts = value.inventory.clusters.flatMap((cluster) => cluster.hosts);
  const clusters = new Set(value.bundles.map(({ manifest: { type, cluster } }) => `${type}/${cluster}`));
  return {
    diagnostics,
    hosts: value.bundles.length,
    clusters: clusters.size,
    missed: selection.missed(hosts),
  };
}
