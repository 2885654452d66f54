import type { Fleet, FleetCluster } from '../fleet.ts';
import { count } from './amount.ts';
import { headline } from './fleet-view.ts';
import { byUrgency, type HostRow, viewHostRow } from './host-row.ts';
import { clusterPage, linkTo, STALE_PAGE } from './link.ts';
import { byNaturalOrder, compareText } from './natural-order.ts';
import { countStale, countStates, type StateCount, type Tone, toneOf } from './state-words.ts';

/** The stale report: every host that is not current, by state, then by cluster. */
export interface StaleView {
  readonly headline: string;
  readonly tone: Tone;
  readonly groups: readonly StaleGroup[];
}

export interface StaleGroup {
  readonly state: StateCount;
  /** `3 hosts`. */
  readonly amount: string;
  readonly clusters: readonly StaleCluster[];
}

export interface StaleCluster {
  readonly name: string;
  readonly href: string;
  readonly amount: string;
  readonly hosts: readonly HostRow[];
}

export function viewStale({ clusters, now }: Fleet): StaleView {
  const hosts = clusters.flatMap((cluster) => cluster.hosts);
  const ordered = [...clusters].sort(
    (left, right) => compareText(left.type, right.type) || byNaturalOrder(left.cluster, right.cluster),
  );
  const stale = countStale(hosts);
  return {
    headline: headline(hosts.length, stale),
    tone: toneOf(hosts),
    groups: countStates(hosts)
      .filter(({ state }) => state !== 'current')
      .map((state) => ({
        state,
        amount: count(state.count, 'host'),
        clusters: ordered.flatMap((cluster) => viewStaleCluster(cluster, state, now)),
      })),
  };
}

function viewStaleCluster({ type, cluster, hosts }: FleetCluster, { state }: StateCount, now: number) {
  const stale = hosts.filter((host) => host.state === state).sort(byUrgency);
  if (stale.length === 0) return [];
  const view: StaleCluster = {
    name: `${type}/${cluster}`,
    href: linkTo(STALE_PAGE, clusterPage(type, cluster)),
    amount: count(stale.length, 'host'),
    hosts: stale.map((host) => viewHostRow(host, { page: STALE_PAGE, now })),
  };
  return [view];
}
