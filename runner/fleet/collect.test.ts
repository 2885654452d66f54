import { describe, expect, test } from 'vitest';
import { reportRef, STATUS_REF } from '../../compiler/contract/names.ts';
import { ClusterStatus, REPORT_PATH, type Report } from '../../compiler/contract/report.ts';
import { sampleReport } from '../../compiler/contract/sample-report.ts';
import { formatCommit, formatTree, objectId } from '../../compiler/git/objects.ts';
import { readTree } from '../../compiler/git/read-tree.ts';
import { listCommits, resolve, updateRefs } from '../../compiler/git/refs.ts';
import { git } from '../../compiler/git/repository.ts';
import { writeObjects } from '../../compiler/git/write-objects.ts';
import { collect } from './collect.ts';
import { bundlesOf, NOW, OPERATOR, type TemporaryFleet, temporaryFleet } from './temporary-fleet.ts';

const HOSTS = bundlesOf({ 'alpha/x/x-1': '1', 'alpha/x/x-2': '2', 'prod/y/y-1': '3' });

function gather(fleet: TemporaryFleet, now = NOW): ReturnType<typeof collect> {
  const reports = { repository: fleet.workspace, url: fleet.reports.gitDir };
  return collect({ config: fleet.config, reports, who: OPERATOR, now });
}

/** The status: host → its report's result, by file. */
async function statusOf({
  configRepository,
}: TemporaryFleet): Promise<Record<string, Record<string, string>>> {
  const files = await readTree(configRepository, STATUS_REF);
  const status: Record<string, Record<string, string>> = {};
  for (const [path, bytes] of files) {
    const { hosts } = ClusterStatus.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    status[path] = Object.fromEntries(Object.entries(hosts).map(([host, { result }]) => [host, result]));
  }
  return status;
}

describe.each([false, true])('collect (config repository elsewhere: %s)', (remote) => {
  test('gathers reports by cluster, and commits where something changed only', async () => {
    const fleet = await temporaryFleet({ remote });
    await fleet.compile(HOSTS);
    expect(await gather(fleet)).toEqual({
      value: { hosts: 0, changed: [], commit: undefined },
      diagnostics: [],
    });
    await fleet.report('x-2', { result: 'applied' });
    await fleet.report('y-1', {});
    const first = await gather(fleet);
    expect(first).toMatchObject({ value: { hosts: 2, changed: ['alpha/x', 'prod/y'] }, diagnostics: [] });
    expect(await statusOf(fleet)).toEqual({
      'alpha/x.json': { 'x-2': 'applied' },
      'prod/y.json': { 'y-1': 'unchanged' },
    });
    expect(await gather(fleet)).toEqual({
      value: { hosts: 2, changed: [], commit: first.value!.commit },
      diagnostics: [],
    });
    await fleet.report('x-1', { result: 'failed' });
    await fleet.report('x-2', { result: 'unchanged' });
    expect(await gather(fleet)).toMatchObject({ value: { hosts: 3, changed: ['alpha/x'] }, diagnostics: [] });
    expect(await statusOf(fleet)).toEqual({
      'alpha/x.json': { 'x-1': 'failed', 'x-2': 'unchanged' },
      'prod/y.json': { 'y-1': 'unchanged' },
    });
    expect(await listCommits(fleet.configRepository, 'refs/heads/audit', 9)).toHaveLength(2);
  });

  test('many at once agree', async () => {
    const fleet = await temporaryFleet({ remote });
    await fleet.compile(HOSTS);
    for (const host of ['x-1', 'x-2', 'y-1']) await fleet.report(host, {});
    const outcomes = await Promise.all([gather(fleet), gather(fleet), gather(fleet)]);
    expect(outcomes.map(({ value }) => value?.hosts)).toEqual([3, 3, 3]);
    expect(await listCommits(fleet.configRepository, STATUS_REF, 9)).toHaveLength(1);
  });
});

test('a host that left the bundles stays in its cluster, one that was never there is named', async () => {
  const fleet = await temporaryFleet();
  await fleet.compile(HOSTS);
  await fleet.report('x-1', {});
  await gather(fleet);
  await fleet.compile(bundlesOf({ 'prod/y/y-1': '3' }));
  await fleet.report('x-1', { result: 'failed' });
  await fleet.report('stranger', {});
  const { diagnostics } = await gather(fleet);
  expect(diagnostics).toMatchObject([
    { code: 'collect/unknown-host', severity: 'warning', hosts: ['stranger'] },
  ]);
  expect(await statusOf(fleet)).toEqual({ 'alpha/x.json': { 'x-1': 'failed' } });
  await fleet.compile(bundlesOf({ 'prod/z/x-1': '1' }));
  await gather(fleet);
  expect(await statusOf(fleet)).toEqual({ 'prod/z.json': { 'x-1': 'failed' } });
});

