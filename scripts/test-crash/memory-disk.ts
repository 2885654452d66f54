import type { Stats } from 'node:fs';
import type { Disk, Folder } from '../../runner/host/apply/disk.ts';

/** A number from 0 to below 1. */
export type Random = () => number;

interface Node {
  readonly kind: 'file' | 'folder' | 'link';
  readonly number: number;
  bytes: Buffer;
  mode: number;
  readonly target: string;
  /** Of a folder. */
  readonly names: Map<string, Node>;
  /** What is on the platters for certain: of a file undefined until it is synced first. */
  safe: { readonly bytes: Buffer; readonly mode: number } | undefined;
  safeNames: Map<string, Node>;
  /** Changes of names since the last sync of the folder, in order. */
  pending: ((names: Map<string, Node>) => void)[];
}

/** A disk in memory, whose power can be cut. */
export interface MemoryDisk extends Disk {
  /**
   * The disk as it may be found after the power was cut: what was synced, and of the rest what chance has it. Of each
   * folder the changes of names up to some one, whatever other folders kept; of a file that was never synced any part.
   */
  cutPower(random: Random): MemoryDisk;
  /** The disk as a killed process leaves it: all is there, and no file is open. */
  reopen(): MemoryDisk;
  /** Another disk with the same on it, all of it synced. */
  copy(): MemoryDisk;
}

/** An empty disk. */
export function memoryDisk(): MemoryDisk {
  const counter = { next: 1 };
  const root = newNode('folder', counter, 0o755);
  return diskOf(root, counter);
}

function newNode(kind: Node['kind'], counter: { next: number }, mode: number, target = ''): Node {
  counter.next += 1;
  const none = Buffer.alloc(0);
  const safe = kind === 'file' ? undefined : { bytes: none, mode };
  const names = new Map<string, Node>();
  const safeNames = new Map<string, Node>();
  return { kind, number: counter.next, bytes: none, mode, target, names, safe, safeNames, pending: [] };
}

function failure(code: string, syscall: string, name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${syscall} '${name}'`), { code, syscall });
}

function diskOf(root: Node, counter: { next: number }): MemoryDisk {
  const open = new Map<number, Node>();
  let lastFd = 2;
  const hold = (node: Node): number => {
    lastFd += 1;
    open.set(lastFd, node);
    return lastFd;
  };
  const held = (fd: number): Node => {
    const node = open.get(fd);
    if (!node) throw failure('EBADF', 'fd', String(fd));
    return node;
  };
  const folderOf = (folder: Folder): Node => held(folder.fd);
  const find = (folder: Folder, name: string, syscall: string): Node => {
    const node = folderOf(folder).names.get(name);
    if (!node) throw failure('ENOENT', syscall, name);
    return node;
  };
  const change = (folder: Node, make: (names: Map<string, Node>) => void): void => {
    make(folder.names);
    folder.pending.push(make);
  };
  const add = (folder: Folder, name: string, node: Node): Node => {
    const parent = folderOf(folder);
    if (parent.names.has(name)) throw failure('EEXIST', 'open', name);
    change(parent, (names) => names.set(name, node));
    return node;
  };
  return {
    makeFolder: (parent, name, mode) => void add(parent, name, newNode('folder', counter, mode)),
    createFile: (folder, name) => hold(add(folder, name, newNode('file', counter, 0o600))),
    write: (fd, bytes) => {
      const node = held(fd);
      node.bytes = Buffer.concat([node.bytes, bytes]);
    },
    setOwner: (fd) => void held(fd),
    setMode: (fd, mode) => {
      held(fd).mode = mode;
    },
    sync: (fd) => {
      const node = held(fd);
      node.safe = { bytes: node.bytes, mode: node.mode };
      node.safeNames = new Map(node.names);
      node.pending = [];
    },
    rename: (folder, from, to) => {
      const node = find(folder, from, 'rename');
      change(folderOf(folder), (names) => {
        names.delete(from);
        names.set(to, node);
      });
    },
    link: (from, to) => void add(to.folder, to.name, find(from.folder, from.name, 'link')),
    makeLink: (folder, name, target) => void add(folder, name, newNode('link', counter, 0o777, target)),
    unlink: (folder, name) => {
      find(folder, name, 'unlink');
      change(folderOf(folder), (names) => names.delete(name));
    },
    removeFolder: (parent, name) => {
      if (find(parent, name, 'rmdir').names.size > 0) throw failure('ENOTEMPTY', 'rmdir', name);
      change(folderOf(parent), (names) => names.delete(name));
    },
    label: () => {},
    openRoot: (path) => ({ fd: hold(root), path }),
    openFolder: (parent, name) => {
      const node = find(parent, name, 'open');
      if (node.kind !== 'folder') throw failure(node.kind === 'link' ? 'ELOOP' : 'ENOTDIR', 'open', name);
      return { fd: hold(node), path: `${parent.path === '/' ? '' : parent.path}/${name}` };
    },
    openFile: (folder, name) => hold(find(folder, name, 'open')),
    close: (fd) => void open.delete(fd),
    look: (folder, name) => {
      const node = folderOf(folder).names.get(name);
      return node && statsOf(node);
    },
    lookAtOpen: (fd) => statsOf(held(fd)),
    readFile: (folder, name) => Buffer.from(find(folder, name, 'open').bytes),
    readLink: (folder, name) => find(folder, name, 'readlink').target,
    list: (folder) => [...folderOf(folder).names.keys()].sort(),
    reopen: () => diskOf(root, counter),
    copy: () => diskOf(copyOf(root, new Map()), counter),
    cutPower: (random) => diskOf(survivor(root, random, new Map()), counter),
  };
}

function statsOf({ kind, number, mode, bytes }: Node): Stats {
  return {
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'folder',
    isSymbolicLink: () => kind === 'link',
    ino: number,
    dev: 1,
    mode,
    uid: 0,
    gid: 0,
    size: bytes.length,
  } as Stats;
}

function copyOf(node: Node, done: Map<Node, Node>): Node {
  const known = done.get(node);
  if (known) return known;
  const { bytes, mode } = node;
  const copy: Node = { ...node, names: new Map(), safe: { bytes, mode }, safeNames: new Map(), pending: [] };
  done.set(node, copy);
  for (const [name, child] of node.names) copy.names.set(name, copyOf(child, done));
  copy.safeNames = new Map(copy.names);
  return copy;
}

/** What is left of a node; names of one file stay names of one file. */
function survivor(node: Node, random: Random, done: Map<Node, Node>): Node {
  const known = done.get(node);
  if (known) return known;
  const { bytes, mode } = survivingFile(node, random);
  const names = new Map<string, Node>();
  const left: Node = {
    ...node,
    bytes,
    mode,
    names,
    safe: { bytes, mode },
    safeNames: new Map(),
    pending: [],
  };
  done.set(node, left);
  const kept = new Map(node.safeNames);
  for (const make of node.pending.slice(0, Math.floor(random() * (node.pending.length + 1)))) make(kept);
  for (const [name, child] of kept) names.set(name, survivor(child, random, done));
  left.safeNames = new Map(names);
  return left;
}

function survivingFile(node: Node, random: Random): { bytes: Buffer; mode: number } {
  if (node.safe && (node.kind !== 'file' || random() < 0.5)) return node.safe;
  if (node.safe?.bytes === node.bytes && node.safe.mode === node.mode) return node.safe;
  const part = Math.floor(random() * (node.bytes.length + 1));
  const bytes = random() < 0.5 ? Buffer.alloc(0) : node.bytes.subarray(0, part);
  return { bytes, mode: random() < 0.5 ? node.mode : 0o600 };
}
