import { availableParallelism } from 'node:os';
import { scopeOfFile } from '../1-load/file-scope.ts';
import type { SourceFiles } from '../1-load/workspace.ts';
import type { CachedCluster, CachedFleet } from '../5-publish/compile-cache.ts';
import { prepare } from '../compile.ts';
import { compileClusters } from '../compile-clusters.ts';
import type { KnownHosts, ShareListener } from '../compile-share.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import type { CompiledFleet, FleetCluster, FleetRequest, Results } from './compile-fleet.ts';
import { type CompileKeys, hostKeys } from './compile-keys.ts';
import { compilerDigest } from './compiler-digest.ts';
import { estimateHosts } from './estimate-hosts.ts';
import { FleetProgress } from './fleet-progress.ts';

/** The clusters of a fleet whose result is not known. */
export interface Missed {
  readonly request: FleetRequest;
  readonly keys: CompileKeys;
  /** What is known of the fleet from before. */
  readonly known: CachedFleet | undefined;
  /** With what is known of their trees. */
  readonly missed: ReadonlyMap<string, CachedCluster | undefined>;
}

/** Compiles clusters, and finds what is wrong with the fleet as a whole. */
export async function compileMissed(
  work: Missed,
): Promise<{ fleet: CompiledFleet['fleet']; clusters: Map<string, FleetCluster> }> {
  const { keys, known, missed } = work;
  const sound = known?.key === keys.fleet ? known : undefined;
  const { clusters, early, needsAll } = await compileAll(work, await filesOf(work, sound !== undefined));
  // Of a subset of the clusters, not all problems of shared files are found; and whether secrets are encrypted for all
  // that are to read them, or variables read by none, shows with all clusters at hand only.
  const isWhole = missed.size === keys.clusters.size;
  const found = (isWhole || sound) && !needsAll ? early : prepare(await everything(work)).diagnostics;
  const byScope = Map.groupBy(found, scopeOf);
  for (const [name, cluster] of clusters) {
    const diagnostics = [...(byScope.get(name) ?? []), ...cluster.diagnostics];
    clusters.set(name, { ...cluster, diagnostics });
  }
  // A cluster that is too broken to be compiled has problems all the same.
  const alone = [...byScope].flatMap(([name, own]) =>
    clusters.has(name) || isReused(name, work) ? [] : own,
  );
  const isOfMissed = (diagnostic: Diagnostic) => missed.has(scopeOf(diagnostic));
  const diagnostics =
    sound && !needsAll
      ? [...sound.diagnostics.filter((one) => !isOfMissed(one)), ...alone.filter(isOfMissed)]
      : once(alone);
  return { fleet: { key: keys.fleet, all: keys.all, needsAll, diagnostics }, clusters };
}

async function everything({ request: { source } }: Missed) {
  return { files: await source.read(source.ids.keys()), diagnostics: source.diagnostics };
}

/** The files that the clusters are compiled from. */
function filesOf({ request: { source }, keys, missed }: Missed, isSound: boolean): Promise<SourceFiles> {
  const own = [...missed.keys()].flatMap((name) => keys.filesOf.get(name)!);
  // The files of nobody are told of as well.
  const isWhole = !isSound && missed.size === keys.clusters.size;
  return source.read(isWhole ? source.ids.keys() : [...keys.shared, ...own]);
}

interface Compiled {
  readonly clusters: Map<string, FleetCluster>;
  /** What was found before any cluster was rendered. */
  readonly early: readonly Diagnostic[];
  readonly needsAll: boolean;
}

