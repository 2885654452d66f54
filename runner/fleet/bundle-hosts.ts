import { createHash } from 'node:crypto';
import { MANIFEST_PATH } from '../../compiler/contract/manifest.ts';
import { HOST_NAME, NAME } from '../../compiler/contract/names.ts';
import { childFolders } from '../../compiler/git/child-folders.ts';
import { treeFiles, treeIds } from '../../compiler/git/objects.ts';
import type { Repository } from '../../compiler/git/repository.ts';

/** A host of the bundles. */
export interface BundleHost {
  readonly type: string;
  readonly cluster: string;
  /** The id of its bundle's tree. */
  readonly tree: string;
}

/** The hosts of a commit of refs/heads/bundles, by name, in the order of the tree; others' folders are left out. */
export async function readBundleHosts(
  repository: Repository,
  bundles: string,
): Promise<Map<string, BundleHost>> {
  const hosts = new Map<string, BundleHost>();
  const types = await childFolders(repository, [`${bundles}^{tree}`], NAME);
  const clusters = await childFolders(
    repository,
    types.map(({ id }) => id),
    NAME,
  );
  const clusterIds = clusters.map(({ id }) => id);
  for (const { parent: clusterAt, name: host, id: tree } of await childFolders(
    repository,
    clusterIds,
    HOST_NAME,
  )) {
    const cluster = clusters[clusterAt]!;
    hosts.set(host, { type: types[cluster.parent]!.name, cluster: cluster.name, tree });
  }
  return hosts;
}

/** What a host's bundle must be, as the compiler makes it here and now. */
export interface ExpectedBundle {
  /** SHA-256 of its manifest.json, hex. */
  readonly manifest: string;
  /** The id of its tree. */
  readonly tree: string;
}

/** What the bundles of a compiled tree (`<type>/<cluster>/<host>/…`) are, by host. */
export function expectedBundles(tree: ReadonlyMap<string, Uint8Array>): Map<string, ExpectedBundle> {
  const expected = new Map<string, ExpectedBundle>();
  for (const [path, id] of treeIds(treeFiles(tree))) {
    const manifest = tree.get(`${path}/${MANIFEST_PATH}`);
    const parts = path.split('/');
    if (parts.length !== 3 || !manifest) continue;
    expected.set(parts[2]!, { manifest: sha256(manifest), tree: id });
  }
  return expected;
}

/** SHA-256, hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