test('data directories without a disk are one warning, again and again while they are', async () => {
  const fleet = await temporaryFleet();
  await fleet.compile(HOSTS);
  await fleet.report('x-1', { unmounted: ['/data/1', '/data/2', '/data/3', '/data/4'] });
  await fleet.report('x-2', {});
  await fleet.report('y-1', { unmounted: ['/data/1', '/data/5\u001b[2J', '/data/6'] });
  const warning = {
    code: 'collect/unmounted',
    severity: 'warning',
    message:
      'no disk is mounted at "/data/1", "/data/2", "/data/3", "/data/4", "/data/5\\u001b[2J" and 1 more, so the directory is not made',
    hint: 'mount the disks, then the next run of khp-runner makes the directories',
    hosts: ['x-1', 'y-1'],
  };
  expect((await gather(fleet)).diagnostics).toEqual([warning]);
  expect((await gather(fleet)).diagnostics).toEqual([warning]);
  await fleet.report('x-1', {});
  await fleet.report('y-1', {});
  expect((await gather(fleet)).diagnostics).toEqual([]);
});

describe('what a host may send', () => {
  const json = (report: unknown): Uint8Array => Buffer.from(JSON.stringify(report));
  const good = sampleReport({ host: 'x-1', at: '2023-11-14T22:13:20Z' });
  const cases: [string, Uint8Array, string][] = [
    ['no JSON', Buffer.from('{'), 'not JSON'],
    ['not UTF-8', Buffer.from([0xff]), 'not JSON'],
    ['nothing', Buffer.alloc(0), 'not JSON'],
    ['null', json(null), 'expected object'],
    ['another schema', json({ ...good, schema: 'khp.report/2' }), 'schema'],
    ['an unknown key', json({ ...good, more: 1 }), 'more'],
    ['an unknown result', json({ ...good, result: 'fine' }), 'result'],
    ['another host', json({ ...good, host: 'y-1' }), 'speaks of y-1'],
    ['the future', json({ ...good, at: '2023-11-14T22:18:21Z' }), 'future'],
    ['a prototype', Buffer.from('{"__proto__":{"schema":"khp.report/1"}}'), 'schema'],
    ['two megabytes', json({ ...good, drift: ['x'.repeat(2 << 20)] }), 'larger than'],
    ['depth', Buffer.from('['.repeat(200_000)), 'not JSON'],
  ];
  test.each(cases)('%s: is a warning, and the report before it stays', async (_, bytes, text) => {
    const fleet = await temporaryFleet();
    await fleet.compile(HOSTS);
    await fleet.report('x-1', { result: 'held' });
    await gather(fleet);
    await fleet.report('x-1', bytes);
    await fleet.report('y-1', {});
    const { value, diagnostics } = await gather(fleet);
    expect(diagnostics).toMatchObject([{ code: 'collect/bad-report', severity: 'warning', hosts: ['x-1'] }]);
    expect(diagnostics[0]!.message).toContain(text);
    expect(value).toMatchObject({ hosts: 2, changed: ['prod/y'] });
    expect(await statusOf(fleet)).toMatchObject({ 'alpha/x.json': { 'x-1': 'held' } });
  });

  test('refs of no host, objects of any kind and malformed trees hinder nobody else', async () => {
    const fleet = await temporaryFleet();
    const { reports } = fleet;
    await fleet.compile(HOSTS);
    await fleet.report('x-1', {}, 'refs/khp/reports/00/x-1');
    await fleet.report('x-1', {}, 'refs/khp/reports/é/x 1'.replace(' ', '_'));
    const blob = Buffer.from(
      JSON.stringify(sampleReport({ host: 'x-2', at: '2023-11-14T22:13:20Z' }) satisfies Report),
    );
    const id = objectId('blob', blob);
    const twice = formatTree([
      { mode: '100644', name: REPORT_PATH, id },
      { mode: '100644', name: REPORT_PATH, id },
    ]);
    const person = { ...OPERATOR, time: NOW, zone: '+0000' };
    const commit = formatCommit({
      tree: objectId('tree', twice),
      parents: [],
      author: person,
      committer: person,
      message: '',
    });
    // git checks what it unpacks, so the malformed tree is stored beside it.
    const loose = async (type: 'tree' | 'commit', content: Buffer) => {
      await git(reports, ['hash-object', '-t', type, '-w', '--literally', '--stdin'], { input: content });
    };
    await writeObjects(reports, [{ type: 'blob', content: blob }]);
    await loose('tree', twice);
    await loose('commit', commit);
    const moves = [
      { ref: reportRef('x-1'), old: undefined, new: id },
      { ref: reportRef('x-2'), old: undefined, new: objectId('commit', commit) },
    ];
    await updateRefs(reports, moves, 'test');
    await fleet.report('y-1', {});
    const { diagnostics } = await gather(fleet);
    expect(diagnostics.map(({ code }) => code).sort()).toEqual([
      'collect/bad-report',
      'collect/foreign-ref',
      'collect/foreign-ref',
    ]);
    expect(await statusOf(fleet)).toEqual({
      'alpha/x.json': { 'x-2': 'unchanged' },
      'prod/y.json': { 'y-1': 'unchanged' },
    });
    expect(await resolve(fleet.configRepository, STATUS_REF)).toBeDefined();
  });
});