async function compileAll({ request, keys, missed }: Missed, files: SourceFiles): Promise<Compiled> {
  const { source, cache } = request;
  const keysOf = (cluster: string, release: string) => hostKeys(keys, source.ids, { cluster, release });
  const known = new Map(
    [...missed].flatMap(([name, before]) => {
      const hosts = cache && before && knownHosts(before, keysOf(name, before.release));
      return hosts ? [[name, hosts]] : [];
    }),
  );
  const weights = [...missed.keys()].map((name) => {
    const own = keys.filesOf.get(name)!;
    return [
      name,
      { files: own, hosts: known.get(name)?.changed.length ?? estimateHosts(own, files) },
    ] as const;
  });
  const workers = request.workers ?? usefulWorkers(weights.map(([, { hosts }]) => hosts));
  const progress = new FleetProgress(request.verb, Math.min(workers, missed.size));
  const clusters = new Map<string, FleetCluster>();
  const early: Diagnostic[] = [];
  let needsAll = false;
  const listener: ShareListener = {
    onPrepared: (prepared) => {
      for (const diagnostic of prepared.diagnostics) early.push(diagnostic);
      needsAll ||= prepared.needsAll;
      progress.prepared(prepared.hosts);
    },
    onHosts: (count) => progress.hosts(count),
    onCluster: async ({ files: made, blobs, memo, asked, ...cluster }) => {
      const name = `${made.type}/${made.cluster}`;
      const { hosts: members, pathOf } = made;
      const before = missed.get(name);
      const stored = before && { tree: before.tree, files: before.files };
      clusters.set(name, {
        ...cluster,
        members,
        count: pathOf.length,
        files: made,
        hosts:
          asked && cluster.diagnostics.length === 0 ? { ...keysOf(name, cluster.release), asked } : undefined,
        before: stored,
        reused: false,
      });
      progress.files(pathOf.length);
      if (memo) cache?.writeMemo(name, memo);
      await request.onMade?.({ files: made, before: stored, blobs, isOneOfMany: missed.size > 1 });
    },
  };
  const work = {
    files,
    diagnostics: source.diagnostics,
    clusters: new Map(weights),
    workers,
    result: request.result,
    reuse: cache && { version: compilerDigest(), memos: memosOf(cache, missed.keys()) },
    stored: new Map([...missed].flatMap(([name, before]) => (before ? [[name, before.files.ids]] : []))),
    known,
  };
  await compileClusters(work, listener);
  progress.end();
  return { clusters, early, needsAll };
}

/** The most of a cluster's hosts that are compiled alone: what is rendered of them is not remembered for other hosts. */
const MAX_SHARE = 0.1;

/** What holds still of a cluster, where only own files of a few hosts changed. */
function knownHosts(
  { files, hosts }: CachedCluster,
  now: { readonly base: string; readonly keys: Readonly<Record<string, string>> },
): KnownHosts | undefined {
  if (hosts?.base !== now.base) return undefined;
  const named = new Set([...Object.keys(hosts.keys), ...Object.keys(now.keys)]);
  const changed = [...named].filter((name) => hosts.keys[name] !== now.keys[name]);
  const all = new Set(files.hosts.map(({ host }) => host));
  // A file may be of a host of another name, or of none.
  const isFew = changed.length <= Math.max(1, all.size * MAX_SHARE);
  return isFew && changed.every((name) => all.has(name)) ? { changed, files, asked: hosts.asked } : undefined;
}

function memosOf(cache: Results, names: Iterable<string>): Map<string, Uint8Array> {
  return new Map(
    [...names].flatMap((name) => {
      const memo = cache.memo(name);
      return memo ? [[name, memo] as const] : [];
    }),
  );
}

function isReused(cluster: string, { keys, missed }: Missed): boolean {
  return keys.clusters.has(cluster) && !missed.has(cluster);
}

/** Threads tell the problems of shared files each. */
function once(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

/** The cluster whose file a problem is in; empty for the others. */
function scopeOf({ place }: Diagnostic): string {
  const scope = place ? scopeOfFile(place.file) : undefined;
  return scope?.of === 'cluster' ? scope.cluster : '';
}

/** A thread costs half a second with what it loads once more: what this many hosts take. */
const HOSTS_OF_THREAD = 200;

function usefulWorkers(hosts: readonly number[]): number {
  const all = hosts.reduce((sum, one) => sum + one, 0);
  return Math.max(1, Math.min(availableParallelism(), 8, Math.floor(all / HOSTS_OF_THREAD)));
}
