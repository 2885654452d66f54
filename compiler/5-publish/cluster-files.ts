import { createHash } from 'node:crypto';
import type { SealedBundle } from '../4-seal/bundle.ts';
import { canonicalRecord } from '../contract/canonical-json.ts';
import { bundlePath, MANIFEST_PATH } from '../contract/manifest.ts';
import { blobCommand, type PathChange } from '../git/object-import.ts';
import { objectId, treeIds } from '../git/objects.ts';

/** Bytes of an id. */
const ID = 20;

/** A host of a cluster, as guards need it. */
export interface ClusterMember {
  readonly host: string;
  readonly roles: readonly string[];
}

/** A host of a cluster, as reports and promotions need it. */
export interface ClusterHost extends ClusterMember {
  /** How many files its bundle has, its manifest among them. */
  readonly files: number;
  /** SHA-256 of its manifest, hex. */
  readonly manifest: string;
}

/** Which files the bundles of a cluster are, by the ids of their blobs: no bytes, and small to send and to keep. */
export interface ClusterFiles {
  readonly type: string;
  readonly cluster: string;
  /** Sorted by name. */
  readonly hosts: readonly ClusterHost[];
  /** The paths within a bundle, each once. */
  readonly paths: readonly string[];
  /** Of each file, host by host and sorted by path, the index of its path. */
  readonly pathOf: Uint32Array;
  /** Of each file, in the same order, the 20 bytes of its blob's id. */
  readonly ids: Uint8Array;
}

/** Blobs as fast-import takes them. */
export interface BlobStream {
  /** Their ids, hex. */
  readonly ids: readonly string[];
  /** Where the commands of each end in `commands`. */
  readonly ends: readonly number[];
  readonly commands: Uint8Array<ArrayBuffer>;
}

/**
 * The bundles of a cluster, as ids; and the blobs among them that are not stored yet, each once. Of files whose blob's id
 * is known and that are stored, the bytes are not asked for.
 * @param stored the ids of blobs that need not be sent; none is where not given
 */
export function packCluster(
  { type, cluster }: { type: string; cluster: string },
  bundles: readonly SealedBundle[],
  stored: ReadonlySet<string> | undefined,
): { files: ClusterFiles; blobs?: BlobStream } {
  const hosts: ClusterHost[] = [];
  const paths = new Map<string, number>();
  const pathOf: number[] = [];
  const ids: string[] = [];
  const blobs = new Map<string, Uint8Array>();
  const add = (path: string, file: StoredFile): void => {
    const index = paths.get(path) ?? paths.size;
    paths.set(path, index);
    pathOf.push(index);
    file.blob ??= objectId('blob', file.bytes);
    ids.push(file.blob);
    if (stored && !stored.has(file.blob) && !blobs.has(file.blob)) blobs.set(file.blob, file.bytes);
  };
  const sorted = [...bundles].sort((a, b) => (a.manifest.host < b.manifest.host ? -1 : 1));
  for (const { manifest, sealed } of sorted) {
    const own = [...sealed].map(([path, file]): [string, StoredFile] => [bundlePath(path), file]);
    const text = Buffer.from(canonicalRecord(manifest), 'utf8');
    own.push([MANIFEST_PATH, { bytes: text }]);
    for (const [path, file] of own.sort(([a], [b]) => (a < b ? -1 : 1))) add(path, file);
    const { host, roles } = manifest;
    hosts.push({
      host,
      roles,
      files: own.length,
      manifest: createHash('sha256').update(text).digest('hex'),
    });
  }
  return {
    files: {
      type,
      cluster,
      hosts,
      paths: [...paths.keys()],
      pathOf: Uint32Array.from(pathOf),
      ids: new Uint8Array(Buffer.from(ids.join(''), 'hex')),
    },
    ...(stored && { blobs: blobStream(blobs) }),
  };
}

/** A file's bytes, which may cost something to get, and the id of their blob, once it is known. */
interface StoredFile {
  readonly bytes: Uint8Array;
  blob?: string;
}

function blobStream(blobs: ReadonlyMap<string, Uint8Array>): BlobStream {
  const parts: Uint8Array[] = [];
  const ends: number[] = [];
  let size = 0;
  for (const bytes of blobs.values()) {
    const [head, tail] = blobCommand(bytes);
    const own = [Buffer.from(head), bytes, Buffer.from(tail)];
    parts.push(...own);
    size += own.reduce((sum, part) => sum + part.length, 0);
    ends.push(size);
  }
  // An ArrayBuffer of its own can be handed from thread to thread without a copy.
  const commands = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    commands.set(part, at);
    at += part.length;
  }
  return { ids: [...blobs.keys()], ends, commands };
}

/** The ids of all blobs of a cluster, hex, one after the other. */
export function blobsOf({ ids }: ClusterFiles): string {
  return hex(ids);
}

/** Where a cluster lies in the tree of all bundles. */
export function clusterFolder({ type, cluster }: { type: string; cluster: string }): string {
  return `${type}/${cluster}`;
}

interface FileOfHost {
  readonly path: string;
  readonly id: Uint8Array;
}

/** The files of each host, by its name. */
function byHost({ hosts, paths, pathOf, ids }: ClusterFiles): Map<string, FileOfHost[]> {
  let at = 0;
  return new Map(
    hosts.map(({ host, files }) => {
      const own: FileOfHost[] = [];
      for (const end = at + files; at < end; at += 1)
        own.push({ path: paths[pathOf[at]!]!, id: ids.subarray(at * ID, (at + 1) * ID) });
      return [host, own];
    }),
  );
}

/** What a tree has of a cluster. */
export interface StoredCluster {
  /** The id of the cluster's tree. */
  readonly tree: string;
  readonly files: ClusterFiles;
}

/** What puts a cluster into a tree without it, as it is stored. */
export function storedChange(cluster: string, tree: string): PathChange {
  return { path: cluster, folder: tree };
}

/** What puts a cluster into a tree without it, by way of one of its trees before, so that what is alike is not told again. */
export function* clusterChanges(
  before: StoredCluster | undefined,
  after: ClusterFiles,
): Iterable<PathChange> {
  const folder = clusterFolder(after);
  if (before) yield storedChange(folder, before.tree);
  const known = before ? byHost(before.files) : new Map<string, FileOfHost[]>();
  for (const [host, files] of byHost(after)) {
    const old = new Map(known.get(host)?.map(({ path, id }) => [path, id]));
    known.delete(host);
    // What goes goes first: a folder may take the place of a file.
    const kept = new Set(files.map(({ path }) => path));
    for (const path of old.keys())
      if (!kept.has(path)) yield { path: `${folder}/${host}/${path}`, removed: true };
    for (const { path, id } of files) {
      const same = old.get(path);
      if (same && Buffer.compare(same, id) === 0) continue;
      yield { path: `${folder}/${host}/${path}`, file: hex(id) };
    }
  }
  for (const host of known.keys()) yield { path: `${folder}/${host}`, removed: true };
}

/** Every file of a cluster by its path in the tree of all bundles, with the id of its blob. */
export function* clusterPaths(files: ClusterFiles): Iterable<{ path: string; id: string }> {
  const folder = clusterFolder(files);
  for (const [host, own] of byHost(files))
    for (const { path, id } of own) yield { path: `${folder}/${host}/${path}`, id: hex(id) };
}

/** The ids of the trees of a cluster, by their paths in the tree of all bundles: its own, its hosts', and those within. */
export function clusterTrees(files: ClusterFiles): Map<string, string> {
  return treeIds(clusterPaths(files));
}

function hex(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('hex');
}
