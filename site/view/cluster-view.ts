import type { Fleet, FleetCluster, FleetHost } from '../fleet.ts';
import { count, grouped } from './amount.ts';
import { headline } from './fleet-view.ts';
import { byUrgency, type HostRow, releaseOf, viewHostRow } from './host-row.ts';
import { clusterPage, linkTo, releasePage } from './link.ts';
import { compareText } from './natural-order.ts';
import { type OperationRow, viewOperations } from './operation-view.ts';
import { countStale, countStates, type StateCount, type Tone, toneOf } from './state-words.ts';

/** A cluster's page. */
export interface ClusterView {
  readonly page: string;
  readonly name: string;
  readonly headline: string;
  readonly tone: Tone;
  readonly states: readonly StateCount[];
  readonly releases: readonly ReleaseUse[];
  /** Whether hosts have different releases, so that each must tell its own. */
  readonly isMixed: boolean;
  /** The most urgent first. */
  readonly hosts: readonly HostRow[];
  readonly roles: readonly RoleRow[];
  readonly operations: readonly OperationRow[];
}

/** A release, and how many hosts of the cluster have it compiled. */
interface ReleaseUse {
  readonly release: string;
  readonly href: string;
  readonly amount: string;
}

interface RoleRow {
  readonly role: string;
  readonly hosts: string;
  readonly states: readonly StateCount[];
}

export function viewCluster(fleet: Fleet, { type, cluster, hosts }: FleetCluster): ClusterView {
  const page = clusterPage(type, cluster);
  const releases = viewReleases(hosts, page);
  return {
    page,
    name: `${type}/${cluster}`,
    headline: headline(hosts.length, countStale(hosts)),
    tone: toneOf(hosts),
    states: countStates(hosts),
    releases,
    isMixed: releases.length > 1,
    hosts: [...hosts].sort(byUrgency).map((host) => viewHostRow(host, { page, now: fleet.now })),
    roles: viewRoles(hosts),
    operations: viewOperations(fleet, `${type}/${cluster}`),
  };
}

function viewReleases(hosts: readonly FleetHost[], page: string): ReleaseUse[] {
  const uses = grouping(hosts, (host) => [releaseOf(host)].filter((release) => release !== undefined));
  return uses.map(([release, users]) => ({
    release,
    href: linkTo(page, releasePage(release)),
    amount: count(users.length, 'host'),
  }));
}

function viewRoles(hosts: readonly FleetHost[]): RoleRow[] {
  return grouping(hosts, ({ roles }) => roles).map(([role, holders]) => ({
    role,
    hosts: grouped(holders.length),
    states: countStates(holders),
  }));
}

function grouping(
  hosts: readonly FleetHost[],
  keysOf: (host: FleetHost) => readonly string[],
): [string, FleetHost[]][] {
  const groups = new Map<string, FleetHost[]>();
  for (const host of hosts) {
    for (const key of keysOf(host)) {
      const group = groups.get(key);
      if (group) group.push(host);
      else groups.set(key, [host]);
    }
  }
  return [...groups].sort(([left], [right]) => compareText(left, right));
}
