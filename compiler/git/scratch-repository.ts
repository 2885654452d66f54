import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from './git-error.ts';
import { quoted } from './quoted.ts';
import { git, type Repository } from './repository.ts';

/** A git directory for one run of git; to be removed by whoever asked for it. */
export interface ScratchRepository extends Repository {
  /** The folder of the objects that it borrows. */
  readonly borrowed: string;
}

/** By this name `git gc` knows what a kill has left. */
const NAME = 'tmp_objdir-khp-';
/** Milliseconds; what is this old is of no run that is under way. */
const LEFT_OVER = 24 * 3_600_000;

/**
 * Makes a bare repository that borrows the objects of another one, beside them: its refs, and the locks of them that a kill
 * leaves, are in nobody's way, and new objects stay in it. Throws a GitError, of `command`, where it cannot be made.
 * @param settings the text of its configuration; gets the path of the other's
 */
export async function scratchRepository(
  repository: Repository,
  command: 'fast-import' | 'push',
  settings: (config: string) => string,
): Promise<ScratchRepository> {
  const { objects, config } = await sharedPaths(repository);
  let gitDir: string | undefined;
  try {
    await removeLeftOver(objects);
    gitDir = await mkdtemp(join(objects, NAME));
    await mkdir(join(gitDir, 'refs'));
    await mkdir(join(gitDir, 'objects', 'info'), { recursive: true });
    await writeFile(join(gitDir, 'objects', 'info', 'alternates'), `${quoted(objects)}\n`);
    await writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/none\n');
    await writeFile(join(gitDir, 'config'), settings(config));
    return { gitDir, caller: repository.caller, borrowed: objects };
  } catch (error) {
    if (gitDir !== undefined) await rm(gitDir, { recursive: true, force: true });
    throw fileError(command, error);
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

/** Nobody else may do so: khp lets no git collect garbage, and its own repositories have no other user. */
async function removeLeftOver(objects: string): Promise<void> {
  for (const name of await readdir(objects)) {
    if (!name.startsWith(NAME)) continue;
    const folder = join(objects, name);
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
    // What is another user's, say, is in nobody's way.
    if (Date.now() - mtimeMs > LEFT_OVER) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}
