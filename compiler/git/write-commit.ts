import { blobCommand, type ImportCommit, ObjectImport, type PathChange } from './object-import.ts';
import { objectId } from './objects.ts';
import type { Repository } from './repository.ts';

/** A regular file of a tree to write. The same bytes may be the same array: they are then looked at once. */
export interface NewFile {
  /** From the root of the tree, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A commit to write. */
export interface NewCommit extends Pick<ImportCommit, 'author' | 'committer' | 'message'> {
  readonly repository: Repository;
  /** All files of its tree. */
  readonly files: Iterable<NewFile>;
  /** The id of its parent; a commit without one where not said. */
  readonly parent?: string | undefined;
}

/**
 * Writes a commit with its tree and files, each distinct content once, and gives its id. No ref moves. The same arguments
 * give the same id. Throws where a path is none (empty parts, `.`, `..`, NUL), and where git fails; nothing is written
 * then.
 */
export async function writeCommit(request: NewCommit): Promise<string> {
  const { repository, files, parent, author, committer, message } = request;
  const objects = await ObjectImport.start(repository);
  try {
    const changes = await sendFiles(objects, files);
    const made = await objects.commit({ parent, changes, author, committer, message });
    await objects.keep();
    return made.commit;
  } finally {
    await objects.drop();
  }
}

/** Sends each distinct content, and gives what makes the tree of them. */
async function sendFiles(objects: ObjectImport, files: Iterable<NewFile>): Promise<PathChange[]> {
  const changes: PathChange[] = [];
  const ids = new Map<Uint8Array, string>();
  const sent = new Set<string>();
  for (const { path, bytes } of files) {
    const file = ids.get(bytes) ?? objectId('blob', bytes);
    ids.set(bytes, file);
    changes.push({ path, file });
    if (sent.has(file)) continue;
    sent.add(file);
    const [head, tail] = blobCommand(bytes);
    for (const part of [head, bytes, tail]) await objects.write(part);
  }
  return changes;
}
