import { canonicalJson } from '../../compiler/contract/canonical-json.ts';
import type { Diagnostic, Outcome } from '../../compiler/contract/diagnostic.ts';
import { AUDIT_REF, BUNDLES_REF, hostRef, STATUS_REF } from '../../compiler/contract/names.ts';
import { parsePromotion, retiresAll } from '../../compiler/contract/promotion.ts';
import { type ClusterStatus, type Report, STATUS_SCHEMA } from '../../compiler/contract/report.ts';
import type { Person } from '../../compiler/git/identity.ts';
import { parseCommit, treeFiles, treeIds } from '../../compiler/git/objects.ts';
import { readObjects } from '../../compiler/git/read-objects.ts';
import { moveRefs, type RefStore, readRefs } from '../../compiler/git/ref-store.ts';
import { resolve } from '../../compiler/git/refs.ts';
import { writeCommit } from '../../compiler/git/write-commit.ts';
import { auditUpdate, identityAt } from './audit.ts';
import { readBundleHosts } from './bundle-hosts.ts';
import { collectWarning, readReports } from './read-reports.ts';
import { readStatus, statusPath } from './status.ts';

/** What to gather. */
export interface CollectRequest {
  /** Holds refs/heads/bundles, status and audit. */
  readonly config: RefStore;
  /** Holds refs/khp/reports/. */
  readonly reports: RefStore;
  readonly who: Person;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** What was gathered. */
export interface Collected {
  /** Reports that are now in refs/heads/status: as they were just read, or, where that failed, as they were before. */
  readonly hosts: number;
  /** Clusters whose status changed, as `<type>/<cluster>`, sorted. */
  readonly changed: readonly string[];
  /** The commit of refs/heads/status; undefined where nobody has reported ever. */
  readonly commit: string | undefined;
}

const ATTEMPTS = 5;

/**
 * Gathers the hosts' reports into refs/heads/status, one file a cluster. A report that cannot be believed (not readable,
 * of another host, of the future) becomes a warning, and the host keeps the report that it had. A host that is no longer
 * in the bundles stays in the cluster that it was in, until it reports that it is retired as a whole. Status and audit
 * move as one transaction, and only where something changed.
 */
export async function collect(request: CollectRequest): Promise<Outcome<Collected | undefined>> {
  const { config, reports, now, who } = request;
  const read = await readReports(reports, { now });
  let reason = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const refs = await readRefs(config, [BUNDLES_REF, STATUS_REF, AUDIT_REF]);
    const last = refs.get(STATUS_REF);
    const before = last === undefined ? [] : await readStatus(config, last);
    const bundles = refs.get(BUNDLES_REF);
    const hosts = bundles === undefined ? new Map() : await readBundleHosts(config.repository, bundles);
    const reported = new Set([...read.reports.keys(), ...before.flatMap((one) => Object.keys(one.hosts))]);
    const gone = await readRetired(
      config,
      [...reported].filter((host) => !hosts.has(host)),
    );
    const { clusters, diagnostics } = arrange({ reports: read.reports, before, hosts, gone });
    const all = [...read.diagnostics, ...diagnostics];
    const files = toFiles(clusters);
    const changed = changedClusters(files, before);
    const count = clusters.reduce((sum, status) => sum + Object.keys(status.hosts).length, 0);
    if (last === undefined ? files.size === 0 : await isTree(config, last, files)) {
      return { value: { hosts: count, changed: [], commit: last }, diagnostics: all };
    }
    const person = identityAt(who, now);
    const summary = `${count} ${count === 1 ? 'report' : 'reports'}, ${changed.length} ${changed.length === 1 ? 'cluster' : 'clusters'} changed`;
    const commit = await writeCommit({
      repository: config.repository,
      files: Array.from(files, ([path, bytes]) => ({ path, bytes })),
      parent: last,
      author: person,
      committer: person,
      message: `collect ${summary}\n`,
    });
    const operation = { who, now, action: 'collect', result: 'done', hosts: [] } as const;
    const audited = { ...operation, summary, clusters: changed, bundles };
    const audit = await auditUpdate(config.repository, audited, refs.get(AUDIT_REF));
    const updates = [audit, { ref: STATUS_REF, old: last, new: commit }];
    const outcome = await moveRefs(config, updates, 'khp collect');
    if (outcome.ok) return { value: { hosts: count, changed, commit }, diagnostics: all };
    reason = outcome.reason;
  }
  const conflict: Diagnostic = {
    code: 'collect/conflict',
    severity: 'error',
    message: `${STATUS_REF} moved ${ATTEMPTS} times while its next commit was made (${reason})`,
    hint: 'see who else collects, then collect again',
  };
  return { value: undefined, diagnostics: [...read.diagnostics, conflict] };
}

