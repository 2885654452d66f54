import type { ClusterInventory, HostVars } from './2-resolve/inventory.ts';
import { type AskedOfHosts, answersAsBefore, bothAsked } from './3-render/memo/asked-of-hosts.ts';
import { memoBytes, readMemo } from './3-render/memo/memo-bytes.ts';
import { RenderMemo } from './3-render/memo/render-memo.ts';
import type { SealedBundle } from './4-seal/bundle.ts';
import { StaleSeal } from './4-seal/stale-seal.ts';
import {
  type BlobStream,
  blobIds,
  type ClusterFiles,
  clusterFolder,
  packCluster,
  withHosts,
} from './5-publish/cluster-files.ts';
import { type CompileInput, checkCluster, compileCluster, type Prepared, prepare } from './compile.ts';
import type { Diagnostic, Outcome } from './contract/diagnostic.ts';

/** Some clusters of a workspace, with everything that they depend on. */
export interface Share extends CompileInput {
  /** `type/cluster` of those to compile; what else there is was given for other reasons. */
  readonly clusters: readonly string[];
  /** By `type/cluster`, the ids of blobs that are stored already (20 bytes each); none where not said. */
  readonly stored: ReadonlyMap<string, Uint8Array>;
  /** By `type/cluster`, what holds still where only own files of some hosts changed. */
  readonly known: ReadonlyMap<string, KnownHosts>;
  /** What is wanted of a cluster: its problems and hosts alone, the ids of its files too, or their blobs as well. */
  readonly result: 'problems' | 'ids' | 'blobs';
  /**
   * What was rendered for a host is taken for others that read the same, and by `type/cluster`, what the last compile by
   * a compiler of this `version` rendered. Where not given, each file of each host is rendered.
   */
  readonly reuse: { readonly version: string; readonly memos: ReadonlyMap<string, Uint8Array> } | undefined;
}

/** A cluster as it was before the own files of some of its hosts changed, and nothing else that it depends on. */
export interface KnownHosts {
  readonly changed: readonly string[];
  readonly files: ClusterFiles;
  readonly asked: AskedOfHosts;
}

