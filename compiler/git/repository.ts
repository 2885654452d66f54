import { mkdir } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { type Caller, type GitCommand, type GitResult, runGit } from './run-git.ts';

/** A git repository of this machine. */
export interface Repository {
  /** Absolute: `.git` of a work tree, or the folder of a bare repository. */
  readonly gitDir: string;
  readonly caller: Caller;
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
  const args = ['rev-parse', '--show-object-format', '--absolute-git-dir'];
  const { stdout } = await runGit({ caller, folder, remote: true, args });
  const [format, gitDir] = stdout.toString('utf8').split('\n');
  if (format !== 'sha1') throw new Error(`${folder}: repositories with ${format} ids are not supported`);
  return { gitDir: gitDir!, caller };
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
