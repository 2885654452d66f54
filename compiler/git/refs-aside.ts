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
  const { objects, config } = await sharedPaths(repository);
  let folder: string | undefined;
  try {
    // By this name git knows what is left over.
    folder = await mkdtemp(join(objects, 'tmp_objdir-khp-'));
    await mkdir(join(folder, 'refs'));
    await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
    await writeFile(join(folder, 'config'), `[include]\n\tpath = "${config.replace(/["\\]/g, '\\$&')}"\n`);
    return { folder, objects };
  } catch (error) {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    const reason = `${objects}: ${(error as Error).message}`;
    throw new GitError({ args: ['fast-import'], exit: undefined, stderr: '', reason });
  }
}

/** Where a repository's objects and its settings are: in its own folder, unless that is of a further work tree. */
async function sharedPaths(repository: Repository): Promise<{ objects: string; config: string }> {
  const { gitDir } = repository;
  const isFurther = await stat(join(gitDir, 'commondir')).then(
    () => true,
    () => false,
  );
  if (!isFurther) return { objects: join(gitDir, 'objects'), config: join(gitDir, 'config') };
  const args = ['rev-parse', '--path-format=absolute', '--git-path', 'objects', '--git-path', 'config'];
  const [objects, config] = (await git(repository, args)).stdout.toString('utf8').split('\n');
  return { objects: objects!, config: config! };
}
