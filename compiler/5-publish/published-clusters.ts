import * as z from 'zod';
import { MANIFEST_PATH, type Manifest } from '../contract/manifest.ts';
import { HOST_NAME, NAME } from '../contract/names.ts';
import { childFolders } from '../git/child-folders.ts';
import { FOLDER_MODE, formatTree, objectId, type TreeEntry } from '../git/objects.ts';
import { readObjects } from '../git/read-objects.ts';
import { resolve } from '../git/refs.ts';
import type { Repository } from '../git/repository.ts';

/** The clusters of a commit of refs/heads/bundles: the ids of their trees, by `type/cluster`. */
export interface PublishedClusters {
  /** The id of the whole tree. */
  readonly tree: string;
  readonly clusters: ReadonlyMap<string, string>;
}

/** Reads which trees a commit has for clusters; folders whose names are none of a cluster are left out. */
export async function publishedClusters(repository: Repository, commit: string): Promise<PublishedClusters> {
  const tree = (await resolve(repository, `${commit}^{tree}`))!;
  const types = await childFolders(repository, [tree], NAME);
  const trees = await childFolders(
    repository,
    types.map(({ id }) => id),
    NAME,
  );
  const clusters = trees.map(({ name, id, parent }) => [`${types[parent]!.name}/${name}`, id] as const);
  return { tree, clusters: new Map(clusters) };
}

/** The id of the tree that has these trees for clusters, and nothing else. */
export function treeOfClusters(clusters: Iterable<readonly [name: string, tree: string]>): string {
  const types = Map.groupBy(clusters, ([name]) => name.split('/')[0]!);
  const entries = [...types].map(([name, own]) =>
    folder(name, idOf(own.map(([cluster, tree]) => folder(cluster.split('/')[1]!, tree)))),
  );
  return idOf(entries);
}

function folder(name: string, id: string): TreeEntry {
  return { mode: FOLDER_MODE, name, id };
}

function idOf(entries: readonly TreeEntry[]): string {
  return objectId('tree', formatTree(entries));
}

/** A host's place and roles. */
export type PublishedHost = Pick<Manifest, 'type' | 'cluster' | 'host' | 'roles'>;

/**
 * The hosts of the trees of some clusters, by `type/cluster`: the folders with a manifest, by whichever khp it was made.
 * Roles are left out where it does not say them.
 */
export async function publishedHosts(
  repository: Repository,
  clusters: ReadonlyMap<string, string>,
): Promise<PublishedHost[]> {
  const names = [...clusters.keys()].map((name) => name.split('/') as [type: string, cluster: string]);
  const hosts = await childFolders(repository, [...clusters.values()], HOST_NAME);
  const found: PublishedHost[] = [];
  let at = 0;
  const manifests = hosts.map(({ id }) => `${id}:${MANIFEST_PATH}`);
  await readObjects({ repository, names: manifests }, (object) => {
    const { name: host, parent } = hosts[at++]!;
    const [type, cluster] = names[parent]!;
    if (object?.type === 'blob' && object.content)
      found.push({ type, cluster, host, roles: rolesIn(object.content) });
  });
  return found;
}

/** What a guard counts must not depend on this khp's schema: the khp that made it may be a later one. */
const WithRoles = z.object({ roles: z.array(z.string()) });

function rolesIn(bytes: Uint8Array): string[] {
  try {
    return WithRoles.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).roles;
  } catch {
    return [];
  }
}
