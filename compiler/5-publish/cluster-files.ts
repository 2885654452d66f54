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

/** The ids in a row of them, hex. */
export function blobIds(ids: Uint8Array): Set<string> {
  const found = new Set<string>();
  for (let at = 0; at < ids.length; at += ID) found.add(hex(ids.subarray(at, at + ID)));
  return found;
}

/** The files of a cluster where those of some hosts are others: they are in `part`, or gone. */
export function withHosts(
  whole: ClusterFiles,
  part: ClusterFiles,
  changed: ReadonlySet<string>,
): ClusterFiles {
  const paths = [...whole.paths];
  const places = new Map(paths.map((path, at) => [path, at]));
  const placeOf = part.paths.map((path) => {
    const place = places.get(path) ?? paths.push(path) - 1;
    places.set(path, place);
    return place;
  });
  const ranges = rangesOf(part);
  const made = [...rangesOf(whole)].flatMap(([name, range]) => {
    if (!changed.has(name)) return [{ files: whole, ...range }];
    const own = ranges.get(name);
    return own ? [{ files: part, ...own }] : [];
  });
  const pathOf = new Uint32Array(made.reduce((sum, { from, to }) => sum + to - from, 0));
  const ids = new Uint8Array(pathOf.length * ID);
  let at = 0;
  for (const { files, from, to } of made) {
    const numbers = files.pathOf.subarray(from, to);
    pathOf.set(files === whole ? numbers : numbers.map((number) => placeOf[number]!), at);
    ids.set(files.ids.subarray(from * ID, to * ID), at * ID);
    at += to - from;
  }
  const { type, cluster } = whole;
  return { type, cluster, hosts: made.map(({ host }) => host), paths, pathOf, ids };
}

interface HostRange {
  readonly host: ClusterHost;
  /** The first of its files, and the first behind them. */
  readonly from: number;
  readonly to: number;
}

/** Which files are whose, by the names of hosts. */
function rangesOf({ hosts }: ClusterFiles): Map<string, HostRange> {
  let to = 0;
  return new Map(
    hosts.map((host) => {
      const from = to;
      to += host.files;
      return [host.host, { host, from, to }];
    }),
  );
}

/** Where a cluster lies in the tree of all bundles. */
export function clusterFolder({ type, cluster }: { type: string; cluster: string }): string {
  return `${type}/${cluster}`;
}

interface FileOfHost {
  readonly path: string;
  readonly id: Uint8Array;
}

function filesIn({ paths, pathOf, ids }: ClusterFiles, { from, to }: HostRange): FileOfHost[] {
  const own: FileOfHost[] = [];
  for (let at = from; at < to; at += 1)
    own.push({ path: paths[pathOf[at]!]!, id: ids.subarray(at * ID, (at + 1) * ID) });
  return own;
}

/** Whether files are the same where paths have the same numbers. */
function isSame(
  one: ClusterFiles,
  range: HostRange,
  [other, there]: readonly [ClusterFiles, HostRange],
): boolean {
  const [numbers, numbersThere] = [
    one.pathOf.subarray(range.from, range.to),
    other.pathOf.subarray(there.from, there.to),
  ];
  return (
    numbers.length === numbersThere.length &&
    numbers.every((number, at) => number === numbersThere[at]) &&
    Buffer.compare(
      one.ids.subarray(range.from * ID, range.to * ID),
      other.ids.subarray(there.from * ID, there.to * ID),
    ) === 0
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
  const known = before ? rangesOf(before.files) : new Map<string, HostRange>();
  const alike = before?.files.paths.every((path, at) => path === after.paths[at]);
  for (const [host, range] of rangesOf(after)) {
    const there = known.get(host);
    known.delete(host);
    if (before && there && alike && isSame(after, range, [before.files, there])) continue;
    const files = filesIn(after, range);
    const stored = before && there ? filesIn(before.files, there) : [];
    const old = new Map(stored.map(({ path, id }) => [path, id]));
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
  for (const [host, range] of rangesOf(files))
    for (const { path, id } of filesIn(files, range))
      yield { path: `${folder}/${host}/${path}`, id: hex(id) };
}

/** The ids of the trees of a cluster, by their paths in the tree of all bundles: its own, its hosts', and those within. */
export function clusterTrees(files: ClusterFiles): Map<string, string> {
  return treeIds(clusterPaths(files));
}

function hex(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('hex');
}
