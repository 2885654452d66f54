import { expect, test } from 'vitest';
import { sampleService } from '../../compiler/contract/sample-service.ts';
import type { FleetRelease, HostDetail } from '../fleet.ts';
import { viewChrome } from './chrome-view.ts';
import { viewCluster } from './cluster-view.ts';
import { headline, viewFleet } from './fleet-view.ts';
import { viewHost } from './host-view.ts';
import { viewRelease, viewReleases } from './release-view.ts';
import { viewStale } from './stale-view.ts';
import {
  DIGEST,
  fileAt,
  fleetOf,
  hostWith,
  manifestWith,
  NOW,
  OTHER_DIGEST,
  promotedAt,
  reportWith,
} from './test-fleet.ts';

const named = (host: string, changes: Parameters<typeof hostWith>[0] = {}) => hostWith({ host, ...changes });
const failed = {
  report: reportWith({ result: 'failed', problem: { code: 'apply/disk', message: '<b>full</b>' } }),
};
const waiting = { promoted: promotedAt(5) };
const silent = { report: reportWith({ at: '2026-11-23T02:00:00Z' }) };

const hosts = [
  named('dn-1'),
  named('dn-10', waiting),
  named('dn-2', waiting),
  named('dn-3', failed),
  named('hb-1', { type: 'prod-hbase', cluster: 'hbase-1' }),
  named('x-1', { type: 'alpha', cluster: 'hadoop-y', ...silent }),
  named('x-2', { type: 'alpha', cluster: 'hadoop-y', compiled: undefined, promoted: undefined, ...silent }),
];

test('the fleet: what is not current comes first', () => {
  const view = viewFleet(fleetOf(hosts));
  expect(view.headline).toBe('5 of 7 hosts are not current');
  expect(view.tone).toBe('bad');
  expect(view.states.map(({ state, count }) => `${count} ${state}`)).toEqual([
    '2 silent',
    '1 failed',
    '2 waiting',
    '2 current',
  ]);
  expect(view.clusters.map(({ name, stale, tone }) => `${name}: ${stale}, ${tone}`)).toEqual([
    'alpha/hadoop-y: 2 of 2, bad',
    'alpha/hadoop-x: 3 of 4, bad',
    'prod-hbase/hbase-1: 0 of 1, good',
  ]);
  expect(view.clusters[0]).toMatchObject({
    href: 'clusters/alpha/hadoop-y/index.html',
    oldestReport: { iso: '2026-11-23T02:00:00Z', age: '10 h ago' },
    releases: [{ release: '1.1.6-hadoop2', href: 'releases/1.1.6-hadoop2/index.html' }],
  });
});

test.each([
  [0, 0, 'No host is compiled, promoted or reporting yet'],
  [1, 0, 'The one host is current'],
  [60, 0, 'All 60 hosts are current'],
  [1, 1, '1 of 1 host is not current'],
  [9800, 1200, '1\u202f200 of 9\u202f800 hosts are not current'],
])('%i hosts, %i of them not current', (all, stale, text) => {
  expect(headline(all, stale)).toBe(text);
});

const operation = {
  who: 'A <a@example.org>',
  action: 'promote',
  hosts: 2,
  result: 'done',
  summary: 's',
  problems: [],
} as const;

test('a cluster: its hosts by urgency, then as people count; its roles; its releases', () => {
  const fleet = fleetOf(hosts, {
    operations: [
      { ...operation, at: NOW - 60, clusters: ['alpha/hadoop-x'] },
      { ...operation, at: NOW - 90, clusters: ['alpha/hadoop-y'] },
      {
        ...operation,
        at: NOW - 99,
        clusters: ['alpha/hadoop-x', 'alpha/hadoop-y'],
        result: 'refused',
        problems: ['promote/dirty'],
      },
    ],
  });
  const view = viewCluster(fleet, fleet.clusters[0]!);
  expect(view.hosts.map(({ host, state, seq }) => `${host} ${state.state} ${seq}`)).toEqual([
    'dn-3 failed 4',
    'dn-2 waiting 4 → 5',
    'dn-10 waiting 4 → 5',
    'dn-1 current 4',
  ]);
  expect(view.hosts[0]).toMatchObject({
    href: '../../../hosts/dn-3/index.html',
    why: 'the last run failed: <b>full</b> (apply/disk)',
  });
  expect(view.roles).toMatchObject([{ role: 'datanode', hosts: '4' }]);
  expect(view.releases).toMatchObject([{ release: '1.1.6-hadoop2', amount: '4 hosts' }]);
  expect(view.isMixed).toBe(false);
  expect(view.operations.map(({ scope, result, tone }) => [scope, result, tone])).toEqual([
    ['alpha/hadoop-x, 2 hosts', 'done', 'good'],
    ['2 clusters, 2 hosts', 'refused: promote/dirty', 'bad'],
  ]);
});

test('the stale report: by state, then by cluster; none that is current', () => {
  const view = viewStale(fleetOf(hosts));
  const lines = view.groups.flatMap(({ state, clusters }) =>
    clusters.map(
      ({ name, hosts: rows }) => `${state.state} ${name}: ${rows.map(({ host }) => host).join(' ')}`,
    ),
  );
  expect(lines).toEqual([
    'silent alpha/hadoop-y: x-1 x-2',
    'failed alpha/hadoop-x: dn-3',
    'waiting alpha/hadoop-x: dn-2 dn-10',
  ]);
});

