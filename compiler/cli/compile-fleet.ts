import type { SourceFiles } from '../1-load/workspace.ts';
import type { BlobStream, ClusterFiles, ClusterMember } from '../5-publish/cluster-files.ts';
import type {
  CachedCluster,
  CachedFleet,
  CachedHosts,
  CompileCache,
  KnownCluster,
} from '../5-publish/compile-cache.ts';
import type { Renders, Share } from '../compile-share.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { sortDiagnostics } from '../diagnostics/sort.ts';
import { type CompileKeys, clusterKey, compileKeys } from './compile-keys.ts';
import { compilerDigest } from './compiler-digest.ts';
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
  /** Hears of each cluster that was compiled; the next one waits for it. */
  readonly onMade?: (made: MadeCluster) => Promise<void>;
  /** Begins what progress says. */
  readonly verb: string;
}

/** A cluster that was compiled just now. */
export interface MadeCluster extends Pick<FleetCluster, 'before'> {
  readonly files: ClusterFiles;
  readonly blobs: BlobStream | undefined;
  /** Whether others are compiled too. */
  readonly isOneOfMany: boolean;
}

/** A cluster of the fleet, as it is now. */
export interface FleetCluster {
  /** Its hosts that have a bundle, sorted by name. */
  readonly members: readonly ClusterMember[];
  /** How many files these have. */
  readonly count: number;
  /** The ids of its files; missing only where it was taken from before as it is and `result` is not `ids`. */
  readonly files: ClusterFiles | undefined;
  /** The name of its release. */
  readonly release: string;
  /** What its hosts depend on, each; undefined where that is not known. */
  readonly hosts: CachedHosts | undefined;
  /** All of its hosts, those with an error among them. */
  readonly names: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly renders: Renders;
  /** How many of them have a bundle. */
  readonly bundles: number;
  /** What is known of its tree of before, where that is the one that is stored (see FleetRequest). */
  readonly before: { readonly tree: string; readonly files: ClusterFiles | undefined } | undefined;
  /** Whether it was taken from before as it is. */
  readonly reused: boolean;
}

export interface CompiledFleet {
  readonly keys: CompileKeys;
  /** What is of no single cluster. */
  readonly fleet: Omit<CachedFleet, 'clusters'>;
  readonly clusters: ReadonlyMap<string, FleetCluster>;
  /** All problems, sorted, each once. */
  readonly diagnostics: readonly Diagnostic[];
  /** The files that the problems are in. */
  readonly files: SourceFiles;
  /** Whether all of it was known from before. */
  readonly isKnown: boolean;
}

/**
 * Compiles a fleet, cluster by cluster, but for those whose result is known: nothing that they depend on has changed.
 * The same as compile() gives, without the bundles.
 */
export async function compileFleet(request: FleetRequest): Promise<CompiledFleet> {
  const { source, cache } = request;
  const keys = compileKeys(source.ids, compilerDigest());
  // What was found wrong in listing the files may be of any of them.
  const known = source.diagnostics.length === 0 ? cache?.fleet() : undefined;
  const clusters = new Map<string, FleetCluster>();
  const missed = new Map<string, CachedCluster | undefined>();
  for (const name of keys.clusters.keys()) {
    const reused = known && reusedCluster(request, keys, [name, known.clusters.get(name)]);
    if (reused) clusters.set(name, reused);
    else missed.set(name, storedBefore(request, name));
  }
  const isSame = known?.key === keys.fleet && (!known.needsAll || known.all === keys.all);
  if (isSame && missed.size === 0) {
    const { clusters: _, ...fleet } = known;
    return finished({ request, keys, fleet, clusters, isKnown: true });
  }
  const { compileMissed } = await import('./compile-missed.ts');
  const rest = await compileMissed({ request, keys, known, missed });
  for (const [name, cluster] of rest.clusters) clusters.set(name, cluster);
  return finished({ request, keys, fleet: rest.fleet, clusters, isKnown: false });
}

/** A cluster as it was before, where everything that it depends on is as it was. */
function reusedCluster(
  { cache, stored, result }: FleetRequest,
  keys: CompileKeys,
  [name, known]: readonly [string, KnownCluster | undefined],
): FleetCluster | undefined {
  if (!known || (stored && stored.get(name) !== known.tree)) return undefined;
  const { members, count, release, diagnostics, tree } = known;
  if (clusterKey(keys, name, release) !== known.key) return undefined;
  const entry = result === 'ids' ? cache?.cluster(name) : undefined;
  if (result === 'ids' && (entry?.key !== known.key || entry.tree !== tree)) return undefined;
  return {
    members,
    count,
    files: entry?.files,
    release,
    hosts: entry?.hosts,
    names: members.map(({ host }) => host),
    bundles: members.length,
    renders: { done: 0, reused: 0 },
    diagnostics,
    before: { tree, files: entry?.files },
    reused: true,
  };
}

/** What is known of a cluster that is to be compiled again, where its tree is the one that is stored. */
function storedBefore({ cache, stored }: FleetRequest, name: string): CachedCluster | undefined {
  const entry = cache?.cluster(name);
  return entry && (!stored || stored.get(name) === entry.tree) ? entry : undefined;
}

async function finished({
  request,
  clusters,
  ...rest
}: Pick<CompiledFleet, 'keys' | 'fleet' | 'isKnown'> & {
  request: FleetRequest;
  clusters: Map<string, FleetCluster>;
}): Promise<CompiledFleet> {
  const { source } = request;
  const ofClusters = [...clusters.values()].flatMap(({ diagnostics }) => diagnostics);
  const diagnostics =
    !rest.isKnown && hasTwins(clusters)
      ? // Which declaration comes first shows with all clusters at hand only.
        (await import('../compile.ts')).compile({
          files: await source.read(source.ids.keys()),
          diagnostics: source.diagnostics,
        }).diagnostics
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
  const known = new Map<string, KnownCluster>();
  for (const [name, { members, count, files, release, hosts, diagnostics, reused }] of clusters) {
    const tree = trees.get(name);
    if (tree === undefined) continue;
    const rest = { key: clusterKey(keys, name, release), tree, release, diagnostics };
    known.set(name, { ...rest, members, count });
    if (!reused && files) cache.writeCluster(name, { ...rest, files, hosts });
  }
  cache.writeFleet({ ...fleet, clusters: known });
  cache.keepOnly(known.keys());
}
