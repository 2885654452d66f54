import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import type { Folder } from '../apply/disk.ts';
import { replaceFile } from '../apply/durable-file.ts';
import { inFolder, inFolderIfThere, makeFolders, type RootedDisk } from '../apply/folders.ts';
import { type FileMark, readMark } from './service-definition.ts';
import { ServiceProblem } from './service-manager.ts';

/** A folder in which khp and others leave files for a service manager. */
export interface ServiceFolder {
  readonly rooted: RootedDisk;
  /** Absolute, below the root. */
  readonly path: string;
  /** The name of the file of a role. */
  readonly nameOf: (role: string) => string;
}

/** Bytes of a file that khp writes for a manager: its command line has less. */
const MAX_FILE = 4 << 20;

/** The text of a plain file; undefined for a link, for anything else, and for what is too long to be khp's. */
function readText({ disk }: RootedDisk, folder: Folder, name: string): string | undefined {
  const found = disk.look(folder, name);
  return found?.isFile() && found.size <= MAX_FILE ? disk.readFile(folder, name).toString('utf8') : undefined;
}

/** The files of khp in a folder by role. A file of anybody else, whatever its name, is none of them. */
export function readServiceFiles({ rooted, path, nameOf }: ServiceFolder): ReadonlyMap<string, FileMark> {
  const marks = inFolderIfThere(rooted, path, (folder) =>
    rooted.disk.list(folder).flatMap((name) => {
      const mark = readMark(readText(rooted, folder, name) ?? '');
      return mark && nameOf(mark.role) === name ? mark : [];
    }),
  );
  return new Map((marks ?? []).map((mark) => [mark.role, mark]));
}

/** Whether the file of a service says just this. */
export function hasServiceFile({ rooted, path, nameOf }: ServiceFolder, role: string, text: string): boolean {
  return inFolderIfThere(rooted, path, (folder) => readText(rooted, folder, nameOf(role))) === text;
}

/** Writes the file of a service, durably. Throws ServiceProblem where a file of anybody else bears its name. */
export function writeServiceFile(
  { rooted, path, nameOf }: ServiceFolder,
  { role }: ServiceEntry,
  text: string,
): void {
  makeFolders(rooted, path, 0o755);
  inFolder(rooted, path, (folder) => {
    const name = nameOf(role);
    if (rooted.disk.look(folder, name) && !readMark(readText(rooted, folder, name) ?? '')) {
      throw new ServiceProblem(
        'services/not-ours',
        `${path}/${name} is not khp's; remove it, or rename the role`,
      );
    }
    replaceFile(rooted.disk, folder, { name, bytes: Buffer.from(text), mode: 0o644 });
  });
}

/** Removes the file of a service; one that is gone already is no problem. */
export function removeServiceFile({ rooted, path, nameOf }: ServiceFolder, role: string): void {
  inFolderIfThere(rooted, path, (folder) => {
    if (rooted.disk.look(folder, nameOf(role))) rooted.disk.unlink(folder, nameOf(role));
    rooted.disk.sync(folder.fd);
  });
}
