import { lackingObject } from './git-error.ts';
import { readObjects } from './read-objects.ts';
import { resolve } from './refs.ts';
import { git, type Repository } from './repository.ts';

/** A file, link or submodule somewhere in a tree. */
export interface TreeLine {
  /** `100644`, `100755`, `120000` (link), `160000` (submodule). */
  readonly mode: string;
  readonly id: string;
  /** From the root of what was listed, with `/`. Bytes that are not UTF-8 read as U+FFFD. */
  readonly path: string;
  /** Bytes; only where sizes were asked for, and undefined for submodules. */
  readonly size: number | undefined;
}

/** What to list. */
export interface TreeRequest {
  readonly repository: Repository;
  /** A commit, tree or ref. */
  readonly treeish: string;
  /** A folder of it, with `/`, without one at the end; all of it where not said. */
  readonly folder?: string | undefined;
}

const MAX_LISTING = 1 << 30;

/** How to list. */
export interface ListRequest extends TreeRequest {
  /** Sizes too, which costs a look at each object. */
  readonly sizes?: boolean;
  /** Bytes of the listing beyond which it throws a GitError: a few small trees can name each other billions of times. */
  readonly maxListing?: number;
}

/**
 * Every file of a tree, in git's order, as it is: links, submodules and doubtful names are the caller's to judge.
 * Empty where the tree or folder is not there.
 */
export async function listTree(request: ListRequest): Promise<TreeLine[]> {
  const { repository, treeish, folder, sizes = false, maxListing = MAX_LISTING } = request;
  const id = await resolve(repository, folder === undefined ? `${treeish}^{tree}` : `${treeish}:${folder}`);
  if (id === undefined) return [];
  const args = ['ls-tree', '-r', '-z', '--full-tree', ...(sizes ? ['--long'] : []), id];
  const { stdout } = await git(repository, args, { maxOutput: maxListing });
  const lines: TreeLine[] = [];
  for (let start = 0; start < stdout.length; ) {
    const end = stdout.indexOf(0, start);
    const line = stdout.toString('utf8', start, end);
    const tab = line.indexOf('\t');
    const [mode, , blob, size] = line.slice(0, tab).split(/ +/);
    const known = size !== undefined && size !== '-';
    lines.push({ mode: mode!, id: blob!, path: line.slice(tab + 1), size: known ? Number(size) : undefined });
    start = end + 1;
  }
  return lines;
}

/**
 * The regular files of a tree and their bytes, by path, sorted as git sorts; each distinct content is read once and
 * shared. Links and submodules are left out. Empty where the tree or folder is not there.
 */
export async function readTree(
  repository: Repository,
  treeish: string,
  folder?: string,
): Promise<Map<string, Uint8Array>> {
  const lines = (await listTree({ repository, treeish, folder })).filter(({ mode }) =>
    mode.startsWith('100'),
  );
  const contents = new Map<string, Uint8Array>();
  const names = new Set(lines.map(({ id }) => id));
  await readObjects({ repository, names }, (object, id) => {
    if (!object?.content) throw lackingObject(id);
    contents.set(id, object.content);
  });
  return new Map(lines.map(({ path, id }) => [path, contents.get(id)!]));
}
