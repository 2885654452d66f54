import type { FleetCluster } from './compile-fleet.ts';

/** How many hosts some clusters have, and how many files these. */
export function sizeOf(clusters: readonly FleetCluster[]): { hosts: number; files: number } {
  return {
    hosts: clusters.reduce((sum, { members }) => sum + members.length, 0),
    files: clusters.reduce((sum, { count }) => sum + count, 0),
  };
}
