import { createHash } from 'node:crypto';

/** A type of object that git stores. */
export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** The id that git gives to an object of this content: SHA-1, hex. */
export function objectId(type: ObjectType, content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}

/** An entry of one tree object. */
export interface TreeEntry {
  /** As git writes it: 100644, 100755, 120000 (link), 160000 (submodule), 40000 (folder). */
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

export const FOLDER_MODE = '40000';
export const FILE_MODE = '100644';

/** The content of a tree object. Entries in any order; names must be distinct. */
export function formatTree(entries: readonly TreeEntry[]): Buffer {
  const sorted = entries
    .map((entry) => ({
      entry,
      // git sorts a folder as if its name ended in a slash.
      key: Buffer.from(entry.mode === FOLDER_MODE ? `${entry.name}/` : entry.name, 'utf8'),
    }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat(
    sorted.flatMap(({ entry: { mode, name, id } }) => [
      Buffer.from(`${mode} ${name}\0`, 'utf8'),
      Buffer.from(id, 'hex'),
    ]),
  );
}

/** Reads a tree object; undefined where it is damaged or a name is not UTF-8. */
export function parseTree(content: Uint8Array): TreeEntry[] | undefined {
  const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const entries: TreeEntry[] = [];
  let offset = 0;
  while (offset < buffer.length) {
    const space = buffer.indexOf(0x20, offset);
    const end = buffer.indexOf(0, offset);
    if (space < 0 || end < space || end + 21 > buffer.length) return undefined;
    const mode = buffer.toString('latin1', offset, space);
    const name = buffer.toString('utf8', space + 1, end);
    if (!/^[0-7]{5,6}$/.test(mode) || !Buffer.from(name, 'utf8').equals(buffer.subarray(space + 1, end))) {
      return undefined;
    }
    offset = end + 21;
    entries.push({ mode, name, id: buffer.toString('hex', end + 1, offset) });
  }
  return entries;
}

/** Who, and when. */
export interface Identity {
  readonly name: string;
  readonly email: string;
  /** Seconds since the epoch. */
  readonly time: number;
  /** As git writes it: `+0000`. */
  readonly zone: string;
}

/** A commit object. */
export interface Commit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Identity;
  readonly committer: Identity;
  readonly message: string;
}

/** `name <mail> seconds zone`. What would break the line is taken out of name and address, as git does. */
export function formatIdentity({ name, email, time, zone }: Identity): string {
  return `${withoutCrud(name)} <${withoutCrud(email)}> ${time} ${zone}`;
}

function withoutCrud(text: string): string {
  return text.replace(/[<>\n\0]/g, '').replace(/^[\s.,:;"\\']+|[\s.,:;"\\']+$/g, '');
}

/** The content of a commit object, unsigned. */
export function formatCommit({ tree, parents, author, committer, message }: Commit): Buffer {
  const parentLines = parents.map((parent) => `parent ${parent}\n`).join('');
  return Buffer.from(
    `tree ${tree}\n${parentLines}author ${formatIdentity(author)}\ncommitter ${formatIdentity(committer)}\n\n${message}`,
    'utf8',
  );
}

/**
 * Reads any commit object, other headers (signatures, encoding) skipped; undefined where it is damaged. To believe what
 * a commit says, use verifyCommit, which is strict.
 */
export function parseCommit(content: Uint8Array): Commit | undefined {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8');
  const blank = text.indexOf('\n\n');
  const head = blank < 0 ? '' : text.slice(0, blank + 1);
  const match = /^tree ([0-9a-f]{40})\n((?:parent [0-9a-f]{40}\n)*)author (.*)\ncommitter (.*)\n/.exec(head);
  const author = match && parseIdentity(match[3]!);
  const committer = match && parseIdentity(match[4]!);
  if (!author || !committer) return undefined;
  return {
    tree: match[1]!,
    parents: match[2]!.match(/[0-9a-f]{40}/g) ?? [],
    author,
    committer,
    message: text.slice(blank + 2),
  };
}

function parseIdentity(text: string): Identity | undefined {
  const match = /^(.*?) ?<(.*)> (\d{1,12}) ([+-]\d{4})$/.exec(text);
  return match ? { name: match[1]!, email: match[2]!, time: Number(match[3]), zone: match[4]! } : undefined;
}

/** A file of a tree, by its id. */
export interface TreeFile {
  /** From the root of the tree, with `/`. */
  readonly path: string;
  readonly id: string;
}

/** Files by path, by their ids. The same bytes in the same array are looked at once: most files are alike on many hosts. */
export function treeFiles(files: ReadonlyMap<string, Uint8Array>): TreeFile[] {
  const ids = new Map<Uint8Array, string>();
  return Array.from(files, ([path, bytes]) => {
    const id = ids.get(bytes) ?? objectId('blob', bytes);
    ids.set(bytes, id);
    return { path, id };
  });
}

/**
 * The ids of every folder of a tree of regular files, by path; the root's is that of ''. Nothing is stored.
 * Throws where a path is both a file and a folder, or stands twice.
 */
export function treeIds(files: Iterable<TreeFile>): Map<string, string> {
  const root: Folder = new Map();
  for (const { path, id } of files) {
    const parts = path.split('/');
    const name = parts.pop()!;
    let folder = root;
    for (const part of parts) {
      let child = folder.get(part);
      if (child === undefined) {
        child = new Map();
        folder.set(part, child);
      }
      if (typeof child === 'string') throw new Error(`both a file and a folder: ${path}`);
      folder = child;
    }
    if (folder.has(name)) throw new Error(`twice in a tree: ${path}`);
    folder.set(name, id);
  }
  const ids = new Map<string, string>();
  collectIds({ folder: root, path: '', ids });
  return ids;
}

type Folder = Map<string, Folder | string>;

function collectIds({
  folder,
  path,
  ids,
}: {
  folder: Folder;
  path: string;
  ids: Map<string, string>;
}): string {
  const entries: TreeEntry[] = [];
  for (const [name, child] of folder) {
    if (typeof child === 'string') entries.push({ mode: FILE_MODE, name, id: child });
    else {
      const id = collectIds({ folder: child, path: path === '' ? name : `${path}/${name}`, ids });
      entries.push({ mode: FOLDER_MODE, name, id });
    }
  }
  const id = objectId('tree', formatTree(entries));
  ids.set(path, id);
  return id;
}