/** A cluster, compiled. Everything in it can be sent from thread to thread. */
export interface CompiledCluster {
  readonly files: ClusterFiles;
  /** The name of its release. */
  readonly release: string;
  /** All of its hosts, those with an error among them. */
  readonly names: readonly string[];
  /** How many of these have none. */
  readonly bundles: number;
  readonly blobs?: BlobStream;
  /** For the next compile, where this one reuses and all of the cluster was compiled. */
  readonly memo: Uint8Array<ArrayBuffer> | undefined;
  /** What hosts were asked by others, or may have been; undefined where this compile does not reuse. */
  readonly asked: AskedOfHosts | undefined;
  readonly renders: Renders;
  /** Of its rendering, unsorted. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Parts of hosts that were rendered, and those for which an earlier result was taken. */
export interface Renders {
  readonly done: number;
  readonly reused: number;
}

/** What was found before any cluster was rendered. */
export interface PreparedShare {
  readonly diagnostics: readonly Diagnostic[];
  /** Whether only with all clusters at hand all that is wrong with shared files shows, and nothing else. */
  readonly needsAll: boolean;
  /** How many hosts the clusters to compile have. */
  readonly hosts: number;
}

export interface ShareListener {
  readonly onPrepared: (prepared: PreparedShare) => void;
  /** A cluster is done; waited for before the next one begins. */
  readonly onCluster: (cluster: CompiledCluster) => Promise<void> | void;
  /** Hosts done since the last call. */
  readonly onHosts: (count: number) => void;
}

/** Compiles clusters one after the other, and keeps none of them. */
export async function compileShare(share: Share, listener: ShareListener): Promise<void> {
  const prepared = prepare(share);
  const wanted = new Set(share.clusters);
  const clusters = prepared.inventory.clusters.filter((one) => wanted.has(clusterFolder(one)));
  listener.onPrepared({
    diagnostics: prepared.diagnostics,
    needsAll: prepared.needsAll,
    hosts: clusters.reduce((sum, { hosts }) => sum + hosts.length, 0),
  });
  const fleet = share.reuse && new RenderMemo();
  for (const cluster of clusters)
    await listener.onCluster(compileOne({ share, prepared, fleet, listener }, cluster));
}

interface OfShare {
  readonly share: Share;
  readonly prepared: Prepared;
  readonly fleet: RenderMemo | undefined;
  readonly listener: ShareListener;
}

/** Compiles a cluster by what is known of it; afresh, where that turns out to be wrong. */
function compileOne(of: OfShare, cluster: ClusterInventory): CompiledCluster {
  try {
    return compileBy(of, cluster);
  } catch (error) {
    if (!(error instanceof StaleSeal)) throw error;
    const { reuse } = of.share;
    const share = { ...of.share, known: new Map(), reuse: reuse && { ...reuse, memos: new Map() } };
    return compileBy({ ...of, share, fleet: reuse && new RenderMemo() }, cluster);
  }
}

function compileBy(
  { share, prepared, fleet, listener }: OfShare,
  cluster: ClusterInventory,
): CompiledCluster {
  const { result, reuse } = share;
  const name = clusterFolder(cluster);
  const known = knownOf(cluster, share.known.get(name), prepared);
  const changed = known && new Set(known.changed);
  let told = 0;
  const memo = reuse && readMemo(reuse.memos.get(name), reuse.version, fleet);
  const before = { ...memo?.count };
  const options = {
    memo,
    ...(changed && { matches: ({ host }: HostVars) => changed.has(host) }),
    onProgress: (done: number) => {
      listener.onHosts(done - told);
      told = done;
    },
  };
  // Of bundles that nobody wants, not even the ids.
  const { bundles, well, diagnostics } =
    result === 'problems'
      ? withoutBundles(checkCluster(prepared, cluster, options))
      : withBundles(compileCluster(prepared, cluster, options));
  listener.onHosts(cluster.hosts.length - told);
  const stored = result === 'blobs' ? blobIds(share.stored.get(name) ?? NO_IDS) : undefined;
  const { files, blobs } = packCluster(cluster, bundles, stored);
  const asked = memo?.cluster?.askedOfHosts() ?? {};
  return {
    files: known && changed && result !== 'problems' ? withHosts(known.files, files, changed) : files,
    ...(blobs && { blobs }),
    release: cluster.release,
    names: cluster.hosts.map(({ host }) => host),
    bundles: known ? known.files.hosts.length - known.changed.length + well : well,
    memo:
      memo && reuse && result === 'blobs' && !known ? ownBytes(memoBytes(memo, reuse.version)) : undefined,
    asked: reuse && (known ? bothAsked(known.asked, asked) : asked),
    renders: {
      done: (memo?.count.rendered ?? 0) - (before.rendered ?? 0),
      reused: (memo?.count.reused ?? 0) - (before.reused ?? 0),
    },
    diagnostics,
  };
}

/** What holds of the hosts whose own files did not change: nothing, where they asked a changed one for what is another now. */
function knownOf(
  { hosts }: ClusterInventory,
  known: KnownHosts | undefined,
  { unreadable }: Prepared,
): KnownHosts | undefined {
  const byName = new Map(hosts.map((host) => [host.host, host]));
  const holds = known?.changed.every((name) => {
    const host = byName.get(name);
    // What cannot be read of one keeps others from being rendered too.
    return host !== undefined && !unreadable.host(host) && answersAsBefore(host, known.asked);
  });
  return holds ? known : undefined;
}

const NO_IDS = new Uint8Array();

/** What came of a cluster; `well` is how many of its hosts have no error. */
interface Made {
  readonly bundles: readonly SealedBundle[];
  readonly well: number;
  readonly diagnostics: readonly Diagnostic[];
}

function withBundles({ value, diagnostics }: Outcome<SealedBundle[]>): Made {
  return { bundles: value, well: value.length, diagnostics };
}

function withoutBundles({ value, diagnostics }: Outcome<readonly unknown[]>): Made {
  return { bundles: [], well: value.length, diagnostics };
}

/** Bytes that can be handed to another thread. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
