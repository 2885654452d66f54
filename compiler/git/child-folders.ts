import { lackingObject } from './git-error.ts';
import { FOLDER_MODE, parseTree, type TreeEntry } from './objects.ts';
import { readObjects } from './read-objects.ts';
import type { Repository } from './repository.ts';

/** A folder of a tree, and the index of that tree among those that were asked for. */
export interface ChildFolder extends TreeEntry {
  readonly parent: number;
}

/**
 * The folders within some trees whose names fit, in order. Throws a GitError where one is not there: what it had would
 * seem to have been removed.
 */
export async function childFolders(
  repository: Repository,
  trees: readonly string[],
  names: RegExp,
): Promise<ChildFolder[]> {
  const found: ChildFolder[] = [];
  let parent = 0;
  await readObjects({ repository, names: trees }, (object, name) => {
    const entries = object?.type === 'tree' && object.content ? parseTree(object.content) : undefined;
    if (!entries) throw lackingObject(name);
    for (const entry of entries) {
      if (entry.mode === FOLDER_MODE && names.test(entry.name)) found.push({ ...entry, parent });
    }
    parent += 1;
  });
  return found;
}
