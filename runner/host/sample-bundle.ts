import { createHash } from 'node:crypto';
import { canonicalJson } from '../../compiler/contract/canonical-json.ts';
import {
  bundlePath,
  type FileEntry,
  MANIFEST_PATH,
  MANIFEST_SCHEMA,
  type Manifest,
} from '../../compiler/contract/manifest.ts';
import { formatPromotion, type Promotion } from '../../compiler/contract/promotion.ts';
import { formatCommit, objectId, treeIds } from '../../compiler/git/objects.ts';
import { signCommit } from '../../compiler/git/signed-commit.ts';
import { keyOfSeed } from '../../compiler/git/ssh-key.ts';
import type { AcceptPolicy, FetchedBundle } from './accept/verdict.ts';

/** For tests: a key that the sample policy's host trusts, always the same. */
export const SAMPLE_KEY = keyOfSeed(Buffer.alloc(32, 7), 'operator');

/** For tests: who is trusted. */
export const SAMPLE_TRUST = {
  signers: [
    {
      principals: 'operator',
      publicKey: SAMPLE_KEY.publicKey,
      namespaces: ['git'],
      validAfter: undefined,
      validBefore: undefined,
    },
  ],
  revoked: [],
};

/** For tests: 2027-01-15T08:00:00Z. */
export const SAMPLE_NOW = 1_800_000_000;

/** For tests: what the sample host takes. */
export const SAMPLE_POLICY: AcceptPolicy = {
  host: 'dn1.example',
  paths: ['/etc/hadoop', '/etc/zookeeper', '/data'],
  reserved: ['/etc/supervisor/conf.d'],
  users: ['hdfs', 'zookeeper'],
  minSeq: 1,
};

/** For tests: the SHA-256 of bytes, hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** For tests: a manifest's entry for a file of these bytes. */
export function sampleFile(path: string, content: string, entry: Partial<FileEntry> = {}): FileEntry {
  const bytes = Buffer.from(content);
  const digest = sha256(bytes);
  const file = {
    path,
    sha256: digest,
    size: bytes.length,
    mode: '0644',
    owner: 'root',
    group: 'root',
    effect: digest,
  };
  return { ...file, restart: [], reload: [], ...entry };
}

/** For tests: a manifest without services that holds these files. */
export function sampleManifest(files: readonly FileEntry[], manifest: Partial<Manifest> = {}): Manifest {
  return {
    schema: MANIFEST_SCHEMA,
    host: SAMPLE_POLICY.host,
    cluster: 'hadoop-x',
    type: 'alpha',
    release: '1.1.6-hadoop2',
    roles: [],
    files: [...files],
    directories: [],
    artifacts: [],
    services: [],
    secrets: [],
    metrics: [],
    logs: [],
    ...manifest,
  };
}

/** For tests: what is to be promoted. Everything that is missing is as it should be. */
export interface SampleOptions {
  /** The text of each file by absolute path; those of the manifest unless it is given. */
  readonly files?: Readonly<Record<string, string>>;
  readonly manifest?: Manifest;
  /** The text of manifest.json where it is not the manifest's. */
  readonly manifestText?: string;
  readonly promotion?: Partial<Promotion>;
  readonly signedAt?: number;
}

/** For tests: the tree of a bundle by path, its promotion's message, and the time of its commit. */
export function sampleBundle(options: SampleOptions = {}) {
  const files = options.files ?? { '/etc/hadoop/core-site.xml': '<configuration/>\n' };
  const entries = Object.entries(files).map(([path, content]) => sampleFile(path, content));
  const manifest = options.manifest ?? sampleManifest(entries);
  const manifestText = options.manifestText ?? canonicalJson(manifest);
  const tree = new Map<string, Uint8Array>([[MANIFEST_PATH, Buffer.from(manifestText)]]);
  for (const [path, content] of Object.entries(files)) tree.set(bundlePath(path), Buffer.from(content));
  const promotion: Promotion = {
    host: SAMPLE_POLICY.host,
    seq: 1,
    expires: SAMPLE_NOW + 86_400,
    manifest: sha256(manifestText),
    restart: [],
    retire: [],
    ...options.promotion,
  };
  return {
    manifest,
    tree,
    message: formatPromotion(promotion),
    signedAt: options.signedAt ?? SAMPLE_NOW - 60,
  };
}

/** For tests: a signed commit of a tree and message. */
export function sampleCommit(options: {
  readonly tree: ReadonlyMap<string, Uint8Array>;
  readonly message: string;
  readonly signedAt: number;
}): Buffer {
  const ids = [...options.tree].map(([path, bytes]) => ({ path, id: objectId('blob', bytes) }));
  const person = { name: 'operator', email: 'operator@example', time: options.signedAt, zone: '+0000' };
  const commit = formatCommit({
    tree: treeIds(ids).get('')!,
    parents: [],
    author: person,
    committer: person,
    message: options.message,
  });
  return signCommit(commit, SAMPLE_KEY);
}

/** For tests: a sample bundle as it comes from a repository. */
export function fetchedSample(options: SampleOptions = {}): FetchedBundle {
  const sample = sampleBundle(options);
  const entries = [...sample.tree.keys()].map((path) => ({ path, mode: '100644' }));
  return { commit: sampleCommit(sample), entries, blobs: sample.tree };
}
