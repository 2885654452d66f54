import { statSync } from 'node:fs';
import { parseCommit } from './objects.ts';
import { readObject } from './read-objects.ts';
import { git, type Repository } from './repository.ts';
import { GitError } from './run-git.ts';

/** A ref that is to move. */
export interface RefUpdate {
  readonly ref: string;
  /** The id that it must have now; undefined where it must not exist. */
  readonly old: string | undefined;
  /** The id that it gets; undefined to delete it. */
  readonly new: string | undefined;
}

/** Whether refs moved: all of them, or none, because one was not where it was expected. */
export type RefOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

const FORBIDDEN_IN_REF = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|\.$|\/$/;

/** Whether a text is the full name of a ref (`refs/…`), by the rules of git-check-ref-format. */
export function isRefName(text: string): boolean {
  return text.startsWith('refs/') && text.length <= 1024 && !FORBIDDEN_IN_REF.test(text);
}

/** The full name of a ref at the start of a name: up to `:path`, `^{tree}`, `~1` or `@{1}`. */
const LEADING_REF = /^refs\/(?:(?!@\{)[^:^~])*/;

/**
 * The id that a name (ref, `ref:path`, `ref^{tree}` …) stands for; undefined where it stands for nothing. What begins
 * with `refs/` is that very ref.
 */
export async function resolve(repository: Repository, name: string): Promise<string | undefined> {
  // Where there is no refs/heads/x, git itself would take a tag of the name `refs/heads/x`, which anybody may push.
  const ref = LEADING_REF.exec(name)?.[0];
  if (ref !== undefined && !(await listRefs(repository, [ref])).has(ref)) return undefined;
  if (repository.reader) return (await readObject(repository, name))?.id;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', name];
  // 128: the part before the colon is there, the path behind it is not.
  const { stdout, exit } = await git(repository, args, { exits: [0, 1, 128] });
  return exit === 0 ? stdout.toString('latin1').trim() : undefined;
}

/** The commit that a name stands for; undefined where it stands for no commit. */
export function resolveCommit(repository: Repository, name: string): Promise<string | undefined> {
  return resolve(repository, `${name}^{commit}`);
}

/** Refs and their ids, by name. A prefix ends in `/` and takes all below it, or is the full name of one ref. */
export async function listRefs(
  repository: Repository,
  prefixes: readonly string[],
): Promise<Map<string, string>> {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', ...prefixes];
  const { stdout } = await git(repository, args);
  const refs = new Map<string, string>();
  for (const line of stdout.toString('utf8').split('\n')) {
    const ref = line.slice(41);
    if (prefixes.some((prefix) => ref === prefix || (prefix.endsWith('/') && ref.startsWith(prefix)))) {
      refs.set(ref, line.slice(0, 40));
    }
  }
  return refs;
}

/** Whether `ancestor` is `descendant` or a commit before it; undefined where one of them is not in the repository. */
export async function isAncestor(
  repository: Repository,
  ancestor: string,
  descendant: string,
): Promise<boolean | undefined> {
  const isFull = (name: string) => /^[0-9a-f]{40}$/.test(name);
  if (isFull(ancestor) && isFull(descendant)) {
    if (await isNear(repository, ancestor, descendant)) return true;
    const args = ['merge-base', '--is-ancestor', ancestor, descendant];
    const { exit } = await git(repository, args, { exits: [0, 1, 128] });
    // 128: one of them is not there, or something else is wrong, which the long way tells apart.
    if (exit !== 128) return exit === 0;
  }
  const [from, to] = [await resolveCommit(repository, ancestor), await resolveCommit(repository, descendant)];
  if (from === undefined || to === undefined) return undefined;
  const { exit } = await git(repository, ['merge-base', '--is-ancestor', from, to], { exits: [0, 1] });
  return exit === 0;
}

/** Whether a commit is another one, or one of its parents; asked only where git need not be started for it. */
async function isNear(repository: Repository, ancestor: string, descendant: string): Promise<boolean> {
  if (!repository.reader) return false;
  const [from, to] = [await readObject(repository, ancestor), await readObject(repository, descendant)];
  if (from?.type !== 'commit' || to?.type !== 'commit') return false;
  const parents = to.content && parseCommit(to.content)?.parents;
  return ancestor === descendant || parents?.includes(ancestor) === true;
}

/** What git says where a ref is not where it was expected, or another process moves it at this moment. */
const CONFLICT = /cannot lock ref|reference already exists|but expected|Unable to create .*\.lock/;

/**
 * Moves refs as one transaction, each only from its expected id. `reason` goes to the reflogs that there are. Throws a
 * GitError for a lock that nobody seems to hold: what would follow it, if somebody did, only a person knows.
 */
export async function updateRefs(
  repository: Repository,
  updates: readonly RefUpdate[],
  reason: string,
): Promise<RefOutcome> {
  if (updates.length === 0) return { ok: true };
  const zero = '0'.repeat(40);
  const input = updates
    .map((update) => `update ${checkedRef(update)}\0${update.new ?? zero}\0${update.old ?? zero}\0`)
    .join('');
  try {
    await git(repository, ['update-ref', '--no-deref', '-m', reason, '-z', '--stdin'], { input });
    return { ok: true };
  } catch (error) {
    if (!(error instanceof GitError) || !CONFLICT.test(error.stderr)) throw error;
    const left = leftLock(error.stderr);
    if (left !== undefined) throw new GitError({ ...error, reason: left });
    return { ok: false, reason: lastLine(error.stderr) };
  }
}

/** A lock that is older than git waits for one (see core.filesRefLockTimeout) is of no move that is under way. */
const LOCK_MS = 10_000;

/** What to say of a lock that a killed git has left; undefined where git speaks of none, or of one that is at work. */
function leftLock(stderr: string): string | undefined {
  const path = /Unable to create '(.*\.lock)': File exists/.exec(stderr)?.[1];
  const since = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })?.mtime;
  if (!since || Date.now() - since.getTime() < LOCK_MS) return undefined;
  const time = since.toISOString().replace(/\.\d{3}Z$/, 'Z');
  return `${path} is there since ${time}: a git was killed, or still runs; see that none does, and remove it`;
}

/** The ref's name; throws where it is none. */
export function checkedRef({ ref }: Pick<RefUpdate, 'ref'>): string {
  if (!isRefName(ref)) throw new Error(`not the name of a ref: ${JSON.stringify(ref)}`);
  return ref;
}

function lastLine(text: string): string {
  return text
    .trim()
    .split('\n')
    .at(-1)!
    .replace(/^fatal: /, '');
}

/** The ids of a commit and those before it, the latest first; `limit` of them at most. Empty where there is none. */
export async function listCommits(repository: Repository, name: string, limit: number): Promise<string[]> {
  const tip = await resolveCommit(repository, name);
  if (tip === undefined) return [];
  const { stdout } = await git(repository, ['rev-list', '--first-parent', `--max-count=${limit}`, tip]);
  return stdout.toString('latin1').split('\n').filter(Boolean);
}
