import { join } from 'node:path';
import { fetchRefs, remoteUrl } from './fetch.ts';
import { push } from './push.ts';
import { listRefs, type RefOutcome, type RefUpdate, updateRefs } from './refs.ts';
import { initRepository, type Repository } from './repository.ts';

/**
 * Where refs are kept: in a repository of this machine, or, with a url, in the one behind it. `repository` has the
 * objects either way.
 */
export interface RefStore {
  readonly repository: Repository;
  /** An absolute path, or an ssh, https, http, git or file url (see remoteUrl). */
  readonly url?: string | undefined;
}

/** Which store to open. */
export interface StoreRequest {
  readonly workspace: Repository;
  /** The absolute path that a relative path in `url` starts from. */
  readonly root: string;
  /** As a person wrote it; the workspace's own repository where not said. */
  readonly url: string | undefined;
}

/**
 * The store that a workspace's settings name. The objects for one behind a url are made in a repository of khp's own,
 * within the workspace's, so that its refs never show among the user's. Undefined where the url is none.
 */
export async function openRefStore({ workspace, root, url }: StoreRequest): Promise<RefStore | undefined> {
  if (url === undefined) return { repository: workspace };
  const absolute = remoteUrl(url, root);
  if (absolute === undefined) return undefined;
  const repository = await initRepository(join(workspace.gitDir, 'khp', 'store.git'), workspace.caller);
  return { repository, url: absolute };
}

/** Refs and their ids now, by name, with their objects at hand. A prefix ends in `/`, or is one ref's full name. */
export function readRefs(
  { repository, url }: RefStore,
  prefixes: readonly string[],
): Promise<Map<string, string>> {
  return url === undefined ? listRefs(repository, prefixes) : fetchRefs({ repository, url, prefixes });
}

/** Moves refs as one transaction, each only from its expected id. `reason` goes to the reflogs that there are. */
export function moveRefs(
  { repository, url }: RefStore,
  updates: readonly RefUpdate[],
  reason: string,
): Promise<RefOutcome> {
  return url === undefined ? updateRefs(repository, updates, reason) : push({ repository, url, updates });
}
