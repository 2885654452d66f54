import type { Disk, Folder } from '../apply/disk.ts';
import { inFolderIfThere, type RootedDisk } from '../apply/folders.ts';

/** Removes a folder of ours with all that is in it, following no link; durably. Nothing is done where it is missing. */
export function removeTree(rooted: RootedDisk, path: string): void {
  const at = path.lastIndexOf('/');
  inFolderIfThere(rooted, path.slice(0, at), (parent) => {
    const { disk } = rooted;
    const name = path.slice(at + 1);
    if (!disk.look(parent, name)) return;
    remove(disk, parent, name);
    disk.sync(parent.fd);
  });
}

function remove(disk: Disk, parent: Folder, name: string): void {
  if (!disk.look(parent, name)!.isDirectory()) {
    disk.unlink(parent, name);
    return;
  }
  const folder = disk.openFolder(parent, name);
  try {
    for (const each of disk.list(folder)) remove(disk, folder, each);
  } finally {
    disk.close(folder.fd);
  }
  disk.removeFolder(parent, name);
}
