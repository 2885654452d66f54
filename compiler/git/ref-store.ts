import { fetchRefs } from './fetch.ts';
import { push } from './push.ts';
import { listRefs, type RefOutcome, type RefUpdate, updateRefs } from './refs.ts';
import type { Repository } from './repository.ts';

/**
 * Where refs are kept: in a repository of this machine, or, with a url, in the one behind it. `repository` has the
 * objects either way.
 */
export interface RefStore {
  readonly repository: Repository;
  /** An absolute path, or an ssh, https, http, git or file url (see remoteUrl). */
  readonly url?: string | undefined;
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
