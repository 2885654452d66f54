import type { Folder } from '../apply/disk.ts';
import { replaceFile } from '../apply/durable-file.ts';
import { inFolder, inFolderIfThere, makeFolders, type RootedDisk } from '../apply/folders.ts';
import { type FileMark, readMark } from './service-definition.ts';
import { ServiceProblem } from './service-manager.ts';

/** Bytes of a file that khp writes for a manager: its command line has less. */
const MAX_FILE = 4 << 20;

/** A folder in which khp and others leave files for a service manager, one a role. */
export class ServiceFolder {
  readonly #rooted: RootedDisk;
  readonly #path: string;
  readonly #nameOf: (role: string) => string;

  /**
   * @param path absolute, below the root
   * @param nameOf the name of the file of a role
   */
  constructor(rooted: RootedDisk, path: string, nameOf: (role: string) => string) {
    this.#rooted = rooted;
    this.#path = path;
    this.#nameOf = nameOf;
  }

  /** The text of a plain file; undefined for a link, for anything else, and for what is too long to be khp's. */
  #text(folder: Folder, name: string): string | undefined {
    const { disk } = this.#rooted;
    const found = disk.look(folder, name);
    return found?.isFile() && found.size <= MAX_FILE
      ? disk.readFile(folder, name).toString('utf8')
      : undefined;
  }

  /** What khp's files say of themselves, by role. A file of anybody else, whatever its name, is none of them. */
  marks(): ReadonlyMap<string, FileMark> {
    const marks = inFolderIfThere(this.#rooted, this.#path, (folder) =>
      this.#rooted.disk.list(folder).flatMap((name) => {
        const mark = readMark(this.#text(folder, name) ?? '');
        return mark && this.#nameOf(mark.role) === name ? mark : [];
      }),
    );
    return new Map((marks ?? []).map((mark) => [mark.role, mark]));
  }

  /** Whether the file of a role says just this. */
  has(role: string, text: string): boolean {
    const read = (folder: Folder) => this.#text(folder, this.#nameOf(role));
    return inFolderIfThere(this.#rooted, this.#path, read) === text;
  }

  /** Writes the file of a role, durably. Throws ServiceProblem where a file of anybody else bears its name. */
  write(role: string, text: string): void {
    makeFolders(this.#rooted, this.#path, 0o755);
    inFolder(this.#rooted, this.#path, (folder) => {
      const name = this.#nameOf(role);
      const { disk } = this.#rooted;
      if (disk.look(folder, name) && !readMark(this.#text(folder, name) ?? ''))
        throw new ServiceProblem(
          'services/not-ours',
          `${this.#path}/${name} is not khp's; remove it, or rename the role`,
        );
      replaceFile(disk, folder, { name, bytes: Buffer.from(text), mode: 0o644 });
    });
  }

  /** Removes the file of a role; one that is gone already is no problem. */
  remove(role: string): void {
    inFolderIfThere(this.#rooted, this.#path, (folder) => {
      const { disk } = this.#rooted;
      const name = this.#nameOf(role);
      if (disk.look(folder, name)) disk.unlink(folder, name);
      disk.sync(folder.fd);
    });
  }
}
