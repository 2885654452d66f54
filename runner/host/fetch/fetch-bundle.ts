import { rmSync } from 'node:fs';
import { hostRef } from '../../../compiler/contract/names.ts';
import { fetchRef } from '../../../compiler/git/fetch.ts';
import { FILE_MODE } from '../../../compiler/git/objects.ts';
import { readObject, readObjects } from '../../../compiler/git/read-objects.ts';
import { listTree, type TreeLine } from '../../../compiler/git/read-tree.ts';
import type { Repository } from '../../../compiler/git/repository.ts';
import { GitError } from '../../../compiler/git/run-git.ts';
import { MAX_BUNDLE, MAX_COMMIT, MAX_ENTRIES } from '../accept/limits.ts';
import type { FetchedBundle, Refusal } from '../accept/verdict.ts';
import { openOwn } from './own-repository.ts';

/** What was found at the host's ref. Nothing of it is believed yet. */
export type FetchOutcome =
  | { readonly kind: 'bundle'; readonly bytes: FetchedBundle }
  /** The repository has no ref of this host. */
  | { readonly kind: 'none' }
  /** Too large to be read at all. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** What to fetch, and the bare repository that keeps it. */
export interface FetchBundleRequest {
  readonly gitDir: string;
  readonly url: string;
  readonly host: string;
}

const TIMEOUT = 300_000;

/** Bytes of the listing of a tree: room for MAX_ENTRIES of them, of 800 bytes each. Nothing is verified before it. */
const MAX_LISTING = 16 << 20;

/** Fetches the one ref of a host, and reads its commit, tree and files. */
export async function fetchBundle(request: FetchBundleRequest): Promise<FetchOutcome> {
  try {
    return await fetchInto(request).catch((error: unknown) => {
      if (!(error instanceof GitError && BROKEN.test(error.stderr))) throw error;
      rmSync(request.gitDir, { recursive: true, force: true });
      return fetchInto(request);
    });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { kind: 'failed', code: 'fetch/failed', message: oneLine(error.message) };
  }
}

/**
 * What git says of a repository that a kill or a full disk left behind: a lock that nobody holds, objects that are cut
 * off. Ours is a cache, and the runner's lock keeps others out, so it is made anew.
 */
const BROKEN =
  /\.lock'|corrupt|bad object|loose object|unable to read|not a git repository|invalid sha1 pointer|missing blob|shallow file/i;

async function fetchInto({ gitDir, url, host }: FetchBundleRequest): Promise<FetchOutcome> {
  const repository = await openOwn(gitDir);
  const id = await fetchRef({ repository, url, ref: hostRef(host), depth: 1, timeout: TIMEOUT });
  return id === undefined ? { kind: 'none' } : readBundle(repository, id);
}

/** What git said, as one line without control characters. */
export function oneLine(message: string): string {
  return message
    .trim()
    .replace(/\s*\n\s*/g, '; ')
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')
    .slice(0, 2000);
}

async function readBundle(repository: Repository, id: string): Promise<FetchOutcome> {
  const commit = await readObject(repository, id, MAX_COMMIT);
  if (!commit)
    return { kind: 'failed', code: 'fetch/failed', message: `the repository lacks the object ${id}` };
  if (!commit.content) return oversize(`the commit has more than ${MAX_COMMIT} bytes`);
  const lines = await listTree({ repository, treeish: id, sizes: true, maxListing: MAX_LISTING });
  if (lines.length > MAX_ENTRIES) return oversize(`the tree has more than ${MAX_ENTRIES} entries`);
  const size = lines.reduce((sum, line) => sum + (line.size ?? 0), 0);
  if (size > MAX_BUNDLE) return oversize(`the bundle has more than ${MAX_BUNDLE} bytes`);
  const blobs = await readFiles(repository, lines);
  const entries = lines.map(({ path, mode }) => ({ path, mode }));
  return { kind: 'bundle', bytes: { commit: commit.content, entries, blobs } };
}

async function readFiles(
  repository: Repository,
  lines: readonly TreeLine[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = lines.filter(({ mode }) => mode === FILE_MODE);
  const contents = new Map<string, Uint8Array>();
  await readObjects({ repository, names: new Set(files.map(({ id }) => id)) }, (object, id) => {
    if (object?.content) contents.set(id, object.content);
  });
  return new Map(files.flatMap(({ path, id }) => (contents.has(id) ? [[path, contents.get(id)!]] : [])));
}

function oversize(message: string): FetchOutcome {
  return { kind: 'refused', refusal: { code: 'accept/oversize', message } };
}
