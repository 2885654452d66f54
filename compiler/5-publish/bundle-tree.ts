import type { ImportCommit, ObjectImport, PathChange } from '../git/object-import.ts';
import { formatCommit } from '../git/objects.ts';
import type { Repository } from '../git/repository.ts';
import { writeObjects } from '../git/write-objects.ts';

/** What a commit of the tree of all bundles says. */
export type BundleCommit = Pick<ImportCommit, 'parent' | 'author' | 'committer' | 'message'>;

/** The tree of all bundles, on its way into a repository. */
export interface BundleTree {
  /** The tree's id, where it is known before there is a commit. */
  readonly id: string | undefined;
  /** Makes a commit of the tree; may be called again, for another parent. */
  commit(commit: BundleCommit): Promise<{ readonly commit: string; readonly tree: string }>;
  /** Has the repository keep what was made. */
  keep(): Promise<void>;
  /** Removes what the repository was not told to keep. */
  drop(): Promise<void>;
}

/** A tree that a repository has already. */
export function storedTree(repository: Repository, id: string): BundleTree {
  return {
    id,
    commit: async ({ parent, ...rest }) => {
      const content = formatCommit({ ...rest, tree: id, parents: parent === undefined ? [] : [parent] });
      const [commit] = await writeObjects(repository, [{ type: 'commit', content }]);
      return { commit: commit!, tree: id };
    },
    keep: async () => {},
    drop: async () => {},
  };
}

/** What an import ends in. */
export interface ImportedTree {
  readonly repository: Repository;
  readonly objects: ObjectImport;
  readonly changes: Iterable<PathChange>;
}

/** A tree whose blobs are being imported. */
export function importedTree({ repository, objects, changes }: ImportedTree): BundleTree {
  let stored: BundleTree | undefined;
  let kept = false;
  return {
    get id() {
      return stored?.id;
    },
    commit: async (commit) => {
      if (stored) return await stored.commit(commit);
      const made = await objects.commit({ ...commit, changes });
      stored = storedTree(repository, made.tree);
      return made;
    },
    keep: async () => {
      if (!kept) await objects.keep();
      kept = true;
    },
    drop: async () => {
      if (!kept) await objects.drop();
    },
  };
}
