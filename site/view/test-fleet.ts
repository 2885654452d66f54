import type { Manifest } from '../../compiler/contract/manifest.ts';
import type { Report } from '../../compiler/contract/report.ts';
import { sampleReport } from '../../compiler/contract/sample-report.ts';
import type { Fleet, FleetHost } from '../fleet.ts';
import { assembleHost, type HostSources } from '../read/assemble-host.ts';

/** The time of all tests of views. */
export const NOW = Date.parse('2026-11-23T12:00:00Z') / 1000;

export const DIGEST = 'a'.repeat(64);
export const OTHER_DIGEST = 'b'.repeat(64);

/** A manifest of `dn-1` in alpha/hadoop-x, with what a test says otherwise. */
export function manifestWith(changes: Partial<Manifest> = {}): Manifest {
  return {
    schema: 'khp.bundle/1',
    host: 'dn-1',
    cluster: 'hadoop-x',
    type: 'alpha',
    release: '1.1.6-hadoop2',
    roles: ['datanode'],
    files: [fileAt('/etc/hadoop/conf/hdfs-site.xml')],
    directories: [],
    artifacts: [],
    services: [],
    secrets: [],
    metrics: [],
    logs: [],
    ...changes,
  };
}

export function fileAt(path: string, sha256 = DIGEST): Manifest['files'][number] {
  return {
    path,
    sha256,
    size: 1200,
    mode: '0644',
    owner: 'hdfs',
    group: 'hadoop',
    effect: sha256,
    restart: ['datanode'],
    reload: [],
  };
}

/** A report of ten minutes ago by which the host runs seq 4 of DIGEST. */
export function reportWith(changes: Partial<Report> = {}): Report {
  return sampleReport({
    host: 'dn-1',
    at: '2026-11-23T11:50:00Z',
    active: {
      generation: 7,
      seq: 4,
      manifest: DIGEST,
      release: '1.1.6-hadoop2',
      expires: '2027-02-01T00:00:00Z',
    },
    duration_ms: 834,
    ...changes,
  });
}

/** A host that is current, with what a test says otherwise. */
export function hostWith(changes: Partial<HostSources> = {}): FleetHost {
  const compiled = { manifest: manifestWith(), digest: DIGEST };
  const promoted = { ...compiled, seq: 4, expires: NOW + 86_400, restart: [], retire: [], at: NOW - 7200 };
  const sources = {
    host: 'dn-1',
    type: 'alpha',
    cluster: 'hadoop-x',
    compiled,
    promoted,
    report: reportWith(),
  };
  return assembleHost({ ...sources, ...changes }, NOW);
}

/** A promotion of another content than is compiled, at `seq`. */
export function promotedAt(
  seq: number,
  manifest = manifestWith(),
  digest = OTHER_DIGEST,
): HostSources['promoted'] {
  return { manifest, digest, seq, expires: NOW + 86_400, restart: [], retire: [], at: NOW - 7200 };
}

/** A fleet of these hosts, each in its cluster; no release has a file. */
export function fleetOf(hosts: readonly FleetHost[], changes: Partial<Fleet> = {}): Fleet {
  const names = [...new Set(hosts.map(({ type, cluster }) => `${type}/${cluster}`))].sort();
  const clusters = names.map((name) => {
    const [type, cluster] = name.split('/') as [string, string];
    return { type, cluster, hosts: hosts.filter((host) => host.type === type && host.cluster === cluster) };
  });
  return { now: NOW, compiled: null, clusters, releases: [], operations: [], problems: [], ...changes };
}
