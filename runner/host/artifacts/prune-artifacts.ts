import { join } from 'node:path';
import type { ArtifactEntry } from '../../../compiler/contract/manifest.ts';
import { besideOf, inFolderIfThere, type RootedDisk } from '../apply/folders.ts';
import { keptGenerations } from '../apply/keep-generations.ts';
import { folderPath, temporaryPath } from './artifact-folder.ts';
import { readLedger, writeLedger } from './artifact-ledger.ts';
import { foldersInUse } from './folders-in-use.ts';
import { removeTree } from './remove-tree.ts';

/**
 * Removes the unpacked artifacts that no kept generation and no given bundle names, that no link leads to, and that no live
 * process uses. Only what the ledger knows is ours. Gives the paths that were removed.
 */
export function pruneArtifacts(rooted: RootedDisk, wanted: readonly ArtifactEntry[]): string[] {
  const generations = keptGenerations(rooted);
  const artifacts = [...wanted, ...generations.flatMap(({ manifest }) => manifest.artifacts)];
  const kept = new Set(artifacts.map(folderPath));
  const free = Object.entries(readLedger(rooted)).flatMap(([path, { link }]) =>
    kept.has(path) || targetOf(rooted, link) === path ? [] : path,
  );
  if (free.length === 0) return [];
  const used = foldersInUse(free.map((path) => join(rooted.root, path)));
  const gone = free.filter((path) => !used.has(join(rooted.root, path)));
  for (const path of gone) {
    // From here on it is of no use, even if the removal is cut off.
    writeLedger(rooted, path, { ...readLedger(rooted)[path]!, phase: 'unpacking' });
    removeTree(rooted, temporaryPath(path));
    removeTree(rooted, path);
    writeLedger(rooted, path, undefined);
  }
  return gone;
}

/** The folder that a link leads to; '' for none. */
function targetOf(rooted: RootedDisk, link: string): string {
  const parent = link.slice(0, link.lastIndexOf('/'));
  const target = inFolderIfThere(rooted, parent, () =>
    besideOf(rooted, link, (folder, name) => {
      const isLink = rooted.disk.look(folder, name)?.isSymbolicLink() ?? false;
      return isLink ? rooted.disk.readLink(folder, name) : '';
    }),
  );
  return target ? (target.startsWith('/') ? target : `${parent}/${target}`) : '';
}
