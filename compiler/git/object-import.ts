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
/** The same for the commits whose folders are wanted, and not they. */
const PART_REF = 'refs/khp/part';
const BUFFERED = 4 << 20;

interface Asked {
  readonly resolve: (line: string) => void;
  readonly reject: (error: unknown) => void;
}

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
  readonly #asked: Asked[] = [];
  #stdout = '';
  #hasParts = false;

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
      const lines = (this.#stdout + text).split('\n');
      this.#stdout = lines.pop()!;
      for (const line of lines) this.#asked.shift()?.resolve(line);
    });
    const end = (error: unknown): void => {
      for (const { reject } of this.#asked.splice(0)) reject(error);
    };
    // Whoever writes next is told as well; nobody may be writing now.
    this.#running.done.then(() => end(new Error('git fast-import ended before it had answered')), end);
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

  /** The next line that git says; whoever waits for it is told where git fails. */
  #answer(): Promise<string> {
    const answer = new Promise<string>((resolve, reject) => this.#asked.push({ resolve, reject }));
    answer.catch(() => {});
    return answer;
  }

  /**
   * Makes a folder by changes of an empty tree, which all lie below it, so that its trees are stored while others are
   * still being made. Nothing else may be sent until that is told; then the id of its tree comes in time, undefined
   * where nothing is in it.
   */
  async folder(path: string, changes: Iterable<PathChange>): Promise<{ tree: Promise<string | undefined> }> {
    this.#hasParts = true;
    const answer = this.#answer();
    for (const text of partCommands(path, changes)) await this.write(text);
    const tree = answer.then((line) => /^040000 tree ([0-9a-f]{40})\t/.exec(line)?.[1]);
    tree.catch(() => {});
    return { tree };
  }

  /** Makes a commit, ends the import, and gives the ids of the commit and of its tree. */
  async commit(commit: ImportCommit): Promise<{ readonly commit: string; readonly tree: string }> {
    const answers = [this.#answer(), this.#answer()];
    for (const text of commitCommands(commit, this.#hasParts)) await this.write(text);
    this.#input.end();
    await this.#running.done;
    const [id, root] = await Promise.all(answers);
    const tree = /^040000 tree ([0-9a-f]{40})\t$/.exec(root!)?.[1];
    if (!/^[0-9a-f]{40}$/.test(id!) || tree === undefined)
      throw new Error(`git fast-import says ${JSON.stringify([id, root])} of a commit`);
    return { commit: id!, tree };
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

function* commitCommands(commit: ImportCommit, hasParts: boolean): Iterable<string> {
  const { parent, changes, author, committer, message } = commit;
  yield `commit ${NO_REF}\nmark :1\nauthor ${formatIdentity(author)}\ncommitter ${formatIdentity(committer)}\n`;
  yield `data ${Buffer.byteLength(message)}\n${message}${parent === undefined ? '\n' : `\nfrom ${parent}\n`}`;
  yield* changeCommands(changes);
  for (const ref of [NO_REF, ...(hasParts ? [PART_REF] : [])])
    yield `\nreset ${ref}\nfrom ${'0'.repeat(40)}\n`;
  yield '\nget-mark :1\nls :1 ""\ndone\n';
}

function* partCommands(path: string, changes: Iterable<PathChange>): Iterable<string> {
  yield `commit ${PART_REF}\nmark :2\ncommitter khp <> 0 +0000\ndata 0\n`;
  yield* changeCommands(changes);
  yield `\nls :2 ${importPath(path)}\n`;
}

/** Changes of an empty tree. */
function* changeCommands(changes: Iterable<PathChange>): Iterable<string> {
  let lines = 'deleteall\n';
  for (const change of changes) {
    lines += commandOf(change);
    if (lines.length < 1 << 16) continue;
    yield lines;
    lines = '';
  }
  yield lines;
}

function commandOf(change: PathChange): string {
  const path = importPath(change.path);
  if ('file' in change) return `M 100644 ${change.file} ${path}\n`;
  return 'folder' in change ? `M 040000 ${change.folder} ${path}\n` : `D ${path}\n`;
}
