import type { Disk, DiskWrites } from '../../runner/host/apply/disk.ts';

/** Every operation that changes a disk. */
export const OPERATIONS: readonly (keyof DiskWrites)[] = [
  'makeFolder',
  'createFile',
  'write',
  'setOwner',
  'setMode',
  'label',
  'sync',
  'rename',
  'link',
  'makeLink',
  'unlink',
  'removeFolder',
];

/** The process is no more. */
export class Stopped extends Error {}

/** A disk that is asked before each operation that changes it; `before` gets its number, from 1, and may throw. */
export function watchedDisk(disk: Disk, before: (number: number) => unknown): Disk {
  let number = 0;
  const watched: Record<string, unknown> = { ...disk };
  for (const name of OPERATIONS) {
    const real = disk[name] as (...args: unknown[]) => unknown;
    watched[name] = (...args: unknown[]) => {
      number += 1;
      before(number);
      return real(...args);
    };
  }
  return watched as unknown as Disk;
}

/** A disk that stops before the n-th operation, and before all after it, as for a process that was killed there. */
export function stoppedDisk(disk: Disk, at: number): Disk {
  return watchedDisk(disk, (number) => {
    if (number >= at) throw new Stopped();
  });
}
