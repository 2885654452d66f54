import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { importPath } from './import-path.ts';
import { formatIdentity, type Identity } from './objects.ts';
import { git, type Repository } from './repository.ts';
import { type RunningGit, startGit } from './run-git.ts';

/** What becomes of one path of a tree. */
export type PathChange =
  /** A regular file; its blob was sent before, or the repository has it. */
  | { readonly path: string; readonly file: string }
  /** A whole folder, by the id of a tree that the repository has. */
  | { readonly path: string; readonly folder: string }
  | { readonly path: string; readonly removed: true };

/** A commit at the end of an import. */
export interface ImportCommit {
  readonly parent: string | undefined;
  /** What makes its tree out of an empty one, in order. */
  readonly changes: Iterable<PathChange>;
  readonly author: Identity;
  readonly committer: Identity;
  readonly message: string;
}

/** The name that fast-import needs for the commit; it is forgotten again before anything is stored under it. */
const NO_REF = 'refs/khp/none';
const BUFFERED = 4 << 20;

/**
 * Objects on their way into a repository, through one `git fast-import`. They wait in a folder of their own beside the
 * others, so nothing of them is in the repository until `keep`, and nothing is left of them after `drop`; what a kill
 * leaves, `git gc` takes for what it is and removes. Every method throws a GitError where git fails.
 */
export class ObjectImport {
  /** Where the repository's objects are. */
  readonly #objects: string;
  /** Where the new ones are. */
  readonly #folder: string;
  readonly #running: RunningGit;
  readonly #input = new PassThrough({ highWaterMark: BUFFERED });
  #stdout = '';

  private constructor(repository: Repository, objects: string, folder: string) {
    this.#objects = objects;
    this.#folder = folder;
    this.#running = startGit({
      ...repository,
      args: ['fast-import', '--quiet', '--done', '--depth=0', '--date-format=raw-permissive'],
      input: this.#input,
      environment: this.#environment(),
    });
    this.#running.stdout.setEncoding('latin1').on('data', (text: string) => {
      this.#stdout += text;
    });
    // Whoever writes next is told; nobody may be writing now.
    this.#running.done.catch(() => {});
  }

  static async start(repository: Repository): Promise<ObjectImport> {
    const objects = await objectFolder(repository);
    // By this name git knows what is left over, and removes it in time.
    const folder = await mkdtemp(join(objects, 'tmp_objdir-khp-'));
    return new ObjectImport(repository, objects, folder);
  }

  #environment(): Record<string, string> {
    const quoted = `"${this.#objects.replace(/["\\]/g, '\\$&')}"`;
    return { GIT_OBJECT_DIRECTORY: this.#folder, GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted };
  }

  /** Sends commands of fast-import, such as those of blobCommand; waits while git has enough to do. */
  async write(bytes: Uint8Array | string): Promise<void> {
    if (this.#input.write(bytes)) return;
    const drained = new Promise<void>((resolve) => this.#input.once('drain', resolve));
    await Promise.race([drained, this.#running.done]);
  }

  /** Makes a commit, ends the import, and gives the ids of the commit and of its tree. */
  async commit(commit: ImportCommit): Promise<{ readonly commit: string; readonly tree: string }> {
    for (const text of commitCommands(commit)) await this.write(text);
    this.#input.end();
    await this.#running.done;
    const [, id, tree] = /^([0-9a-f]{40})\n040000 tree ([0-9a-f]{40})\t\n$/.exec(this.#stdout) ?? [];
    if (id === undefined || tree === undefined)
      throw new Error(`git fast-import says ${JSON.stringify(this.#stdout)} of a commit`);
    return { commit: id, tree };
  }

  /** Moves the objects to the others: packs before the index that makes them seen. */
  async keep(): Promise<void> {
    const { mode } = await stat(this.#objects);
    for (const name of await readdir(this.#folder)) {
      await mkdir(join(this.#objects, name), { mode: mode & 0o7777 }).catch(ignoreExisting);
      const files = await readdir(join(this.#folder, name));
      const last = (file: string) => Number(file.endsWith('.idx'));
      for (const file of files.sort((a, b) => last(a) - last(b)))
        await rename(join(this.#folder, name, file), join(this.#objects, name, file));
    }
    await this.drop();
  }

  /** Ends the import where it stands, and removes what it made. */
  async drop(): Promise<void> {
    this.#running.stop('the import was given up');
    this.#input.destroy();
    await this.#running.done.catch(() => {});
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Where a repository's objects are: its own folder has them, unless it is that of a further work tree. */
async function objectFolder(repository: Repository): Promise<string> {
  const isFurther = await stat(join(repository.gitDir, 'commondir')).then(
    () => true,
    () => false,
  );
  if (!isFurther) return join(repository.gitDir, 'objects');
  const { stdout } = await git(repository, ['rev-parse', '--git-path', 'objects']);
  return stdout.toString('utf8').replace(/\n$/, '');
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** What fast-import takes for a blob, in two parts. */
export function blobCommand(bytes: Uint8Array): [head: string, tail: '\n'] {
  return [`blob\ndata ${bytes.length}\n`, '\n'];
}

function* commitCommands(commit: ImportCommit): Iterable<string> {
  const { parent, changes, author, committer, message } = commit;
  yield `commit ${NO_REF}\nmark :1\nauthor ${formatIdentity(author)}\ncommitter ${formatIdentity(committer)}\n`;
  yield `data ${Buffer.byteLength(message)}\n${message}${parent === undefined ? '\n' : `\nfrom ${parent}\n`}`;
  let lines = 'deleteall\n';
  for (const change of changes) {
    lines += commandOf(change);
    if (lines.length < 1 << 16) continue;
    yield lines;
    lines = '';
  }
  yield `${lines}\nreset ${NO_REF}\nfrom ${'0'.repeat(40)}\n\nget-mark :1\nls :1 ""\ndone\n`;
}

function commandOf(change: PathChange): string {
  const path = importPath(change.path);
  if ('file' in change) return `M 100644 ${change.file} ${path}\n`;
  return 'folder' in change ? `M 040000 ${change.folder} ${path}\n` : `D ${path}\n`;
}
