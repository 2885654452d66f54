import type { Fleet, FleetCluster } from '../fleet.ts';
import { count, grouped, listing } from './amount.ts';
import { releaseOf } from './host-row.ts';
import { clusterPage, INDEX_PAGE, linkTo, releasePage, STALE_PAGE } from './link.ts';
import { byNaturalOrder, compareText } from './natural-order.ts';
import { type OperationRow, viewOperations } from './operation-view.ts';
import { countStale, countStates, type StateCount, type Tone, toneOf, urgency } from './state-words.ts';
import { type Moment, momentOf, secondsOf } from './time.ts';
import { visible } from './visible.ts';

/** The first page: the whole fleet by cluster, those with the most urgent hosts first. */
export interface FleetView {
  /** The page's first sentence: `3 of 60 hosts are not current`. */
  readonly headline: string;
  readonly tone: Tone;
  readonly staleHref: string;
  readonly states: readonly StateCount[];
  readonly clusters: readonly ClusterRow[];
  readonly problems: readonly ProblemView[];
  readonly operations: readonly OperationRow[];
}

export interface ClusterRow {
  readonly name: string;
  readonly href: string;
  /** `3 of 60`. */
  readonly stale: string;
  readonly tone: Tone;
  readonly states: readonly StateCount[];
  readonly releases: readonly { readonly release: string; readonly href: string }[];
  /** The oldest of its hosts' last reports. */
  readonly oldestReport: Moment | null;
}

/** What could not be read, as a person may act on it. */
export interface ProblemView {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** `4 hosts: a, b, c and 1 more`; empty where no host is meant. */
  readonly hosts: string;
}

export function viewFleet(fleet: Fleet): FleetView {
  const hosts = fleet.clusters.flatMap((cluster) => cluster.hosts);
  const stale = countStale(hosts);
  return {
    headline: headline(hosts.length, stale),
    tone: toneOf(hosts),
    staleHref: linkTo(INDEX_PAGE, STALE_PAGE),
    states: countStates(hosts),
    clusters: [...fleet.clusters].sort(byWorstHost).map((cluster) => viewClusterRow(cluster, fleet.now)),
    operations: viewOperations(fleet),
    problems: fleet.problems.map(({ code, message, hint, hosts }) => ({
      code,
      message: visible(message),
      hint: visible(hint ?? ''),
      hosts: hosts ? `${count(hosts.length, 'host')}: ${listing(hosts)}` : '',
    })),
  };
}

/** How many hosts are not current, as a sentence without a full stop. */
export function headline(hosts: number, stale: number): string {
  if (hosts === 0) return 'No host is compiled, promoted or reporting yet';
  if (stale === 0) return hosts === 1 ? 'The one host is current' : `All ${count(hosts, 'host')} are current`;
  return `${grouped(stale)} of ${count(hosts, 'host')} ${stale === 1 ? 'is' : 'are'} not current`;
}

/** The cluster with the most urgent host first; those alike by name. */
function byWorstHost(left: FleetCluster, right: FleetCluster): number {
  return (
    worst(left) - worst(right) ||
    compareText(left.type, right.type) ||
    byNaturalOrder(left.cluster, right.cluster)
  );
}

function worst({ hosts }: FleetCluster): number {
  return Math.min(...hosts.map(({ state }) => urgency(state)));
}

function viewClusterRow({ type, cluster, hosts }: FleetCluster, now: number): ClusterRow {
  const stale = countStale(hosts);
  const reports = hosts.flatMap(({ report }) => (report ? [secondsOf(report.at)] : []));
  const releases = [...new Set(hosts.flatMap((host) => releaseOf(host) ?? []))].sort(compareText);
  return {
    name: `${type}/${cluster}`,
    href: linkTo(INDEX_PAGE, clusterPage(type, cluster)),
    stale: `${grouped(stale)} of ${grouped(hosts.length)}`,
    tone: toneOf(hosts),
    states: countStates(hosts),
    releases: releases.map((release) => ({ release, href: linkTo(INDEX_PAGE, releasePage(release)) })),
    oldestReport: reports.length === 0 ? null : momentOf(Math.min(...reports), now),
  };
}
