import { access, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { remoteUrl } from './fetch.ts';
import { checkedRef, type RefOutcome, type RefUpdate } from './refs.ts';
import { git, type Repository } from './repository.ts';
import { GitError } from './run-git.ts';

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
  const { repository, updates, timeout } = request;
  if (updates.length === 0) return { ok: true };
  if (updates.some((update) => update.new === undefined))
    throw new Error('refs of a remote are never deleted');
  const folder = await mkdtemp(join(repository.gitDir, 'khp-push-'));
  try {
    await layOut(folder, request);
    const scratch: Repository = { gitDir: folder, caller: repository.caller };
    const args = ['push', '--atomic', '--force-with-lease', '--no-verify', '--quiet', 'target'];
    await git(scratch, [...args, 'refs/khp/new/*:refs/*'], { remote: true, timeout });
    return { ok: true };
  } catch (error) {
    if (!(error instanceof GitError) || !isConflict(error.stderr)) throw error;
    return { ok: false, reason: rejections(error.stderr) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the repository of one push; packed-refs is git's documented form of many refs in one file. */
async function layOut(folder: string, { repository, url, updates }: PushRequest): Promise<void> {
  if (remoteUrl(url, '/') !== url) throw new Error(`not an absolute path or a url: ${url}`);
  await mkdir(join(folder, 'objects', 'info'), { recursive: true });
  await mkdir(join(folder, 'refs'));
  const { stdout } = await git(repository, ['rev-parse', '--path-format=absolute', '--git-path', 'objects']);
  const objects = stdout.toString('utf8').replace(/\n$/, '');
  await writeFile(join(folder, 'objects', 'info', 'alternates'), `${objects}\n`);
  await copyShallow(repository, folder);
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
  const quoted = url.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  await writeFile(
    join(folder, 'config'),
    '[core]\n\trepositoryformatversion = 0\n\tbare = true\n' +
      `[remote "target"]\n\turl = "${quoted}"\n\tfetch = +refs/*:refs/khp/old/*\n`,
  );
  const refs: [string, string][] = [];
  for (const update of updates) {
    const name = checkedRef(update).slice('refs/'.length);
    refs.push([`refs/khp/new/${name}`, update.new!]);
    if (update.old !== undefined) refs.push([`refs/khp/old/${name}`, update.old]);
  }
  refs.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const lines = refs.map(([ref, id]) => `${id} ${ref}\n`).join('');
  await writeFile(join(folder, 'packed-refs'), `# pack-refs with: peeled fully-peeled sorted \n${lines}`);
}

async function copyShallow(repository: Repository, folder: string): Promise<void> {
  const shallow = join(repository.gitDir, 'shallow');
  const exists = await access(shallow).then(
    () => true,
    () => false,
  );
  if (exists) await copyFile(shallow, join(folder, 'shallow'));
}
