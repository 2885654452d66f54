import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import type { Disk, Folder } from './disk.ts';

/** A new file with these bytes, on the disk when this returns; its name is durable once the folder is synced. */
export function createDurably(
  disk: Disk,
  folder: Folder,
  { name, bytes, mode }: { readonly name: string; readonly bytes: Uint8Array; readonly mode: number },
): void {
  const fd = disk.createFile(folder, name);
  try {
    disk.write(fd, bytes);
    disk.setMode(fd, mode);
    disk.sync(fd);
  } finally {
    disk.close(fd);
  }
}

/** Replaces a file in one step: after a crash it holds the old bytes or the new ones. */
export function replaceFile(
  disk: Disk,
  folder: Folder,
  { name, bytes, mode }: { readonly name: string; readonly bytes: Uint8Array; readonly mode: number },
): void {
  const temporary = `${name}.new`;
  // Left behind by a crash; the lock makes sure that nobody writes it now.
  if (disk.look(folder, temporary)) disk.unlink(folder, temporary);
  createDurably(disk, folder, { name: temporary, bytes, mode });
  disk.rename(folder, temporary, name);
  disk.sync(folder.fd);
}

/** The same of a JSON file of the runner's state. */
export function replaceJson(
  disk: Disk,
  folder: Folder,
  { name, value }: { readonly name: string; readonly value: unknown },
): void {
  replaceFile(disk, folder, { name, bytes: Buffer.from(canonicalJson(value)), mode: 0o600 });
}
