import { inFolderIfThere, type RootedDisk } from '../apply/folders.ts';

/** What lies in a directory that an act of `init` fills or needs. */
export interface Place {
  readonly path: string;
  /**
   * `empty`: nothing but what a new file system has. `formatted`: all that shows it is there. `half`: something lies
   * there, and not all of that. `unmounted`: it must be a mount point, and is none.
   */
  readonly state: 'missing' | 'unmounted' | 'empty' | 'half' | 'formatted';
  /** What shows a formatted one and is not there; of a half one. */
  readonly lacks: readonly string[];
  /** What its files named VERSION say of who it belongs to, by key: namespaceID, clusterID, blockpoolID. */
  readonly identity: Readonly<Record<string, string>>;
}

/** Names of a new file system. */
const NEW = new Set(['lost+found']);

const IDENTITY = /^(namespaceID|clusterID|blockpoolID)=(.*)$/gm;

/** Looks at a directory, following no link. `formatted`: paths below it, names with `*`, that a formatted one has. */
export function lookAtPlace(
  rooted: RootedDisk,
  {
    path,
    formatted,
    isMounted,
  }: { readonly path: string; readonly formatted: readonly string[]; readonly isMounted: boolean },
): Place {
  const place = { path, lacks: [], identity: {} };
  const names = namesIn(rooted, path);
  if (!names) return { ...place, state: 'missing' };
  if (!isMounted) return { ...place, state: 'unmounted' };
  if (names.every((name) => NEW.has(name))) return { ...place, state: 'empty' };
  const found = formatted.map((pattern) => ({ pattern, paths: match(rooted, path, pattern.split('/')) }));
  const lacks = found.filter(({ paths }) => paths.length === 0).map(({ pattern }) => pattern);
  const versions = found.flatMap(({ paths }) => paths).filter((one) => one.endsWith('/VERSION'));
  const identity = Object.fromEntries(versions.flatMap((version) => readIdentity(rooted, version)));
  return { path, state: lacks.length === 0 ? 'formatted' : 'half', lacks, identity };
}

function namesIn(rooted: RootedDisk, path: string): string[] | undefined {
  return inFolderIfThere(rooted, path, (folder) => rooted.disk.list(folder));
}

/** The paths that a pattern fits, below a directory. */
function match(rooted: RootedDisk, folder: string, [name, ...rest]: readonly string[]): string[] {
  const found = (namesIn(rooted, folder) ?? []).filter((one) => fits(name!, one));
  const paths = found.map((one) => `${folder}/${one}`);
  if (rest.length === 0) return paths;
  return paths.filter((path) => isFolder(rooted, path)).flatMap((path) => match(rooted, path, rest));
}

/** Whether a name is one that a pattern with `*` stands for. */
function fits(pattern: string, name: string): boolean {
  const literal = (text: string): string => text.replace(/[^\w]/g, '\\$&');
  return new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`, 's').test(name);
}

function isFolder(rooted: RootedDisk, path: string): boolean {
  const parent = path.slice(0, path.lastIndexOf('/'));
  const name = path.slice(path.lastIndexOf('/') + 1);
  return inFolderIfThere(rooted, parent, (open) => rooted.disk.look(open, name)?.isDirectory()) ?? false;
}

function readIdentity(rooted: RootedDisk, path: string): [string, string][] {
  const parent = path.slice(0, path.lastIndexOf('/'));
  const text = inFolderIfThere(rooted, parent, (folder) =>
    rooted.disk.look(folder, 'VERSION')?.isFile()
      ? rooted.disk.readFile(folder, 'VERSION').toString('utf8')
      : '',
  );
  return [...(text ?? '').matchAll(IDENTITY)].map(([, key, value]) => [key!, value!]);
}
