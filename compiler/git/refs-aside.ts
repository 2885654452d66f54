import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GitError } from './git-error.ts';
import { git, type Repository } from './repository.ts';

/** A git directory of its own, whose refs are nobody's. */
export interface RefsAside {
  /** To be removed by whoever asked for it; what a kill leaves of it, `git gc` removes. */
  readonly folder: string;
  /** Where the repository's objects are. */
  readonly objects: string;
}

/**
 * Makes one for `git fast-import`, which must have a ref for a commit, and locks refs to forget it again: a lock that a kill
 * leaves here is in nobody's way. The repository's settings count in it. Throws a GitError where it cannot be made.
 */
export async function refsAside(repository: Repository): Promise<RefsAside> {
  const objects = await objectFolder(repository);
  const config = join(repository.gitDir, 'config').replace(/["\\]/g, '\\$&');
  let folder: string | undefined;
  try {
    // By this name git knows what is left over.
    folder = await mkdtemp(join(objects, 'tmp_objdir-khp-'));
    await mkdir(join(folder, 'refs'));
    await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
    await writeFile(join(folder, 'config'), `[include]\n\tpath = "${config}"\n`);
    return { folder, objects };
  } catch (error) {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    const reason = `${objects}: ${(error as Error).message}`;
    throw new GitError({ args: ['fast-import'], exit: undefined, stderr: '', reason });
  }
}

/** A repository's own folder has its objects, unless it is that of a further work tree. */
async function objectFolder(repository: Repository): Promise<string> {
  const isFurther = await stat(join(repository.gitDir, 'commondir')).then(
    () => true,
    () => false,
  );
  if (!isFurther) return join(repository.gitDir, 'objects');
  const { stdout } = await git(repository, ['rev-parse', '--git-path', 'objects']);
  return stdout.toString('utf8').replace(/\n$/, '');
}
