import type { Disk, Folder } from '../apply/disk.ts';
import { inFolder, makeFolders, type RootedDisk } from '../apply/folders.ts';
import type { Ownership } from '../observe/accounts.ts';
import { type ArchiveEntry, type CheckedArchive, checkArchive, cleanPath } from './check-archive.ts';
import { openArchive } from './open-archive.ts';
import { BadArchive, readTar } from './read-tar.ts';

/** What is unpacked to where. */
export interface UnpackRequest {
  /** The tarball, whose bytes are verified. */
  readonly archive: string;
  /** Absolute path of the folder, which is missing. */
  readonly folder: string;
  /** Paths in the archive that may be setuid. */
  readonly setuid: readonly string[];
}

/**
 * Unpacks a tarball into a new folder, durably. It is read twice: nothing is written before all of it was judged. Throws
 * BadArchive for one that is refused; whatever else is thrown leaves a part of the folder behind.
 */
export async function unpack(
  { rooted, ownership }: { readonly rooted: RootedDisk; readonly ownership: Ownership },
  { archive, folder, setuid }: UnpackRequest,
): Promise<void> {
  const check = checkArchive(setuid);
  for await (const { entry } of readTar(openArchive(archive))) check.add(entry);
  const checked = check.finish();
  checkGroups(checked, ownership);
  makeFolders(rooted, folder, 0o755);
  // Made durable all at once: the first sync of a file system takes most of the work of all.
  const quick = { ...rooted, disk: { ...rooted.disk, sync: () => {} } };
  await writeFiles({ rooted: quick, ownership }, { archive, folder, checked });
  writeLinks(quick, folder, checked);
  inFolder(rooted, folder, (open) => syncTree(rooted.disk, open));
}

function checkGroups({ entries }: CheckedArchive, ownership: Ownership): void {
  if (ownership.kind === 'record') return;
  const unknown = entries.find(
    ({ group }) => group !== undefined && ownership.accounts.gidOf(group) === undefined,
  );
  if (unknown)
    throw new BadArchive(
      `${unknown.path} is setuid for the group ${JSON.stringify(unknown.group)}, which this host does not have`,
    );
}

async function writeFiles(
  { rooted, ownership }: { readonly rooted: RootedDisk; readonly ownership: Ownership },
  { archive, folder, checked }: { archive: string; folder: string; checked: CheckedArchive },
): Promise<void> {
  const files = new Map(checked.entries.map((entry) => [entry.path, entry]));
  for (const { kind, path } of checked.entries)
    if (kind === 'directory') makeFolders(rooted, `${folder}/${path}`, 0o755);
  const above = checked.top === '' ? 0 : checked.top.length + 1;
  for await (const { entry, body } of readTar(openArchive(archive))) {
    if (entry.kind !== 'file') continue;
    const checkedEntry = files.get(cleanPath(entry.path).slice(above))!;
    await writeFile(rooted, { folder, entry: checkedEntry, body, ownership });
  }
}

async function writeFile(
  rooted: RootedDisk,
  request: {
    readonly folder: string;
    readonly entry: ArchiveEntry;
    readonly body: AsyncIterable<Uint8Array>;
    readonly ownership: Ownership;
  },
): Promise<void> {
  const { folder, entry, body, ownership } = request;
  const { disk } = rooted;
  const fd = inNewFile(rooted, `${folder}/${entry.path}`, (open, name) => disk.createFile(open, name));
  try {
    for await (const bytes of body) disk.write(fd, bytes);
    if (ownership.kind === 'set')
      disk.setOwner(fd, {
        uid: 0,
        gid: entry.group === undefined ? 0 : ownership.accounts.gidOf(entry.group)!,
      });
    // Where owners are only recorded, a file that takes its owner's rights would take those of whoever runs this.
    disk.setMode(fd, ownership.kind === 'set' ? entry.mode : entry.mode & 0o777);
  } finally {
    disk.close(fd);
  }
}

function writeLinks(rooted: RootedDisk, folder: string, { entries }: CheckedArchive): void {
  const { disk } = rooted;
  for (const { kind, path, target } of entries) {
    if (kind === 'hardlink') {
      inNewFile(rooted, `${folder}/${target}`, (from, name) =>
        inNewFile(rooted, `${folder}/${path}`, (to, second) =>
          disk.link({ folder: from, name }, { folder: to, name: second }),
        ),
      );
    }
    if (kind === 'symlink')
      inNewFile(rooted, `${folder}/${path}`, (open, name) => disk.makeLink(open, name, target));
  }
}

/** In the folder of a path, which is made where the archive did not name it. */
function inNewFile<T>(rooted: RootedDisk, path: string, use: (folder: Folder, name: string) => T): T {
  const at = path.lastIndexOf('/');
  const folder = path.slice(0, at);
  const name = path.slice(at + 1);
  try {
    return inFolder(rooted, folder, (open) => use(open, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    makeFolders(rooted, folder, 0o755);
    return inFolder(rooted, folder, (open) => use(open, name));
  }
}

function syncTree(disk: Disk, folder: Folder): void {
  for (const name of disk.list(folder)) {
    const seen = disk.look(folder, name)!;
    if (seen.isSymbolicLink()) continue;
    const open = seen.isDirectory() ? disk.openFolder(folder, name) : disk.openFile(folder, name);
    const fd = typeof open === 'number' ? open : open.fd;
    try {
      if (typeof open === 'number') disk.sync(open);
      else syncTree(disk, open);
    } finally {
      disk.close(fd);
    }
  }
  disk.sync(folder.fd);
}
