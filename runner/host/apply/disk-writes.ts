import type { DiskWrites } from './disk.ts';

// A mapping, so that an operation that is missing here is an error of types, and no test can pass it by.
const operations: Readonly<Record<keyof DiskWrites, true>> = {
  makeFolder: true,
  createFile: true,
  write: true,
  setOwner: true,
  setMode: true,
  label: true,
  sync: true,
  rename: true,
  link: true,
  makeLink: true,
  unlink: true,
  removeFolder: true,
};

/** For tests: every operation that changes a disk. */
export const DISK_WRITES = Object.keys(operations) as readonly (keyof DiskWrites)[];
