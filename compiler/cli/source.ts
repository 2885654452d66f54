import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { SETTINGS_FILE, WORKSPACE_FOLDERS } from '../1-load/layout.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { listTree, readTree } from '../git/read-tree.ts';
import { resolveCommit } from '../git/refs.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { GitError, runGit } from '../git/run-git.ts';
import { UsageError } from './console.ts';
import { type Source, workspaceRoot } from './work-tree.ts';

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
    const repository = await openRepository(root);
    const { stdout } = await runGit({
      caller: 'operator',
      folder: root,
      args: ['rev-parse', '--show-toplevel'],
    });
    const top = stdout.toString('utf8').replace(/\n$/, '');
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

/** The workspace as a commit has it. */
export async function commitSource({ repository, folder }: GitWorkspace, commit: string): Promise<Source> {
  const inside = (path: string) =>
    path === SETTINGS_FILE || WORKSPACE_FOLDERS.some((top) => path.startsWith(`${top}/`));
  const tree = { repository, treeish: commit, ...(folder === undefined ? {} : { folder }) };
  const links = (await listTree(tree)).filter(({ mode, path }) => !mode.startsWith('100') && inside(path));
  const files = await readTree(repository, commit, folder);
  return {
    files: new Map([...files].filter(([path]) => inside(path))),
    diagnostics: links.map(({ path }) =>
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
