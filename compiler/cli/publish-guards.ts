import { SETTINGS_FILE } from '../1-load/layout.ts';
import { load } from '../1-load/load.ts';
import type { Settings } from '../1-load/settings.ts';
import { checkRemovals, type Member } from '../4-seal/check-removals.ts';
import type { Compilation } from '../compile.ts';
import { MANIFEST_PATH, Manifest } from '../contract/manifest.ts';
import { BUNDLES_REF } from '../contract/names.ts';
import { parsePublication } from '../contract/publication.ts';
import { parseCommit } from '../git/objects.ts';
import { readObject } from '../git/read-objects.ts';
import { readTree } from '../git/read-tree.ts';
import { type RefStore, readRefs } from '../git/ref-store.ts';
import { isAncestor, resolveCommit } from '../git/refs.ts';
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
 * The branch whose commits are published: what the commit published last says, so that no branch can appoint itself in
 * its own khp.yml; the settings' own where nothing was published yet.
 */
export async function publishedBranch(
  { repository, folder }: GitWorkspace,
  target: RefStore,
  settings: Settings,
): Promise<string> {
  const tip = (await readRefs(target, [BUNDLES_REF])).get(BUNDLES_REF);
  const commit = tip === undefined ? undefined : await readObject(target.repository, tip);
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
  for (const ref of [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`]) {
    const tip = await resolveCommit(repository, ref);
    if (tip !== undefined && (await isAncestor(repository, head, tip))) return;
  }
  throw new UsageError(
    `HEAD is not on ${branch}, the branch that is published (publish.branch of khp.yml); compile with --out DIR`,
  );
}

/** Why the compile would drop more hosts than it may without being told so. */
export async function removals(target: RefStore, { bundles }: Compilation): Promise<string[]> {
  const tip = (await readRefs(target, [BUNDLES_REF])).get(BUNDLES_REF);
  if (tip === undefined) return [];
  const before: Member[] = [];
  for (const [path, bytes] of await readTree(target.repository, tip)) {
    const parts = path.split('/');
    if (parts.length === 4 && parts[3] === MANIFEST_PATH) before.push(...memberOf(bytes));
  }
  return checkRemovals(
    before,
    bundles.map(({ manifest }) => manifest),
  );
}

/** The host of a manifest; none where it is not khp's, which the next commit puts right. */
function memberOf(bytes: Uint8Array): Member[] {
  try {
    return [Manifest.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))];
  } catch {
    return [];
  }
}