test('a host: what is compiled, promoted and active; its files with their marks and content', () => {
  const before = manifestWith({ files: [fileAt('/a'), fileAt('/gone')] });
  const after = manifestWith({
    files: [fileAt('/b'), fileAt('/a', OTHER_DIGEST), fileAt('/big'), fileAt('/lost'), fileAt('/keytab')],
    services: [
      sampleService({
        after: ['namenode'],
        health: { http: 'http://dn-1:9864/jmx', within: 120 },
        max_unavailable: '10%',
      }),
    ],
  });
  const host = hostWith({
    compiled: { manifest: after, digest: OTHER_DIGEST },
    promoted: promotedAt(4, before, DIGEST),
    report: reportWith({
      drift: ['/a'],
      unmounted: ['/data/1\u202e'],
      phases_ms: { accept: 80, fetch: 310, start: 400 },
    }),
  });
  const detail: HostDetail = {
    manifest: after,
    from: 'compiled',
    previews: {
      '/a': { kind: 'text', text: '<a>\n</a>', lines: 2, shown: 2, whole: true },
      '/b': { kind: 'text', text: '', lines: 0, shown: 0, whole: true },
      '/big': { kind: 'text', text: 'x', lines: 2000, shown: 1, whole: false },
      '/keytab': { kind: 'binary' },
    },
  };
  const view = viewHost(fleetOf([host]), host, detail);
  expect(view.generations.map(({ name, seq, manifest }) => `${name} ${seq} ${manifest}`)).toEqual([
    'Compiled – bbbbbbbbbbbb',
    'Promoted 4 aaaaaaaaaaaa',
    'On the host 4 aaaaaaaaaaaa',
  ]);
  expect(view.files.map(({ path, marks, note }) => [path, marks, note])).toEqual([
    ['/a', ['differs on disk', 'changed since the promotion'], ''],
    ['/b', ['new since the promotion'], 'Empty.'],
    [
      '/big',
      ['new since the promotion'],
      'The first 1 of 2\u202f000 lines; the whole file is in the bundle.',
    ],
    ['/keytab', ['new since the promotion'], 'Not text: 1.17 KiB of other bytes.'],
    ['/lost', ['new since the promotion'], 'The content could not be read.'],
  ]);
  expect(view.files[0]).toMatchObject({
    text: '\n<a>\n</a>',
    lineNumbers: '\n1\n2',
    restart: 'datanode',
    reload: '–',
  });
  expect(view.removed).toEqual(['/gone']);
  expect(view.report!.duration).toBe('0.8 s (start 0.4 s, fetch 0.3 s)');
  expect(view.report!.unmounted).toEqual(['/data/1⟨U+202E⟩']);
  expect(view.command).toBe('git show refs/heads/bundles:alpha/hadoop-x/dn-1/files/PATH');
  expect(view.services).toMatchObject([
    {
      order: 1,
      role: 'datanode',
      health: 'http://dn-1:9864/jmx within 2 min',
      rollout: '10% of hosts down at once; on failure hold',
    },
  ]);
});

test('a host that nothing but its report knows', () => {
  const host = hostWith({ compiled: undefined, promoted: undefined });
  const view = viewHost(fleetOf([host]), host, { manifest: null, from: 'compiled', previews: {} });
  expect(view).toMatchObject({ bundle: 'none', files: [], restart: null, state: { state: 'orphaned' } });
  expect(view.generations.map(({ exists }) => exists)).toEqual([false, false, true]);
});

const release = (changes: Partial<FleetRelease>): FleetRelease => ({
  release: '1.1.6-hadoop2',
  known: true,
  date: '2026-10-01',
  summary: 'fixes',
  components: [{ component: 'hadoop', version: '2.10.2', artifact: null }],
  notes: '',
  ...changes,
});

test('releases: the latest first, with the clusters that have them', () => {
  const old = { active: { ...reportWith().active!, release: '1.1.5' } };
  const fleet = fleetOf(
    [named('dn-1'), named('dn-2', { report: reportWith(old), promoted: promotedAt(5) })],
    {
      releases: [
        release({ release: '1.1.5', known: false, date: null, summary: null, components: [] }),
        release({}),
        release({ release: '1.1.10', date: '2026-10-01' }),
      ],
    },
  );
  expect(
    viewReleases(fleet).releases.map(({ release: name, hosts: users, summary }) => [name, users, summary]),
  ).toEqual([
    ['1.1.10', '0', 'fixes'],
    ['1.1.6-hadoop2', '2', 'fixes'],
    ['1.1.5', '1', 'No file releases/1.1.5.yml'],
  ]);
  expect(viewRelease(fleet, fleet.releases[1]!).clusters).toEqual([
    { name: 'alpha/hadoop-x', href: '../../clusters/alpha/hadoop-x/index.html', compiled: '2', active: '1' },
  ]);
  expect(viewRelease(fleet, fleet.releases[0]!).clusters).toMatchObject([{ compiled: '0', active: '1' }]);
});

test('around a page: where it stands, and what it may load', () => {
  const compiled = { source: 'c'.repeat(40), compiler: '0.1.0', at: NOW };
  const frame = { page: 'hosts/dn-1/', title: 'dn-1', stylesheet: '/assets/all.css' };
  const view = viewChrome(fleetOf(hosts, { compiled }), frame);
  expect(view).toMatchObject({ stylesheet: '../../assets/all.css', legendHref: '../../index.html#states' });
  expect(view.origin).toContain('from commit cccccccccccc by compiler 0.1.0');
  expect(view.policy).toMatch(/^default-src 'none';(?!.*unsafe)/);
});
