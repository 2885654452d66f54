import type { HealthCheck, Manifest, ServiceEntry } from '../../compiler/contract/manifest.ts';
import { BUNDLES_REF, hostRef } from '../../compiler/contract/names.ts';
import type { Fleet, FleetHost, HostDetail } from '../fleet.ts';
import { count, formatSize, shortDigest } from './amount.ts';
import { explainState } from './explain-state.ts';
import { type FileView, viewFiles } from './file-view.ts';
import { type GenerationRow, viewGenerations } from './generation-view.ts';
import { clusterPage, hostPage, linkTo } from './link.ts';
import { type ReportView, viewReport } from './report-view.ts';
import { type StateView, viewState } from './state-words.ts';
import { formatDuration } from './time.ts';
import { visible } from './visible.ts';

/** A host's page. */
export interface HostView {
  readonly page: string;
  readonly host: string;
  readonly cluster: string;
  readonly clusterHref: string;
  readonly state: StateView;
  readonly why: string;
  readonly roles: readonly string[];
  /** What is compiled, promoted and active, in this order. */
  readonly generations: readonly GenerationRow[];
  /** Roles that may be restarted under the promotion; null without one. */
  readonly restart: string | null;
  readonly report: ReportView | null;
  readonly services: readonly ServiceRow[];
  readonly files: readonly FileView[];
  /** Paths that were promoted and are compiled no longer. */
  readonly removed: readonly string[];
  readonly directories: readonly DirectoryRow[];
  readonly artifacts: readonly ArtifactRow[];
  /** Whether there is a bundle to show, and which. */
  readonly bundle: 'compiled' | 'promoted' | 'none';
  /** Prints a file of the bundle, in a clone of the config repository; `PATH` stands for its path. */
  readonly command: string;
}

/** A service in start order. */
interface ServiceRow {
  readonly order: number;
  readonly role: string;
  readonly command: string;
  readonly user: string;
  readonly after: string;
  readonly health: string;
  readonly stop: string;
  readonly rollout: string;
}

interface DirectoryRow {
  readonly path: string;
  readonly mode: string;
  readonly owner: string;
  readonly mountpoint: string;
}

interface ArtifactRow {
  readonly component: string;
  readonly version: string;
  readonly link: string;
  readonly url: string;
  readonly size: string;
  readonly sha256: string;
}

export function viewHost(fleet: Fleet, host: FleetHost, detail: HostDetail): HostView {
  const page = hostPage(host.host);
  const { manifest } = detail;
  return {
    page,
    host: host.host,
    cluster: `${host.type}/${host.cluster}`,
    clusterHref: linkTo(page, clusterPage(host.type, host.cluster)),
    state: viewState(host.state),
    why: explainState(host, fleet.now),
    roles: host.roles,
    generations: viewGenerations(fleet, host),
    restart: host.promoted && (host.promoted.restart.join(', ') || 'none'),
    report: host.report && viewReport(host.report, fleet.now),
    services: (manifest?.services ?? []).map(viewService),
    files: viewFiles(host, detail),
    removed: (host.promoted?.changes ?? [])
      .filter(({ kind }) => kind === 'removed')
      .map(({ path }) => visible(path)),
    directories: (manifest?.directories ?? []).map(viewDirectory),
    artifacts: (manifest?.artifacts ?? []).map(viewArtifact),
    bundle: manifest ? detail.from : 'none',
    command: `git show ${bundleName(host, detail)}files/PATH`,
  };
}

/** The bundle's name for git, to which a path is added. */
function bundleName({ type, cluster, host }: FleetHost, { from }: HostDetail): string {
  return from === 'compiled' ? `${BUNDLES_REF}:${type}/${cluster}/${host}/` : `${hostRef(host)}:`;
}

function viewService(service: ServiceEntry, index: number): ServiceRow {
  const { health, stop, max_unavailable: limit } = service;
  const down = typeof limit === 'number' ? count(limit, 'host') : `${limit} of hosts`;
  return {
    order: index + 1,
    role: service.role,
    command: service.command,
    user: service.user,
    after: service.after.join(', ') || '–',
    health: health ? describeHealth(health) : '–',
    stop: `${stop.signal}, ${formatDuration(stop.timeout)}`,
    rollout: `${down} down at once; on failure ${service.on_failure}`,
  };
}

function describeHealth({ http, tcp, command, jmx, settle, within }: HealthCheck): string {
  const checks = [http, tcp, command, jmx && describeJmx(jmx)].filter((check) => check !== undefined);
  const settled = settle === undefined ? '' : `, for ${formatDuration(settle)} at least,`;
  return `${checks.join(', ')}${settled} within ${formatDuration(within)}`;
}

function describeJmx({ attribute, url, equals, contains }: NonNullable<HealthCheck['jmx']>): string {
  const oneOf = (texts: readonly string[]) => texts.map((text) => text || '""').join(' or ');
  const is = equals ? ` is ${oneOf(equals)}` : '';
  return `${attribute} at ${url}${is}${contains ? ` has ${oneOf(contains)}` : ''}`;
}

function viewDirectory(entry: Manifest['directories'][number]): DirectoryRow {
  return {
    path: entry.path,
    mode: entry.mode,
    owner: `${entry.owner}:${entry.group}`,
    mountpoint: entry.mountpoint ? 'must be a mount point' : '–',
  };
}

function viewArtifact(entry: Manifest['artifacts'][number]): ArtifactRow {
  return {
    component: entry.component,
    version: entry.version,
    link: entry.link,
    url: entry.url,
    size: formatSize(entry.size),
    sha256: shortDigest(entry.sha256),
  };
}
