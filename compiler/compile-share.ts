import { secretsIn } from './2-resolve/check-secret-recipients.ts';
import { RenderMemo } from './3-render/memo/render-memo.ts';
import {
  BlobIds,
  type BlobStream,
  type ClusterFiles,
  clusterFolder,
  packCluster,
} from './5-publish/cluster-files.ts';
import { type CompileInput, compileCluster, type Prepared, prepare } from './compile.ts';
import type { Diagnostic } from './contract/diagnostic.ts';

/** Some clusters of a workspace, with everything that they depend on. */
export interface Share extends CompileInput {
  /** `type/cluster` of those to compile; what else there is was given for other reasons. */
  readonly clusters: readonly string[];
  /** By `type/cluster`, the ids of blobs that are stored already (hex, one after the other); none where not said. */
  readonly stored: ReadonlyMap<string, string>;
  /** What is wanted of a cluster: its problems and hosts alone, the ids of its files too, or their blobs as well. */
  readonly result: 'problems' | 'ids' | 'blobs';
  /** Whether what was rendered for a host is taken for others that read the same; else each file of each is rendered. */
  readonly reuse: boolean;
}

/** A cluster, compiled. Everything in it can be sent from thread to thread. */
export interface CompiledCluster {
  readonly files: ClusterFiles;
  /** All of its hosts, those with an error among them. */
  readonly names: readonly string[];
  /** How many of these have none. */
  readonly bundles: number;
  readonly blobs?: BlobStream;
  /** Of its rendering, unsorted. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What was found before any cluster was rendered. */
export interface PreparedShare {
  readonly diagnostics: readonly Diagnostic[];
  /** Whether files of several clusters hold secrets. */
  readonly sharedSecrets: boolean;
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
    sharedSecrets: hasSharedSecrets(prepared),
    hosts: clusters.reduce((sum, { hosts }) => sum + hosts.length, 0),
  });
  const ids = new BlobIds();
  for (const cluster of clusters) {
    const name = clusterFolder(cluster);
    let told = 0;
    const { value, diagnostics } = compileCluster(prepared, cluster, {
      // Of its own for each cluster, so that memory is bounded: clusters have little in common.
      memo: share.reuse ? new RenderMemo() : undefined,
      onProgress: (done) => {
        listener.onHosts(done - told);
        told = done;
      },
    });
    const names = cluster.hosts.map(({ host }) => host);
    if (share.result === 'problems') {
      const files = packCluster(cluster, [], { ids, stored: undefined }).files;
      await listener.onCluster({ files, names, bundles: value.length, diagnostics });
      continue;
    }
    const stored = share.result === 'blobs' ? idsIn(share.stored.get(name) ?? '') : undefined;
    const packed = packCluster(cluster, value, { ids, stored });
    await listener.onCluster({ ...packed, names, bundles: value.length, diagnostics });
  }
}

function idsIn(text: string): Set<string> {
  return new Set(text.match(/.{40}/g));
}

function hasSharedSecrets({ workspace }: Prepared): boolean {
  const { fleetVars, typeVars, components } = workspace;
  const defaults = [...components.values()].map((component) => component.defaults);
  return [fleetVars, ...typeVars.values(), ...defaults].some((vars) => vars && secretsIn(vars).length > 0);
}
