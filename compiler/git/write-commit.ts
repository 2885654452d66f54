import { rm } from 'node:fs/promises';
import { importPath } from './import-path.ts';
import { formatIdentity, type Identity, objectId } from './objects.ts';
import { refsAside } from './refs-aside.ts';
import type { Repository } from './repository.ts';
import { runGit } from './run-git.ts';

/** A regular file of a tree to write. The same bytes may be the same array: they are then looked at once. */
export interface NewFile {
  /** From the root of the tree, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** 100644 where not said. */
  readonly mode?: '100644' | '100755';
}

/** A commit to write. */
export interface NewCommit {
  readonly repository: Repository;
  /** All files of its tree; with `onTop`, only those that differ from the parent's. */
  readonly files: Iterable<NewFile>;
  /** The id of its parent; a commit without one where not said. */
  readonly parent?: string | undefined;
  /** Keep the parent's tree, but for `files` and the paths that `removed` names. */
  readonly onTop?: { readonly removed: Iterable<string> };
  readonly author: Identity;
  readonly committer: Identity;
  readonly message: string;
}

/**
 * Writes a commit with its tree and files, each distinct content once, through `git fast-import`, and gives its id. No
 * ref moves. The same arguments give the same id. Throws where a path is none (empty parts, `.`, `..`, NUL), and where
 * git fails; what was written by then is garbage that git collects.
 */
export async function writeCommit(commit: NewCommit): Promise<string> {
  const { folder, objects } = await refsAside(commit.repository);
  try {
    const { stdout } = await runGit({
      caller: commit.repository.caller,
      gitDir: folder,
      args: ['fast-import', '--quiet', '--done', '--depth=0', '--date-format=raw-permissive'],
      input: joined(importStream(commit)),
      environment: { GIT_OBJECT_DIRECTORY: objects },
    });
    return stdout.toString('latin1').trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The name that fast-import needs for the commit; it is forgotten again before anything is stored under it. */
const NO_REF = 'refs/khp/none';
const COMMIT_MARK = 1;

function* importStream(commit: NewCommit): Iterable<string | Uint8Array> {
  const { parent, onTop, author, committer, message } = commit;
  const marks = new Marks();
  // The whole tree's lines are kept until all blobs are out: a commit command may hold nothing else.
  const lines: string[] = [];
  for (const { path, bytes, mode = '100644' } of commit.files) {
    const { mark, isNew } = marks.of(bytes);
    if (isNew) yield* [`blob\nmark :${mark}\ndata ${bytes.length}\n`, bytes, '\n'];
    lines.push(`M ${mode} :${mark} ${importPath(path)}\n`);
  }
  const text = Buffer.from(message, 'utf8');
  yield `commit ${NO_REF}\nmark :${COMMIT_MARK}\nauthor ${formatIdentity(author)}\ncommitter ${formatIdentity(committer)}\n`;
  yield `data ${text.length}\n`;
  yield text;
  yield parent === undefined ? '\n' : `\nfrom ${parent}\n`;
  if (onTop) for (const path of onTop.removed) yield `D ${importPath(path)}\n`;
  else yield 'deleteall\n';
  yield* lines;
  yield `\nreset ${NO_REF}\nfrom ${'0'.repeat(40)}\n\nget-mark :${COMMIT_MARK}\ndone\n`;
}

/** The number of each distinct content. */
class Marks {
  readonly #byArray = new Map<Uint8Array, number>();
  readonly #byId = new Map<string, number>();

  of(bytes: Uint8Array): { mark: number; isNew: boolean } {
    const seen = this.#byArray.get(bytes);
    if (seen !== undefined) return { mark: seen, isNew: false };
    const id = objectId('blob', bytes);
    const known = this.#byId.get(id);
    const mark = known ?? COMMIT_MARK + 1 + this.#byId.size;
    this.#byArray.set(bytes, mark);
    if (known === undefined) this.#byId.set(id, mark);
    return { mark, isNew: known === undefined };
  }
}

const CHUNK = 1 << 20;

/** Joins small pieces to large chunks: a write to a pipe costs more than a copy. */
function* joined(pieces: Iterable<string | Uint8Array>): Iterable<Uint8Array> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
    parts.push(bytes);
    size += bytes.length;
    if (size >= CHUNK) {
      yield Buffer.concat(parts);
      parts = [];
      size = 0;
    }
  }
  yield Buffer.concat(parts);
}
