import type { SourceFiles } from '../1-load/workspace.ts';
import type { Bundle } from '../4-seal/bundle.ts';
import { type Change, compareBundles } from '../4-seal/change.ts';
import { compile } from '../compile.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { type CompiledFleet, compileFleet, type Results } from './compile-fleet.ts';
import { clusterKey } from './compile-keys.ts';
import { progress } from './console.ts';
import type { FleetSource } from './fleet-source.ts';
import { hasErrors } from './print-diagnostics.ts';

/** A state of a workspace, as a person calls it. */
export interface Side {
  readonly name: string;
  readonly source: FleetSource;
}

/** A state that does not compile. */
export interface BrokenSide {
  readonly name: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Those that the problems are in. */
  readonly files: SourceFiles;
}

export interface Comparison {
  readonly old: Side;
  readonly young: Side;
  /** What is known from before. */
  readonly cache: Results | undefined;
  readonly workers: number | undefined;
}

/** What changes from one state of a workspace to another; nothing, where one of them does not compile. */
export async function compareFleets({ old, young, cache, workers }: Comparison): Promise<{
  changes: readonly Change[];
  broken: readonly BrokenSide[];
}> {
  const options = { workers, result: 'ids' } as const;
  const before = await compileFleet({ ...options, source: old.source, cache, verb: `${old.name}:` });
  // What the first has compiled, the second need not.
  const known = resultsOf(before, cache);
  const after = await compileFleet({
    ...options,
    source: young.source,
    cache: cache && known,
    verb: `${young.name}:`,
  });
  const sides = [
    { name: old.name, ...before },
    { name: young.name, ...after },
  ];
  const broken = sides.filter(({ diagnostics }) => hasErrors(diagnostics));
  if (broken.length > 0) return { changes: [], broken };
  const differs = (name: string) => !isSame(before, after, name);
  const bundles = await Promise.all([bundlesOf(old, before, differs), bundlesOf(young, after, differs)]);
  return { changes: compareBundles(...bundles), broken };
}

/** What was compiled, and what was known before. */
function resultsOf({ keys, fleet, clusters }: CompiledFleet, cache: Results | undefined): Results {
  const known = new Map(
    [...clusters].map(([name, { members, count, release, diagnostics }]) => {
      const key = clusterKey(keys, name, release);
      return [name, { key, tree: '', release, diagnostics, members, count }] as const;
    }),
  );
  return {
    fleet: () => ({ ...fleet, clusters: known }),
    memo: (name) => cache?.memo(name),
    writeMemo: () => {},
    cluster: (name) => {
      const [cluster, rest] = [clusters.get(name), known.get(name)];
      const { files, hosts } = cluster ?? {};
      return files && rest ? { ...rest, files, hosts } : cache?.cluster(name);
    },
  };
}

/** Whether the bundles of a cluster are the same in both: all ids are. */
function isSame(before: CompiledFleet, after: CompiledFleet, name: string): boolean {
  const [old, young] = [before, after].map(({ clusters }) => clusters.get(name)?.files);
  return (
    old !== undefined &&
    young !== undefined &&
    Buffer.compare(old.ids, young.ids) === 0 &&
    JSON.stringify([old.hosts, old.paths, [...old.pathOf]]) ===
      JSON.stringify([young.hosts, young.paths, [...young.pathOf]])
  );
}

/** The bundles of the clusters that differ. */
async function bundlesOf(
  { name, source }: Side,
  { keys }: CompiledFleet,
  differs: (cluster: string) => boolean,
): Promise<readonly Bundle[]> {
  const wanted = [...keys.filesOf].filter(([cluster]) => differs(cluster));
  if (wanted.length === 0) return [];
  const files = await source.read([...keys.shared, ...wanted.flatMap(([, own]) => own)]);
  const onProgress = (done: number, total: number) =>
    progress(`${name}: ${done} of ${total} hosts to compare`);
  const { value } = compile({ files, diagnostics: source.diagnostics }, { onProgress });
  progress('');
  return value.bundles;
}
