import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { SETTINGS_FILE, WORKSPACE_FOLDERS } from '../1-load/layout.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { listTree, type TreeLine } from '../git/read-tree.ts';
import { resolveCommit } from '../git/refs.ts';
import { openWorkTree, type Repository } from '../git/repository.ts';
import { GitError, runGit } from '../git/run-git.ts';
import { UsageError } from './console.ts';
import { workspaceRoot } from './work-tree.ts';

/** The workspace as a part of a git repository. */
export interface GitWorkspace {
  readonly repository: Repository;
  /** The workspace's folder in the work tree. */
  readonly root: string;
  /** The workspace's folder in a commit's tree; undefined where it is the whole tree. */
  readonly folder: string | undefined;
}

/** The git repository that the workspace around a folder lies in. */
export async function gitWorkspace(folder: string): Promise<GitWorkspace> {
  const root = workspaceRoot(folder);
  try {
    const { repository, top } = await openWorkTree(root);
    const inner = relative(realpathSync(top), realpathSync(root));
    return { repository, root, folder: inner === '' ? undefined : inner };
  } catch (error) {
    if (error instanceof GitError)
      throw new UsageError(`${root} is not in a git repository: ${error.message}`);
    throw error;
  }
}

/** The commit that a revision names. */
export async function commitOf({ repository }: GitWorkspace, revision: string): Promise<string> {
  const commit = await resolveCommit(repository, revision);
  if (commit === undefined) throw new UsageError(`"${revision}" names no commit`);
  return commit;
}

/** The files of the workspace as a commit has it, by the ids of their contents, and what is wrong with others. */
export async function commitEntries(
  { repository, folder }: GitWorkspace,
  commit: string,
): Promise<{ files: Map<string, string>; diagnostics: Diagnostic[] }> {
  const lines = (await listTree({ repository, treeish: commit, folder })).filter(
    ({ path }) => path === SETTINGS_FILE || WORKSPACE_FOLDERS.some((top) => path.startsWith(`${top}/`)),
  );
  const isFile = ({ mode }: TreeLine) => mode.startsWith('100');
  return {
    files: new Map(lines.filter(isFile).map(({ path, id }) => [path, id])),
    diagnostics: lines
      .filter((line) => !isFile(line))
      .map(({ path }) =>
        diagnose('load/symbolic-link', {
          place: { file: path, line: 1, column: 1 },
          message: `\`${path}\` is a symbolic link or a submodule, which is not followed`,
        }),
      ),
  };
}

/** Files of the workspace that differ from HEAD in the work tree or the index, or that git does not know. */
export async function uncommitted({ root }: GitWorkspace): Promise<string[]> {
  const paths = [SETTINGS_FILE, ...WORKSPACE_FOLDERS];
  const args = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', ...paths];
  const { stdout } = await runGit({ caller: 'operator', folder: root, args });
  const entries = stdout
    .toString('utf8')
    .split('\0')
    .filter((entry) => entry !== '');
  return entries.map((entry) => entry.slice(3));
}
