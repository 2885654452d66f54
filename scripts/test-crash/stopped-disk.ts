import type { Disk } from '../../runner/host/apply/disk.ts';
import { DISK_WRITES } from '../../runner/host/apply/disk-writes.ts';

/** The process is no more. */
export class Stopped extends Error {}

/** A disk that is asked before each operation that changes it; `before` gets its number, from 1, and may throw. */
export function watchedDisk(disk: Disk, before: (number: number) => unknown): Disk {
  let number = 0;
  const watched: Record<string, unknown> = { ...disk };
  for (const name of DISK_WRITES) {
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
