import { mkdir } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ObjectReader } from './object-reader.ts';
import { type Caller, type GitCommand, type GitResult, runGit } from './run-git.ts';

/** A git repository of this machine. */
export interface Repository {
  /** Absolute: `.git` of a work tree, or the folder of a bare repository. */
  readonly gitDir: string;
  readonly caller: Caller;
  /** Answers what is asked of its objects, where many questions are to come; see withReader. */
  readonly reader?: ObjectReader;
}

/** A work tree and its repository. */
export interface WorkTree {
  readonly repository: Repository;
  /** The root of the work tree, with links followed. */
  readonly top: string;
}

/** A run of git in a repository, without what the repository itself says. */
export type RepositoryCommand = Omit<GitCommand, 'gitDir' | 'folder' | 'caller' | 'args'>;

/** Runs git in a repository; see runGit. */
export function git(
  { gitDir, caller }: Repository,
  args: readonly string[],
  command: RepositoryCommand = {},
): Promise<GitResult> {
  return runGit({ ...command, gitDir, caller, args });
}

/**
 * The repository at or around a folder (a work tree, or a bare repository), found as git itself finds it: one that
 * belongs to another user is refused unless the operator's `safe.directory` names it.
 * Throws a GitError where there is none, and for a repository whose ids are not SHA-1.
 */
export async function openRepository(folder: string, caller: Caller = 'operator'): Promise<Repository> {
  return (await located({ folder, caller }, [])).repository;
}

/** The work tree around a folder, and its repository; see openRepository. Throws where the repository has none. */
export async function openWorkTree(folder: string, caller: Caller = 'operator'): Promise<WorkTree> {
  const { repository, rest } = await located({ folder, caller }, ['--show-toplevel']);
  return { repository, top: rest.slice(0, -1).join('\n') };
}

async function located(
  { folder, caller }: { folder: string; caller: Caller },
  more: readonly string[],
): Promise<{ repository: Repository; rest: string[] }> {
  const args = ['rev-parse', '--show-object-format', '--absolute-git-dir', ...more];
  const { stdout } = await runGit({ caller, folder, remote: true, args });
  const [format, gitDir, ...rest] = stdout.toString('utf8').split('\n');
  if (format !== 'sha1') throw new Error(`${folder}: repositories with ${format} ids are not supported`);
  return { repository: { gitDir: gitDir!, caller }, rest };
}

/** Does something with a repository of whose objects much is asked, by one run of git. */
export async function withReader<T>(
  { gitDir, caller }: Repository,
  use: (repository: Repository) => Promise<T>,
): Promise<T> {
  const reader = new ObjectReader({ gitDir, caller });
  try {
    return await use({ gitDir, caller, reader });
  } finally {
    reader.close();
  }
}

/** Makes a bare repository at an absolute path, folders above it included; one that is there already is kept as it is. */
export async function initRepository(path: string, caller: Caller = 'operator'): Promise<Repository> {
  if (!isAbsolute(path)) throw new Error(`not an absolute path: ${path}`);
  await mkdir(path, { recursive: true });
  const args = [
    'init',
    '--quiet',
    '--bare',
    '--template=',
    '--object-format=sha1',
    '--initial-branch=main',
    path,
  ];
  await runGit({ caller, args });
  return { gitDir: path, caller };
}