/** Which of some hosts are retired as a whole, and by which Seq. Signatures are the hosts' to verify. */
async function readRetired(config: RefStore, hosts: readonly string[]): Promise<Map<string, number>> {
  const gone = new Map<string, number>();
  if (hosts.length === 0) return gone;
  const refs = await readRefs(config, hosts.map(hostRef));
  await readObjects({ repository: config.repository, names: [...refs.values()] }, (object) => {
    const commit = object?.type === 'commit' && object.content ? parseCommit(object.content) : undefined;
    const promotion = commit && parsePromotion(commit.message);
    if (promotion && retiresAll(promotion)) gone.set(promotion.host, promotion.seq);
  });
  return gone;
}

interface Arrangement {
  readonly reports: ReadonlyMap<string, Report>;
  readonly before: readonly ClusterStatus[];
  readonly hosts: ReadonlyMap<string, { readonly type: string; readonly cluster: string }>;
  /** Hosts that are retired as a whole, and the Seq that says so. */
  readonly gone: ReadonlyMap<string, number>;
}

/** Puts every host's last report into its cluster: that of the bundles, or else the one that it was in. */
function arrange({ reports, before, hosts, gone }: Arrangement): {
  clusters: ClusterStatus[];
  diagnostics: Diagnostic[];
} {
  const clusters = new Map<string, ClusterStatus>();
  const diagnostics: Diagnostic[] = [];
  const put = ({ type, cluster }: { type: string; cluster: string }, report: Report): void => {
    const path = statusPath({ type, cluster });
    const status = clusters.get(path) ?? { schema: STATUS_SCHEMA, type, cluster, hosts: {} };
    status.hosts[report.host] = report;
    clusters.set(path, status);
  };
  const placed = new Set<string>();
  const isGone = (report: Report): boolean =>
    (report.active?.seq ?? 0) >= (gone.get(report.host) ?? Infinity);
  for (const status of before) {
    for (const [host, report] of Object.entries(status.hosts)) {
      if (placed.has(host) || report.host !== host) continue;
      placed.add(host);
      const latest = reports.get(host) ?? report;
      if (!isGone(latest)) put(hosts.get(host) ?? status, latest);
    }
  }
  for (const [host, report] of reports) {
    const place = hosts.get(host);
    if (placed.has(host)) continue;
    if (place) put(place, report);
    else if (isGone(report)) continue;
    else
      diagnostics.push(collectWarning('unknown-host', host, `${host} reports, but no cluster has or had it`));
  }
  return {
    clusters: [...clusters.values()],
    diagnostics: [...diagnostics, ...unmountedIn(clusters.values())],
  };
}

/** Paths that a warning names; hosts choose them. */
const SHOWN = 5;

/** One warning of the data directories that hosts have not made, since no disk is mounted there. */
function unmountedIn(clusters: Iterable<ClusterStatus>): Diagnostic[] {
  const reports = [...clusters].flatMap((status) => Object.values(status.hosts));
  const affected = reports.filter(({ unmounted = [] }) => unmounted.length > 0);
  if (affected.length === 0) return [];
  const paths = [...new Set(affected.flatMap(({ unmounted }) => unmounted ?? []))].sort();
  const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
  const named = paths.slice(0, SHOWN).map((path) => JSON.stringify(path));
  const message = `no disk is mounted at ${named.join(', ')}${more}, so the directory is not made`;
  const hint = 'mount the disks, then the next run of khp-runner makes the directories';
  const hosts = affected.map(({ host }) => host).sort();
  return [{ code: 'collect/unmounted', severity: 'warning', message, hint, hosts }];
}

function toFiles(clusters: readonly ClusterStatus[]): Map<string, Uint8Array> {
  const files = clusters.map((status): [string, Uint8Array] => [
    statusPath(status),
    Buffer.from(canonicalJson(status), 'utf8'),
  ]);
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function changedClusters(files: ReadonlyMap<string, Uint8Array>, before: readonly ClusterStatus[]): string[] {
  const old = toFiles(before);
  const paths = new Set([...files.keys(), ...old.keys()]);
  const isChanged = (path: string): boolean =>
    !Buffer.from(files.get(path) ?? []).equals(Buffer.from(old.get(path) ?? []));
  return [...paths]
    .filter(isChanged)
    .map((path) => path.slice(0, -'.json'.length))
    .sort();
}

async function isTree(
  config: RefStore,
  commit: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<boolean> {
  return (await resolve(config.repository, `${commit}^{tree}`)) === treeIds(treeFiles(files)).get('');
}
