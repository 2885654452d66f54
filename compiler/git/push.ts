import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkedUrl } from './fetch.ts';
import { fileError } from './git-error.ts';
import { quoted } from './quoted.ts';
import { checkedRef, type RefOutcome, type RefUpdate } from './refs.ts';
import { git, type Repository } from './repository.ts';
import { GitError } from './run-git.ts';
import { scratchRepository } from './scratch-repository.ts';

/** What to push where. */
export interface PushRequest {
  /** Has the objects. */
  readonly repository: Repository;
  /** An absolute path, or an ssh, https, http, git or file url. */
  readonly url: string;
  readonly updates: readonly RefUpdate[];
  /** Milliseconds; for as long as it takes where not said. */
  readonly timeout?: number;
}

/** Whether git says that a ref is not where it was expected, or that another push moves it at this moment. */
function isConflict(messages: string): boolean {
  const lines = rejectedLines(messages);
  const moved =
    /\((?:stale info|fetch first|failed to update ref|cannot lock ref|incorrect old value|atomic transaction failed)/;
  const denied = /declined|denied|not permitted|prohibited|read-only|unpacker error/;
  return lines.some((line) => moved.test(line)) && !lines.some((line) => denied.test(line));
}

function rejectedLines(messages: string): string[] {
  return messages.split('\n').filter((line) => line.startsWith(' ! '));
}

/** The ref that is at fault, where git names it: the others are rejected only with it. */
function rejections(messages: string): string {
  const lines = rejectedLines(messages);
  const own = lines.find((line) => !/\(atomic (?:push|transaction) failed\)/.test(line));
  const remote = /^remote: error: (.*)$/m.exec(messages)?.[1];
  return (own ?? remote ?? lines[0] ?? messages).replace(/^ ! +/, '').trim();
}

/**
 * Moves refs of another repository as one transaction, each only from its expected id (`--atomic`,
 * `--force-with-lease`). Throws a GitError where the repository cannot be reached or does not allow it.
 *
 * A fleet has more refs than a command line can name, so what is pushed is one pattern: from a repository made for this
 * push, which borrows the objects, has the new ids as its refs, and the expected ones as its remote-tracking refs.
 */
export async function push(request: PushRequest): Promise<RefOutcome> {
  const { repository, url, updates, timeout } = request;
  if (updates.length === 0) return { ok: true };
  if (updates.some((update) => update.new === undefined))
    throw new Error('refs of a remote are never deleted');
  const config = target(checkedUrl(url));
  const scratch = await scratchRepository(repository, 'push', () => config);
  try {
    await writeRefs(scratch, updates);
    await copyShallow(repository, scratch);
    const args = ['push', '--atomic', '--force-with-lease', '--no-verify', '--quiet', 'target'];
    // Where it was well, git notes each ref here as well, where nobody looks.
    const settings = ['core.fsync=none'];
    await git(scratch, [...args, 'refs/khp/new/*:refs/*'], { remote: true, timeout, settings });
    return { ok: true };
  } catch (error) {
    if (!(error instanceof GitError)) throw fileError('push', error);
    if (!isConflict(error.stderr)) throw error;
    return { ok: false, reason: rejections(error.stderr) };
  } finally {
    await rm(scratch.gitDir, { recursive: true, force: true });
  }
}

/** The settings of the repository of one push. */
function target(url: string): string {
  return (
    '[core]\n\trepositoryformatversion = 0\n\tbare = true\n' +
    `[remote "target"]\n\turl = ${quoted(url)}\n\tfetch = +refs/*:refs/khp/old/*\n`
  );
}

/** Writes its refs; packed-refs is git's documented form of many refs in one file. */
async function writeRefs({ gitDir }: Repository, updates: readonly RefUpdate[]): Promise<void> {
  const refs: [string, string][] = [];
  for (const update of updates) {
    const name = checkedRef(update).slice('refs/'.length);
    refs.push([`refs/khp/new/${name}`, update.new!]);
    if (update.old !== undefined) refs.push([`refs/khp/old/${name}`, update.old]);
  }
  refs.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const lines = refs.map(([ref, id]) => `${id} ${ref}\n`).join('');
  await writeFile(join(gitDir, 'packed-refs'), `# pack-refs with: peeled fully-peeled sorted \n${lines}`);
}

async function copyShallow(repository: Repository, scratch: Repository): Promise<void> {
  const [from, to] = [repository, scratch].map(({ gitDir }) => join(gitDir, 'shallow')) as [string, string];
  await copyFile(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
