import type { Change } from '../4-seal/change.ts';
import { type ChangeGroup, groupChanges, hostsByRole } from '../4-seal/group-changes.ts';

/** What a reviewer is shown of two compiles. */
export interface DiffReport {
  readonly groups: readonly ChangeGroup[];
  /** Hosts that anything changes on, and their clusters, sorted. */
  readonly hosts: readonly string[];
  readonly clusters: readonly string[];
  /** Files and hosts that change, each host's counted. */
  readonly changes: number;
  /** Role → the hosts on which it comes into debt of a restart, or reloads. */
  readonly restart: ReadonlyMap<string, readonly string[]>;
  readonly reload: ReadonlyMap<string, readonly string[]>;
}

export function diffReport(changes: readonly Change[]): DiffReport {
  const hosts = [...new Set(changes.map(({ host }) => host))].sort();
  return {
    groups: groupChanges(changes),
    hosts,
    clusters: [...new Set(hosts.map((host) => host.split('/').slice(0, 2).join('/')))].sort(),
    changes: changes.length,
    restart: hostsByRole(changes, 'restart'),
    reload: hostsByRole(changes, 'reload'),
  };
}

/** The report as JSON: maps as objects. */
export function diffJson(report: DiffReport): string {
  const value = (_: string, item: unknown) => (item instanceof Map ? Object.fromEntries(item) : item);
  return JSON.stringify(report, value, 2);
}
