import { dirname } from 'node:path';
import type { Disk, Folder } from './disk.ts';

/** A file system below a root: `/`, or a sandbox. */
export interface RootedDisk {
  readonly disk: Disk;
  readonly root: string;
}

/** Opens a directory from the root down, following no link, and hands it over; it is closed again behind that. */
export function inFolder<T>({ disk, root }: RootedDisk, path: string, use: (folder: Folder) => T): T {
  let folder = disk.openRoot(root);
  try {
    for (const name of namesOf(path)) folder = step(disk, folder, () => disk.openFolder(folder, name));
    return use(folder);
  } finally {
    disk.close(folder.fd);
  }
}

/** The same, in the directory of a path. */
export function besideOf<T>(rooted: RootedDisk, path: string, use: (folder: Folder, name: string) => T): T {
  return inFolder(rooted, dirname(path), (folder) => use(folder, path.slice(path.lastIndexOf('/') + 1)));
}

/** The same as inFolder; undefined where a directory of the path is missing. */
export function inFolderIfThere<T>(
  rooted: RootedDisk,
  path: string,
  use: (folder: Folder) => T,
): T | undefined {
  let reached = false;
  try {
    return inFolder(rooted, path, (folder) => {
      reached = true;
      return use(folder);
    });
  } catch (error) {
    if (!reached && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes a directory with the label of its path, or none where it cannot be labelled: the next attempt begins anew. */
export function makeLabelled(
  disk: Disk,
  parent: Folder,
  { name, path, mode }: { readonly name: string; readonly path: string; readonly mode: number },
): void {
  disk.makeFolder(parent, name, mode);
  try {
    disk.label(parent, name, { name, path, kind: 'folder' });
  } catch (error) {
    disk.removeFolder(parent, name);
    throw error;
  }
}

/** Makes the directories of a path that are missing, durably, each with the mode. */
export function makeFolders({ disk, root }: RootedDisk, path: string, mode: number): void {
  let folder = disk.openRoot(root);
  let reached = '';
  try {
    for (const name of namesOf(path)) {
      reached += `/${name}`;
      folder = step(disk, folder, () => {
        if (!disk.look(folder, name)) {
          makeLabelled(disk, folder, { name, path: reached, mode });
          const made = disk.openFolder(folder, name);
          try {
            disk.sync(made.fd);
            disk.sync(folder.fd);
          } catch (error) {
            disk.close(made.fd);
            throw error;
          }
          return made;
        }
        return disk.openFolder(folder, name);
      });
    }
  } finally {
    disk.close(folder.fd);
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

/** From a directory to one in it; the one above is closed, unless the step fails. */
function step(disk: Disk, from: Folder, open: () => Folder): Folder {
  const next = open();
  disk.close(from.fd);
  return next;
}
