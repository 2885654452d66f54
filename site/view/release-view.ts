import type { Fleet, FleetHost, FleetRelease } from '../fleet.ts';
import { count, formatSize, grouped } from './amount.ts';
import { releaseOf } from './host-row.ts';
import { clusterPage, linkTo, RELEASES_PAGE, releasePage } from './link.ts';
import { byNaturalOrder, compareText } from './natural-order.ts';
import { visible } from './visible.ts';

/** The list of releases. */
export interface ReleasesView {
  readonly amount: string;
  readonly releases: readonly ReleaseRow[];
}

interface ReleaseRow {
  readonly release: string;
  readonly href: string;
  readonly date: string;
  readonly summary: string;
  /** `hadoop 3.3.6, zookeeper 3.8.4` */
  readonly components: string;
  readonly hosts: string;
  readonly clusters: readonly { readonly name: string; readonly href: string }[];
}

/** The releases, the latest first: by date, then by name as people count. */
export function viewReleases(fleet: Fleet): ReleasesView {
  return {
    amount: count(fleet.releases.length, 'release'),
    releases: [...fleet.releases].sort(byLatest).map((release) => {
      const users = usersOf(fleet, release.release);
      return {
        release: release.release,
        href: linkTo(RELEASES_PAGE, releasePage(release.release)),
        date: release.date ?? '–',
        summary: summaryOf(release),
        components:
          release.components.map(({ component, version }) => `${component} ${version}`).join(', ') || '–',
        hosts: grouped(users.reduce((sum, { hosts }) => sum + hosts.length, 0)),
        clusters: users.map(({ type, cluster }) => ({
          name: `${type}/${cluster}`,
          href: linkTo(RELEASES_PAGE, clusterPage(type, cluster)),
        })),
      };
    }),
  };
}

function byLatest(left: FleetRelease, right: FleetRelease): number {
  return compareText(right.date ?? '', left.date ?? '') || byNaturalOrder(right.release, left.release);
}

function summaryOf({ summary, known, release }: FleetRelease): string {
  return summary === null && !known ? `No file releases/${release}.yml` : visible(summary ?? '');
}

/** A release's page; its notes are rendered apart. */
export interface ReleaseView {
  readonly page: string;
  readonly release: string;
  readonly date: string;
  readonly summary: string;
  readonly known: boolean;
  readonly components: readonly ComponentRow[];
  readonly clusters: readonly ReleaseCluster[];
}

interface ComponentRow {
  readonly component: string;
  readonly version: string;
  readonly url: string;
  readonly size: string;
  readonly sha256: string;
}

/** A cluster that has the release: compiled for it, or still running it. */
interface ReleaseCluster {
  readonly name: string;
  readonly href: string;
  readonly compiled: string;
  readonly active: string;
}

export function viewRelease(fleet: Fleet, release: FleetRelease): ReleaseView {
  const page = releasePage(release.release);
  return {
    page,
    release: release.release,
    date: release.date ?? '',
    summary: summaryOf(release),
    known: release.known,
    components: release.components.map(({ component, version, artifact }) => ({
      component,
      version: visible(version),
      url: artifact ? visible(artifact.url) : 'installed by other means',
      size: artifact ? formatSize(artifact.size) : '–',
      sha256: artifact ? artifact.sha256 : '–',
    })),
    clusters: usersOf(fleet, release.release).map(({ type, cluster, hosts }) => ({
      name: `${type}/${cluster}`,
      href: linkTo(page, clusterPage(type, cluster)),
      compiled: grouped(hosts.filter((host) => releaseOf(host) === release.release).length),
      active: grouped(hosts.filter(({ report }) => report?.active?.release === release.release).length),
    })),
  };
}

/** The clusters with hosts that have or run the release, with those hosts; sorted by type and name. */
function usersOf({ clusters }: Fleet, release: string) {
  const uses = (host: FleetHost) => releaseOf(host) === release || host.report?.active?.release === release;
  return clusters
    .map(({ type, cluster, hosts }) => ({ type, cluster, hosts: hosts.filter(uses) }))
    .filter(({ hosts }) => hosts.length > 0)
    .sort((left, right) => compareText(left.type, right.type) || byNaturalOrder(left.cluster, right.cluster));
}
