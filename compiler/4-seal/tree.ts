import { canonicalRecord } from '../contract/canonical-json.ts';
import { bundlePath, MANIFEST_PATH } from '../contract/manifest.ts';
import type { Bundle } from './bundle.ts';

/** The tree of refs/heads/bundles: bytes by path, `<type>/<cluster>/<host>/…`, sorted; all regular files. */
export type Tree = ReadonlyMap<string, Uint8Array>;

/** Where the bundle of a host lies in the tree. */
export function bundleFolder({
  type,
  cluster,
  host,
}: {
  type: string;
  cluster: string;
  host: string;
}): string {
  return `${type}/${cluster}/${host}`;
}

/** The tree that holds the bundles. */
export function toTree(bundles: readonly Bundle[]): Tree {
  const entries: [string, Uint8Array][] = [];
  for (const { manifest, files } of bundles) {
    const folder = bundleFolder(manifest);
    entries.push([`${folder}/${MANIFEST_PATH}`, Buffer.from(canonicalRecord(manifest), 'utf8')]);
    for (const [path, bytes] of files) entries.push([`${folder}/${bundlePath(path)}`, bytes]);
  }
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
