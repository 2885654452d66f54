import { availableParallelism } from 'node:os';
import { scopeOfFile } from '../1-load/file-scope.ts';
import type { SourceFiles } from '../1-load/workspace.ts';
import { type BlobStream, blobsOf, type ClusterFiles } from '../5-publish/cluster-files.ts';
import type { CachedCluster, CachedFleet, CompileCache } from '../5-publish/compile-cache.ts';
import { compile, prepare } from '../compile.ts';
import { compileClusters } from '../compile-clusters.ts';
import type { Renders, Share } from '../compile-share.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { sortDiagnostics } from '../diagnostics/sort.ts';
import { type CompileKeys, compileKeys } from './compile-keys.ts';
import { compilerDigest } from './compiler-digest.ts';
import { estimateHosts } from './estimate-hosts.ts';
import { FleetProgress } from './fleet-progress.ts';
import type { FleetSource } from './fleet-source.ts';

/** What is known from before. */
export type Results = Pick<CompileCache, 'fleet' | 'cluster' | 'memo' | 'writeMemo'>;

export interface FleetRequest {
  readonly source: FleetSource;
  /** Results of before; everything is compiled where not given. */
  readonly cache?: Results | undefined;
  /**
   * By `type/cluster`, the ids of the trees that a repository has: then a result of before counts only where its tree is
   * the one there. Where not said, it counts wherever what it depends on is the same.
   */
  readonly stored?: ReadonlyMap<string, string>;
  /** How many threads to use; as many as pay where not said. */
  readonly workers?: number | undefined;
  /** What is wanted: problems alone, the ids of files too, or the blobs that `stored` does not have as well. */
  readonly result: Share['result'];
  readonly onBlobs?: (blobs: BlobStream) => Promise<void>;
  /** Begins what progress says. */
  readonly verb: string;
}

/** A cluster of the fleet, as it is now. */
export interface FleetCluster {
  readonly files: ClusterFiles;
  /** All of its hosts, those with an error among them. */
  readonly names: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly renders: Renders;
  /** How many of them have a bundle. */
  readonly bundles: number;
  /** What was known of it before, where its tree is the one that is stored (see FleetRequest). */
  readonly before: CachedCluster | undefined;
  /** Whether it was taken from before as it is. */
  readonly reused: boolean;
}

export interface CompiledFleet {
  readonly keys: CompileKeys;
  readonly fleet: CachedFleet;
  readonly clusters: ReadonlyMap<string, FleetCluster>;
  /** All problems, sorted, each once. */
  readonly diagnostics: readonly Diagnostic[];
  /** The files that the problems are in. */
  readonly files: SourceFiles;
}

/**
 * Compiles a fleet, cluster by cluster, but for those whose result is known: nothing that they depend on has changed.
 * The same as compile() gives, without the bundles.
 */
export async function compileFleet(request: FleetRequest): Promise<CompiledFleet> {
  const { source, cache } = request;
  const keys = compileKeys(source.ids, compilerDigest());
  const known = cache?.fleet();
  const fleet = known?.key === keys.fleet && source.diagnostics.length === 0 ? known : undefined;
  const clusters = new Map<string, FleetCluster>();
  const missed = new Map<string, CachedCluster | undefined>();
  for (const [name, key] of keys.clusters) {
    const entry = cache?.cluster(name);
    const before = entry && (!request.stored || request.stored.get(name) === entry.tree) ? entry : undefined;
    if (fleet && before?.key === key) {
      const { files, diagnostics } = before;
      clusters.set(name, {
        files,
        names: files.hosts.map(({ host }) => host),
        bundles: files.hosts.length,
        renders: { done: 0, reused: 0 },
        diagnostics,
        before,
        reused: true,
      });
    } else missed.set(name, before);
  }
  if (fleet && missed.size === 0 && (!fleet.sharedSecrets || fleet.all === keys.all))
    return finished({ request, keys, fleet, clusters });
  const rest = await compileMissed({ request, keys, fleet, missed });
  for (const [name, cluster] of rest.clusters) clusters.set(name, cluster);
  return finished({ request, keys, fleet: rest.fleet, clusters });
}

interface Missed {
  readonly request: FleetRequest;
  readonly keys: CompileKeys;
  readonly fleet: CachedFleet | undefined;
  readonly missed: ReadonlyMap<string, CachedCluster | undefined>;
}

