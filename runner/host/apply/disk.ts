import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  type Stats,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';

import { isLabelled, setLabel } from './selinux.ts';

/** A directory that is held open: what is done in it stays in it, whatever happens to the path meanwhile. */
export interface Folder {
  readonly fd: number;
  /** For messages. */
  readonly path: string;
}

/** A name in a directory. */
export interface Place {
  readonly folder: Folder;
  readonly name: string;
}

/** An owner by number; undefined where ownership is recorded instead of set. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** What something new is to be, for its label. */
export interface Labelled {
  readonly name: string;
  /** The absolute path on the host. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
}

/** What changes the file system, one system call each, so that a test can stop before any of them. */
export interface DiskWrites {
  /** With exactly this mode from its first moment on. */
  makeFolder(parent: Folder, name: string, mode: number): void;
  /** A new, empty file of mode 0600. Throws EEXIST where anything lies there, a dangling link too. */
  createFile(folder: Folder, name: string): number;
  /** All of the bytes. */
  write(fd: number, bytes: Uint8Array): void;
  setOwner(fd: number, owner: Owner): void;
  setMode(fd: number, mode: number): void;
  /** Gives something new, before it is renamed to `name`, the SELinux label that it is to have there. */
  label(folder: Folder, temporary: string, name: Labelled): void;
  sync(fd: number): void;
  rename(folder: Folder, from: string, to: string): void;
  /** A second name for a file. Never follows a link. */
  link(from: Place, to: Place): void;
  makeLink(folder: Folder, name: string, target: string): void;
  unlink(folder: Folder, name: string): void;
  removeFolder(parent: Folder, name: string): void;
}

/** What only looks. Names are single ones, never paths. Links are never followed. */
export interface DiskReads {
  /** The one path that is trusted to be what it says. */
  openRoot(path: string): Folder;
  /** Throws ENOENT where nothing lies there, ENOTDIR or ELOOP for anything but a directory. */
  openFolder(parent: Folder, name: string): Folder;
  /** To be read or synced. Throws ELOOP for a link. */
  openFile(folder: Folder, name: string): number;
  close(fd: number): void;
  /** Undefined where nothing lies there. */
  look(folder: Folder, name: string): Stats | undefined;
  lookAtOpen(fd: number): Stats;
  /** Throws ELOOP for a link. */
  readFile(folder: Folder, name: string): Buffer;
  readLink(folder: Folder, name: string): string;
  list(folder: Folder): string[];
}

export type Disk = DiskReads & DiskWrites;

const FOLDER_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
// A pipe that lies there must not stop the runner.
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Node has no openat(2); a path through the open directory does the same on Linux. */
function at({ fd }: Folder, name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
    throw new Error(`not a single name: ${JSON.stringify(name)}`);
  }
  return `/proc/self/fd/${fd}/${name}`;
}

/** The file system of this machine. Errors are Node's own, with their codes. */
export const nodeDisk: Disk = {
  makeFolder: (parent, name, mode) => {
    const umask = process.umask(0);
    try {
      mkdirSync(at(parent, name), { mode });
    } finally {
      process.umask(umask);
    }
  },
  createFile: (folder, name) => openSync(at(folder, name), CREATE_FLAGS, 0o600),
  write: (fd, bytes) => {
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset);
  },
  setOwner: (fd, { uid, gid }) => fchownSync(fd, uid, gid),
  setMode: (fd, mode) => fchmodSync(fd, mode),
  label: (folder, temporary, { name, path, kind }) => {
    if (isLabelled()) setLabel(at(folder, temporary), { existing: at(folder, name), path, kind });
  },
  sync: (fd) => fsyncSync(fd),
  rename: (folder, from, to) => renameSync(at(folder, from), at(folder, to)),
  link: (from, to) => linkSync(at(from.folder, from.name), at(to.folder, to.name)),
  makeLink: (folder, name, target) => symlinkSync(target, at(folder, name)),
  unlink: (folder, name) => unlinkSync(at(folder, name)),
  removeFolder: (parent, name) => rmdirSync(at(parent, name)),
  openRoot: (path) => ({ fd: openSync(path, constants.O_RDONLY | constants.O_DIRECTORY), path }),
  openFolder: (parent, name) => ({
    fd: openSync(at(parent, name), FOLDER_FLAGS),
    path: `${parent.path === '/' ? '' : parent.path}/${name}`,
  }),
  openFile: (folder, name) => openSync(at(folder, name), READ_FLAGS),
  close: (fd) => closeSync(fd),
  look: (folder, name) => lstatSync(at(folder, name), { throwIfNoEntry: false }),
  lookAtOpen: (fd) => fstatSync(fd),
  readFile: (folder, name) => {
    const fd = openSync(at(folder, name), READ_FLAGS);
    try {
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  },
  readLink: (folder, name) => readlinkSync(at(folder, name)),
  list: (folder) => readdirSync(`/proc/self/fd/${folder.fd}`).sort(),
};
