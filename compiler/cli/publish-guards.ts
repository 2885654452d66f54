import { SETTINGS_FILE } from '../1-load/layout.ts';
import { load } from '../1-load/load.ts';
import type { Settings } from '../1-load/settings.ts';
import { checkRemovals, type Member } from '../4-seal/check-removals.ts';
import type { ClusterFiles } from '../5-publish/cluster-files.ts';
import { publishedHosts } from '../5-publish/published-clusters.ts';
import { parsePublication } from '../contract/publication.ts';
import { parseCommit } from '../git/objects.ts';
import { readObject } from '../git/read-objects.ts';
import type { RefStore } from '../git/ref-store.ts';
import { isAncestor, listRefs, resolveCommit } from '../git/refs.ts';
import type { Repository } from '../git/repository.ts';
import { UsageError } from './console.ts';
import { count } from './diff-text.ts';
import { type GitWorkspace, uncommitted } from './source.ts';

/** Refuses to publish HEAD while the work tree says something else. */
export async function refuseUncommitted(workspace: GitWorkspace): Promise<void> {
  const paths = await uncommitted(workspace);
  if (paths.length === 0) return;
  const what = paths.length > 1 ? `${paths[0]} and ${count(paths.length - 1, 'other file')}` : paths[0];
  throw new UsageError(`${what} not as in HEAD: commit it all, or compile the work tree with --out DIR`);
}

/**
 * The branch whose commits are published: what the commit published last (`tip`) says, so that no branch can appoint itself in
 * its own khp.yml; the settings' own where nothing was published yet.
 */
export async function publishedBranch(
  { repository, folder }: GitWorkspace,
  tip: { readonly repository: Repository; readonly id: string } | undefined,
  settings: Settings,
): Promise<string> {
  const commit = tip && (await readObject(tip.repository, tip.id));
  const source = parsePublication(parseCommit(commit?.content ?? new Uint8Array())?.message ?? '')?.source;
  if (source === undefined || (await resolveCommit(repository, source)) === undefined)
    return settings.publish.branch;
  const path = folder === undefined ? SETTINGS_FILE : `${folder}/${SETTINGS_FILE}`;
  const file = await readObject(repository, `${source}:${path}`);
  const files = file?.content ? new Map([[SETTINGS_FILE, file.content]]) : new Map();
  return load(files).value.settings.publish.branch;
}

/** Refuses a commit that is not on the branch that is published: nobody has reviewed it. */
export async function refuseOtherBranch(
  { repository }: GitWorkspace,
  head: string,
  branch: string,
): Promise<void> {
  const names = [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`];
  const tips = await listRefs(repository, names);
  for (const tip of names.flatMap((name) => tips.get(name) ?? []))
    if (await isAncestor(repository, head, tip)) return;
  throw new UsageError(
    `HEAD is not on ${branch}, the branch that is published (publish.branch of khp.yml); compile with --out DIR`,
  );
}

/** A cluster as it is published, and what is known of that tree. */
export interface PublishedCluster {
  /** `type/cluster`. */
  readonly name: string;
  readonly tree: string;
  readonly files: ClusterFiles | undefined;
}

/** Why the compile would drop more hosts than it may without being told so. */
export async function removals(
  { repository }: RefStore,
  before: readonly PublishedCluster[],
  after: readonly Member[],
): Promise<string[]> {
  const known = before.flatMap(({ files }) => files ?? []);
  const unknown = new Map(before.flatMap(({ name, tree, files }) => (files ? [] : [[name, tree]])));
  const members = [...known.flatMap(membersOf), ...(await publishedHosts(repository, unknown))];
  return checkRemovals(members, after);
}

function membersOf({ type, cluster, hosts }: ClusterFiles): Member[] {
  return hosts.map(({ host, roles }) => ({ type, cluster, host, roles: [...roles] }));
}
