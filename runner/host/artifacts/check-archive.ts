import { BadArchive, type TarEntry } from './read-tar.ts';

/** An entry as it is to be unpacked; see checkArchive. */
export interface ArchiveEntry {
  /** From the folder that it is unpacked to; '' is that folder itself. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'hardlink';
  /** Of files: 0644, 0755, or what the host allows to be setuid. */
  readonly mode: number;
  /** Of a symbolic link, as it is to stand there; of a hard link, the path of the other name. */
  readonly target: string;
  /** Of a setuid or setgid file: the group that it is for. */
  readonly group: string | undefined;
}

/** What an archive as a whole comes to. */
export interface CheckedArchive {
  /** The folder that everything lies in, which is left out of the paths; '' where there is none. */
  readonly top: string;
  readonly entries: readonly ArchiveEntry[];
}

/** Entries of one archive. */
const MAX_ENTRIES = 500_000;

/** Bytes that one archive may unpack to. */
const MAX_UNPACKED = 32 * 2 ** 30;

const SET_ID = 0o6000;

/** Takes the headers of an archive one by one, and judges them when all have been seen. */
export interface ArchiveCheck {
  /** Throws BadArchive. */
  add(entry: TarEntry): void;
  /** Throws BadArchive. */
  finish(): CheckedArchive;
}

/**
 * Says what an archive may put on a host: plain files and folders, hard links to its own files, and relative symbolic links
 * that stay in the folder. Everything else is refused: paths that leave it, devices, a path twice, something below a link,
 * setuid or setgid but on the paths that `setuid` names. Modes come down to 0755 and 0644, owners to root's. Nothing is
 * ever unpacked through a link: links are made last, and `..` stands in them at the beginning only, where it climbs
 * folders that are none.
 */
export function checkArchive(setuid: readonly string[]): ArchiveCheck {
  const seen: TarEntry[] = [];
  let size = 0;
  return {
    add: (entry) => {
      if (seen.push(entry) > MAX_ENTRIES) throw new BadArchive(`it has more than ${MAX_ENTRIES} entries`);
      size += entry.kind === 'file' ? entry.size : 0;
      if (size > MAX_UNPACKED) throw new BadArchive(`it unpacks to more than ${MAX_UNPACKED} bytes`);
    },
    finish: () => judge(seen, new Set(setuid)),
  };
}

function judge(seen: readonly TarEntry[], setuid: ReadonlySet<string>): CheckedArchive {
  const named = seen.map((entry) => ({ entry, path: cleanPath(entry.path) }));
  const top = commonTop(named);
  const inside = (path: string): string => {
    if (top === '') return path;
    if (path === '' || path === top) return '';
    if (!path.startsWith(`${top}/`)) throw refused(path, 'lies beside the folder of all others');
    return path.slice(top.length + 1);
  };
  const kinds = new Map<string, ArchiveEntry['kind']>();
  const entries = named.flatMap(({ entry, path: full }): ArchiveEntry[] => {
    if (entry.kind === 'other') throw refused(full, 'is neither a file, a folder nor a link');
    const path = inside(full);
    if (path === '') {
      if (entry.kind !== 'directory') throw refused(entry.path, 'is the folder itself, and no folder');
      return [];
    }
    const before = kinds.get(path);
    if (before === 'directory' && entry.kind === 'directory') return [];
    if (before !== undefined) throw refused(full, 'stands twice');
    kinds.set(path, entry.kind);
    return [entryOf(entry, { path, full, setuid, inside })];
  });
  for (const { path, kind, target } of entries) {
    const above = foldersOf(path).find((folder) => (kinds.get(folder) ?? 'directory') !== 'directory');
    if (above !== undefined) throw refused(path, `lies below ${JSON.stringify(above)}, which is no folder`);
    if (kind === 'hardlink' && kinds.get(target) !== 'file')
      throw refused(path, `is a second name of ${JSON.stringify(target)}, which is no file of the archive`);
  }
  return { top, entries };
}

interface Place {
  readonly path: string;
  readonly full: string;
  readonly setuid: ReadonlySet<string>;
  readonly inside: (path: string) => string;
}

function entryOf(entry: TarEntry, { path, full, setuid, inside }: Place): ArchiveEntry {
  const { kind, mode, group } = entry;
  if (kind === 'symlink') checkTarget(path, entry.target);
  const isSetId = kind === 'file' && (mode & SET_ID) !== 0;
  if (isSetId && !setuid.has(path)) {
    throw refused(full, `is setuid or setgid, and ${path} is not among setuid of runner.yml`);
  }
  return {
    path,
    kind: kind as ArchiveEntry['kind'],
    mode: isSetId ? mode & 0o6755 : mode & 0o111 ? 0o755 : 0o644,
    target: kind === 'hardlink' ? inside(cleanPath(entry.target)) : entry.target,
    group: isSetId ? group : undefined,
  };
}

/** Room for the longest name of a file. */
const MAX_NAME = 255;

/** The path of an entry without `./` before it and `/` behind it; `.` is ''. */
export function cleanPath(path: string): string {
  const clean = path.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
  if (clean === '' || clean === '.') return '';
  const odd = /[\u0000-\u001f\u007f]/.test(clean) || clean.length > 4096;
  const parts = clean.split('/');
  if (odd || parts.some((part) => part === '' || part === '.' || Buffer.byteLength(part) > MAX_NAME)) {
    throw refused(path, 'is no path of a file');
  }
  if (parts.includes('..')) throw refused(path, 'leaves the folder');
  return clean;
}

/** The one folder that everything lies in. */
function commonTop(named: readonly { readonly entry: TarEntry; readonly path: string }[]): string {
  const tops = new Set(named.flatMap(({ path }) => (path === '' ? [] : path.split('/')[0]!)));
  const [top] = tops;
  if (tops.size !== 1 || top === undefined) return '';
  const isFolder = named.every(({ entry, path }) => path !== top || entry.kind === 'directory');
  return isFolder ? top : '';
}

function checkTarget(path: string, target: string): void {
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const climbs = parts.findIndex((part) => part !== '..');
  const up = climbs < 0 ? parts.length : climbs;
  const leaves = target.startsWith('/') || up > foldersOf(path).length || parts.slice(up).includes('..');
  if (leaves) throw refused(path, `leads to ${JSON.stringify(target)}, which may leave the folder`);
  const odd = target === '' || /[\u0000-\u001f\u007f]/.test(target) || target.length > 4095;
  if (odd) throw refused(path, 'is a link to nothing that a path can say');
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function refused(path: string, why: string): BadArchive {
  return new BadArchive(`${JSON.stringify(path.slice(0, 200))} ${why}`);
}