async function compileMissed({ request, keys, fleet, missed }: Missed): Promise<{
  fleet: CachedFleet;
  clusters: Map<string, FleetCluster>;
}> {
  const { source, cache, onBlobs } = request;
  const own = [...missed.keys()].flatMap((name) => keys.filesOf.get(name)!);
  const files = await source.read(fleet ? [...keys.shared, ...own] : source.ids.keys());
  const clusters = new Map<string, FleetCluster>();
  const early: Diagnostic[] = [];
  const weights = [...missed.keys()].map((name) => {
    const ofCluster = keys.filesOf.get(name)!;
    return [name, { files: ofCluster, hosts: estimateHosts(ofCluster, files) }] as const;
  });
  const workers = request.workers ?? usefulWorkers(missed.size);
  const progress = new FleetProgress(request.verb, Math.min(workers, missed.size));
  let sharedSecrets = false;
  await compileClusters(
    {
      files,
      diagnostics: source.diagnostics,
      clusters: new Map(weights),
      workers,
      result: request.result,
      reuse: cache && { version: compilerDigest(), memos: memosOf(cache, missed.keys()) },
      stored: new Map([...missed].map(([name, before]) => [name, before ? blobsOf(before.files) : ''])),
    },
    {
      onPrepared: (prepared) => {
        for (const diagnostic of prepared.diagnostics) early.push(diagnostic);
        sharedSecrets ||= prepared.sharedSecrets;
        progress.prepared(prepared.hosts);
      },
      onHosts: (count) => progress.hosts(count),
      onCluster: async ({ files: made, blobs, memo, ...cluster }) => {
        const name = `${made.type}/${made.cluster}`;
        clusters.set(name, { ...cluster, files: made, before: missed.get(name), reused: false });
        progress.files(made.pathOf.length);
        if (memo) cache?.writeMemo(name, memo);
        if (blobs) await onBlobs?.(blobs);
      },
    },
  );
  progress.end();
  if (sharedSecrets) {
    // Whether they are encrypted for all that are to read them shows with all hosts at hand only.
    const all = await source.read(source.ids.keys());
    early.splice(0, early.length, ...prepare({ files: all, diagnostics: source.diagnostics }).diagnostics);
  }
  const byScope = Map.groupBy(early, scopeOf);
  for (const [name, cluster] of clusters) {
    const diagnostics = [...(byScope.get(name) ?? []), ...cluster.diagnostics];
    clusters.set(name, { ...cluster, diagnostics });
  }
  const alone = [...byScope].flatMap(([name, found]) => (clusters.has(name) ? [] : found));
  // Threads tell the problems of shared files each; of a subset of the clusters, not all of them are found.
  const once = [...new Map(alone.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
  const diagnostics = fleet && !sharedSecrets ? fleet.diagnostics : once;
  return { fleet: { key: keys.fleet, all: keys.all, sharedSecrets, diagnostics }, clusters };
}

function memosOf(cache: Results, names: Iterable<string>): Map<string, Uint8Array> {
  return new Map(
    [...names].flatMap((name) => {
      const memo = cache.memo(name);
      return memo ? [[name, memo] as const] : [];
    }),
  );
}

/** The cluster whose file a problem is in; empty for the others. */
function scopeOf({ place }: Diagnostic): string {
  const scope = place ? scopeOfFile(place.file) : undefined;
  return scope?.of === 'cluster' ? scope.cluster : '';
}

/** A thread costs a quarter of a second, and what it loads once more. */
function usefulWorkers(clusters: number): number {
  return Math.max(1, Math.min(availableParallelism(), 8, Math.floor(clusters / 8)));
}

async function finished({
  request,
  clusters,
  ...rest
}: Pick<CompiledFleet, 'keys' | 'fleet'> & {
  request: FleetRequest;
  clusters: Map<string, FleetCluster>;
}): Promise<CompiledFleet> {
  const { source } = request;
  const ofClusters = [...clusters.values()].flatMap(({ diagnostics }) => diagnostics);
  const diagnostics = hasTwins(clusters)
    ? // Which declaration comes first shows with all clusters at hand only.
      compile({ files: await source.read(source.ids.keys()), diagnostics: source.diagnostics }).diagnostics
    : sortDiagnostics([...rest.fleet.diagnostics, ...ofClusters]);
  const places = diagnostics.flatMap(({ place, related = [] }) => [
    place,
    ...related.map((one) => one.place),
  ]);
  const paths = new Set(places.flatMap((place) => (place && source.ids.has(place.file) ? [place.file] : [])));
  const sorted = new Map([...clusters].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...rest, clusters: sorted, diagnostics, files: await source.read(paths) };
}

/** Whether a host is in two clusters. */
function hasTwins(clusters: ReadonlyMap<string, FleetCluster>): boolean {
  const seen = new Set<string>();
  let hosts = 0;
  for (const { names } of clusters.values()) {
    for (const name of names) seen.add(name);
    hosts += names.length;
  }
  return seen.size < hosts;
}

/** Keeps what was compiled for the next time. `trees` are those that were published, by `type/cluster`. */
export function remember(
  cache: CompileCache,
  { keys, fleet, clusters }: CompiledFleet,
  trees: ReadonlyMap<string, string>,
): void {
  for (const [name, { files, diagnostics, reused }] of clusters) {
    const tree = trees.get(name);
    if (tree !== undefined && !reused)
      cache.writeCluster(name, { key: keys.clusters.get(name)!, tree, diagnostics, files });
  }
  cache.writeFleet(fleet);
}
