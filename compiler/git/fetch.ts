import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { checkedRef, listRefs, resolve } from './refs.ts';
import { git, type Repository } from './repository.ts';
import { GitError } from './run-git.ts';

/** What to fetch from where. */
export interface FetchRequest {
  /** Where the objects go. */
  readonly repository: Repository;
  /** An absolute path, or an ssh, https, http, git or file url. */
  readonly url: string;
  /** The full name of one ref. */
  readonly ref: string;
  /** Commits of its history; all where not said. */
  readonly depth?: number;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * The url of a repository as a person wrote it, with a path made absolute from `base`. Undefined for what is neither a
 * path nor a url that may be used (`ext::`, a leading dash, control characters).
 */
export function remoteUrl(text: string, base: string): string | undefined {
  if (text === '' || text.startsWith('-') || /[\0-\x1f\x7f]|::/.test(text)) return undefined;
  if (/^(?:ssh|https?|git|file):\/\/[^-]/.test(text)) return text;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return undefined;
  // git's own rule: a colon before the first slash is host:path of ssh.
  if (/^[^/]+:/.test(text)) return text;
  return isAbsolute(text) ? text : join(base, text);
}

/** The ref under which a ref of another repository is kept in ours. */
export function trackingRef(url: string, ref: string): string {
  const remote = createHash('sha256').update(url).digest('hex').slice(0, 12);
  return `refs/khp/remote/${remote}/${ref.slice('refs/'.length)}`;
}

/** The url of a repository; throws where it is none that remoteUrl gives. */
export function checkedUrl(url: string): string {
  if (remoteUrl(url, '/') !== url) throw new Error(`not an absolute path or a url: ${url}`);
  return url;
}

function fetchArguments(url: string, refspecs: readonly string[]): string[] {
  return ['--no-tags', '--no-write-fetch-head', '--quiet', '--end-of-options', checkedUrl(url), ...refspecs];
}

/**
 * Fetches exactly one ref, and keeps it as trackingRef(url, ref). Gives the id that it has there; undefined where the
 * other repository has no such ref (then ours is left as it was). Throws a GitError where it cannot be reached.
 */
export async function fetchRef(request: FetchRequest): Promise<string | undefined> {
  const { repository, url, ref, depth, timeout, environment } = request;
  const into = trackingRef(url, checkedRef({ ref }));
  const history = depth === undefined ? [] : [`--depth=${depth}`];
  try {
    await git(repository, ['fetch', ...history, ...fetchArguments(url, [`+${ref}:${into}`])], {
      remote: true,
      timeout,
      environment,
    });
  } catch (error) {
    if (error instanceof GitError && error.stderr.includes("couldn't find remote ref")) return undefined;
    throw error;
  }
  return resolve(repository, into);
}

/** What to fetch from where: refs by prefix, with all of their history. */
export interface FetchAllRequest {
  readonly repository: Repository;
  readonly url: string;
  /** Full names of refs, or prefixes that end in `/`. */
  readonly prefixes: readonly string[];
}

/**
 * Fetches all refs of some prefixes and gives the ids that they have in the other repository, by their names there.
 * Nothing is transferred for refs that ours has already.
 */
export async function fetchRefs(request: FetchAllRequest): Promise<Map<string, string>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchOnce(request);
    } catch (error) {
      // Another fetch of the same refs, into the same repository, at this moment.
      const isRace =
        error instanceof GitError && /cannot lock ref|Unable to create .*\.lock/.test(error.stderr);
      if (!isRace || attempt === ATTEMPTS) throw error;
    }
  }
}

const ATTEMPTS = 10;

async function fetchOnce(request: FetchAllRequest): Promise<Map<string, string>> {
  const { repository, url, prefixes } = request;
  const there = await listRemoteRefs(request);
  const kept = await listRefs(repository, [trackingRef(url, 'refs/')]);
  const isKept = ([ref, id]: [string, string]): boolean => kept.get(trackingRef(url, ref)) === id;
  if ([...there].every(isKept)) return there;
  const refspecs = prefixes
    .filter((prefix) => prefix.endsWith('/') || there.has(prefix))
    .map((prefix) => (prefix.endsWith('/') ? `${prefix}*` : prefix))
    .map((pattern) => `+${pattern}:${trackingRef(url, pattern)}`);
  await git(repository, ['fetch', '--prune', ...fetchArguments(url, refspecs)], { remote: true });
  const own = trackingRef(url, 'refs/');
  const fetched = await listRefs(
    repository,
    prefixes.map((prefix) => trackingRef(url, prefix)),
  );
  // A ref that was not there a moment ago was not fetched, and what ours has of it is old.
  return new Map(
    [...fetched]
      .map(([ref, id]): [string, string] => [`refs/${ref.slice(own.length)}`, id])
      .filter(([ref]) => !prefixes.includes(ref) || there.has(ref)),
  );
}

async function listRemoteRefs({ repository, url, prefixes }: FetchAllRequest): Promise<Map<string, string>> {
  const patterns = prefixes.map((prefix) => (prefix.endsWith('/') ? `${prefix}*` : prefix));
  const args = ['ls-remote', '--quiet', '--refs', '--end-of-options', checkedUrl(url), ...patterns];
  const { stdout } = await git(repository, args, { remote: true });
  const refs = new Map<string, string>();
  for (const line of stdout.toString('utf8').split('\n')) {
    const [id, ref] = line.split('\t');
    // ls-remote matches patterns at the end of a name too.
    const asked = prefixes.some(
      (prefix) => ref === prefix || (prefix.endsWith('/') && ref?.startsWith(prefix)),
    );
    if (ref !== undefined && asked) refs.set(ref, id!);
  }
  return refs;
}
