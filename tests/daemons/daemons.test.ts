import { readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';
import type { Report } from '../../compiler/contract/report.ts';
import { temporaryFolderOfFile } from '../temporary-workspace.ts';
import { createFleet, type Fleet } from './fleet.ts';
import {
  hdfs,
  isReadable,
  jmx,
  lastWords,
  type Outage,
  outages,
  quorumMode,
  readThroughout,
  type StoredFile,
  store,
} from './hadoop.ts';
import { whyNoLab } from './lab.ts';
import { CLUSTER, HOSTS, MASTER, RELEASES, WORKERS } from './workspace.ts';

/**
 * Real daemons on hosts of their own, from nothing to a restart in waves, by the commands of an operator: a quorum of three
 * ZooKeepers, a namenode and two datanodes. One story, told in order: each test goes on where the last one ended.
 */
const area = temporaryFolderOfFile();
const obstacle = whyNoLab();
if (obstacle !== undefined) console.warn(`khp: the test of real daemons is skipped: ${obstacle}`);

let fleet: Fleet;
let file: StoredFile;
let isBroken = false;

const [FIRST, SECOND] = WORKERS;
/** The release that a host's link of Hadoop leads to. */
const linkOn = (host: string) => readlinkSync(fleet.lab.path(host, '/opt/hadoop'));

/** The processes of a host, by role. */
function processes({ services = [] }: Report): Record<string, number | null> {
  return Object.fromEntries(services.map(({ role, pid }) => [role, pid]));
}

const GRANT = ['promote', '--restart', '--poll', '1', CLUSTER];

const grant = () => fleet.khp(...GRANT);

async function versions(): Promise<unknown[]> {
  const pages = [
    `http://${MASTER}:9870/jmx?qry=Hadoop:service=NameNode,name=NameNodeInfo`,
    ...WORKERS.map((host) => `http://${host}:9864/jmx?qry=Hadoop:service=DataNode,name=DataNodeInfo`),
  ];
  const all = await Promise.all(pages.map((page) => jmx(fleet.lab, page, 'Version')));
  return all.map((version) => String(version).split(',')[0]);
}

describe.skipIf(obstacle !== undefined)('real daemons', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    fleet = await createFleet(area);
  }, 300_000);
  afterAll(() => fleet?.lab.end());
  beforeEach(() => {
    if (isBroken) throw new Error('an earlier step of the story has failed');
    onTestFailed(async () => {
      isBroken = true;
      for (const host of HOSTS) console.error(await lastWords(fleet.lab, host));
    });
  });

  test('a host takes its files, directories and releases, and starts nothing', async () => {
    await fleet.khp('check');
    await fleet.khp('compile');
    await fleet.khp('promote', CLUSTER);
    await Promise.all(HOSTS.map((host) => fleet.runner(host, 'apply')));
    for (const report of await fleet.reports()) {
      expect({ result: report.result, problem: report.problem }).toEqual({
        result: 'applied',
        problem: null,
      });
      expect(report.services!.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
      expect(linkOn(report.host)).toContain(RELEASES.first);
    }
    const myid = fleet.lab.path(SECOND, '/data/zookeeper/myid');
    expect(readFileSync(myid, 'utf8')).toBe('3\n');
  });

  test('a namenode is formatted when a person asks for it, and once', async () => {
    await fleet.runner(MASTER, 'init', 'namenode', 'format');
    const version = fleet.lab.path(MASTER, '/data/nn/2/current/VERSION');
    const formatted = readFileSync(version, 'utf8');
    expect(await fleet.runner(MASTER, 'init', 'namenode', 'format')).toContain('done before');
    expect(readFileSync(version, 'utf8')).toBe(formatted);
  });

  test('a grant starts the daemons, in order', async () => {
    await fleet.startRunners();
    await grant();
    for (const report of await fleet.reports()) {
      expect(report.services).toEqual(
        report.services!.map((service) => ({ ...service, state: 'running', health: 'healthy', debt: false })),
      );
    }
    const modes = await Promise.all(HOSTS.map((host) => quorumMode(fleet.lab, host)));
    expect(modes.sort()).toEqual(['follower', 'follower', 'leader']);
    expect(await hdfs(fleet.lab, MASTER, 'dfsadmin', '-report', '-live')).toContain('Live datanodes (2)');
    expect(await versions()).toEqual(Array(3).fill(RELEASES.first));
    file = await store(fleet.lab, FIRST, '/story');
    expect(await isReadable(fleet.lab, SECOND, file)).toBe(true);
  });

  test('a changed setting puts the datanodes in debt, and restarts nothing', async () => {
    const before = (await fleet.reports()).map(processes);
    const reports = await fleet.change(
      /^hdfs_dn_max_transfer_threads: .*$/m,
      'hdfs_dn_max_transfer_threads: 2048',
    );
    expect(reports.map(({ debt }) => debt)).toEqual([[], ['datanode'], ['datanode']]);
    expect(reports.map(processes)).toEqual(before);
  });

  test('the datanodes restart one after the other, the file readable throughout', async () => {
    const before = await fleet.reports();
    const reads = await readThroughout(fleet.lab, file, grant);
    expect(reads.failed).toBe(0);
    expect(reads.read).toBeGreaterThan(1);
    const after = await fleet.reports();
    expect(after.map(({ debt }) => debt)).toEqual([[], [], []]);
    for (const [index, report] of after.entries()) {
      const [old, now] = [processes(before[index]!), processes(report)];
      expect(now.zookeeper).toBe(old.zookeeper);
      expect(now.namenode).toBe(old.namenode);
      if (index > 0) expect(now.datanode).not.toBe(old.datanode);
    }
    const [one, other] = WORKERS.map((host) => outages(fleet.lab, host).at(-1)!) as [Outage, Outage];
    expect(one.to < other.from || other.to < one.from).toBe(true);
  });
});
