import { FILE_MODE, treeFiles, treeIds } from '../../../compiler/git/objects.ts';
import { MAX_BUNDLE, MAX_ENTRIES } from './limits.ts';
import { type FetchedBundle, quoted, type Refusal } from './verdict.ts';

/** Whether the entries are plain files, within bounds, and make up, with their bytes, the tree of this id. */
export function checkTree({ entries, blobs }: FetchedBundle, tree: string): Refusal | undefined {
  if (entries.length > MAX_ENTRIES) {
    return { code: 'accept/oversize', message: `the tree has more than ${MAX_ENTRIES} entries` };
  }
  let size = 0;
  for (const bytes of blobs.values()) size += bytes.length;
  if (size > MAX_BUNDLE) {
    return { code: 'accept/oversize', message: `the bundle has more than ${MAX_BUNDLE} bytes` };
  }
  const odd = entries.find(({ mode }) => mode !== FILE_MODE);
  if (odd) {
    const { path, mode } = odd;
    return {
      code: 'accept/not-a-file',
      message: `${quoted(path)} has mode ${quoted(mode)}, not ${FILE_MODE}`,
    };
  }
  const paths = new Set(entries.map(({ path }) => path));
  if (paths.size !== entries.length) {
    return { code: 'accept/duplicate-path', message: 'a path stands twice in the tree' };
  }
  const below = [...paths].find((path) => foldersOf(path).some((folder) => paths.has(folder)));
  if (below !== undefined) {
    return { code: 'accept/duplicate-path', message: `${quoted(below)} lies below another file of the tree` };
  }
  const mismatch: Refusal = {
    code: 'accept/tree-mismatch',
    message: 'the files do not make up the tree that was signed',
  };
  if (blobs.size !== paths.size || [...blobs.keys()].some((path) => !paths.has(path))) return mismatch;
  return treeIds(treeFiles(blobs)).get('') === tree ? undefined : mismatch;
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
