import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileError } from './git-error.ts';
import { importPath } from './import-path.ts';
import { formatIdentity, type Identity } from './objects.ts';
import { quoted } from './quoted.ts';
import type { Repository } from './repository.ts';
import { type RunningGit, startGit } from './run-git.ts';
import { type ScratchRepository, scratchRepository } from './scratch-repository.ts';

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

/** Where fast-import, which makes no commit without a ref, notes the commit. */
const COMMIT_REF = 'refs/khp/commit';
/** The same for the commits whose folders are wanted, and not they. */
const FOLDER_REF = 'refs/khp/folder';
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
  /** Where the new objects are, and the refs of fast-import. */
  readonly #scratch: ScratchRepository;
  readonly #running: RunningGit;
  readonly #input = new PassThrough({ highWaterMark: BUFFERED });
  readonly #asked: Asked[] = [];
  #stdout = '';

  private constructor(scratch: ScratchRepository) {
    const { caller, gitDir } = scratch;
    this.#scratch = scratch;
    const args = ['fast-import', '--quiet', '--done', '--depth=0', '--date-format=raw-permissive'];
    this.#running = startGit({ caller, gitDir, args, input: this.#input });
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
    // How objects are stored is for the repository's settings to say.
    const settings = (config: string) => `[include]\n\tpath = ${quoted(config)}\n`;
    return new ObjectImport(await scratchRepository(repository, 'fast-import', settings));
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
    const answer = this.#answer();
    for (const text of folderCommands(path, changes)) await this.write(text);
    const tree = answer.then((line) => /^040000 tree ([0-9a-f]{40})\t/.exec(line)?.[1]);
    tree.catch(() => {});
    return { tree };
  }

  /** Makes a commit, ends the import, and gives the ids of the commit and of its tree. */
  async commit(commit: ImportCommit): Promise<{ readonly commit: string; readonly tree: string }> {
    const answers = [this.#answer(), this.#answer()];
    for (const text of commitCommands(commit)) await this.write(text);
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
    try {
      await this.#moveObjects();
    } catch (error) {
      throw fileError('fast-import', error);
    }
    await this.drop();
  }

  async #moveObjects(): Promise<void> {
    const { gitDir, borrowed } = this.#scratch;
    const made = join(gitDir, 'objects');
    const { mode } = await stat(borrowed);
    for (const name of await readdir(made)) {
      // It says only that the others are borrowed.
      if (name === 'info') continue;
      await mkdir(join(borrowed, name), { mode: mode & 0o7777 }).catch(ignoreExisting);
      const files = await readdir(join(made, name));
      const last = (file: string) => Number(file.endsWith('.idx'));
      for (const file of files.sort((a, b) => last(a) - last(b)))
        await rename(join(made, name, file), join(borrowed, name, file));
    }
  }

  /** Ends the import where it stands, and removes what it made. */
  async drop(): Promise<void> {
    this.#running.stop('the import was given up');
    this.#input.destroy();
    await this.#running.done.catch(() => {});
    await rm(this.#scratch.gitDir, { recursive: true, force: true });
  }
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
  yield `commit ${COMMIT_REF}\nmark :1\nauthor ${formatIdentity(author)}\ncommitter ${formatIdentity(committer)}\n`;
  yield `data ${Buffer.byteLength(message)}\n${message}${parent === undefined ? '\n' : `\nfrom ${parent}\n`}`;
  yield* changeCommands(changes);
  yield '\nget-mark :1\nls :1 ""\ndone\n';
}

function* folderCommands(path: string, changes: Iterable<PathChange>): Iterable<string> {
  yield `commit ${FOLDER_REF}\nmark :2\ncommitter khp <> 0 +0000\ndata 0\n`;
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
