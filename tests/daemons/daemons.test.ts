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
import { CLUSTER, HOSTS, HTTP_PORTS, MASTER, RELEASES, WORKERS } from './workspace.ts';

/**
 * Real daemons on hosts of their own, from nothing to a rollback, by the commands of an operator: a quorum of three
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

async function versions(http: number = HTTP_PORTS.second): Promise<unknown[]> {
  const pages = [
    `http://${MASTER}:9870/jmx?qry=Hadoop:service=NameNode,name=NameNodeInfo`,
    ...WORKERS.map((host) => `http://${host}:${http}/jmx?qry=Hadoop:service=DataNode,name=DataNodeInfo`),
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
    expect(await versions(HTTP_PORTS.first)).toEqual(Array(3).fill(RELEASES.first));
    file = await store(fleet.lab, FIRST, '/story');
    expect(await isReadable(fleet.lab, SECOND, file)).toBe(true);
  });

  test('a changed port puts the datanodes in debt, healthy where they are, and restarts nothing', async () => {
    const before = (await fleet.reports()).map(processes);
    const port = `datanode_http_port: ${HTTP_PORTS.second}`;
    const reports = await fleet.change(/^datanode_http_port: .*$/m, port);
    expect(reports.map(({ debt }) => debt)).toEqual([[], ['datanode'], ['datanode']]);
    expect(reports.map(processes)).toEqual(before);
    expect(reports.flatMap(({ services }) => services!.map(({ health }) => health))).toEqual(
      Array(6).fill('healthy'),
    );
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

  test('a datanode that is to leave is known to the namenode, which only reloads', async () => {
    const before = processes((await fleet.reports())[0]!);
    const leavingWith = async (decommission: string) => {
      const [master] = await fleet.change(/^decommission: .*$/m, `decommission: "{{ ${decommission} }}"`);
      expect(master!.problem).toBeNull();
      expect(processes(master!)).toEqual(before);
      const report = await hdfs(fleet.lab, MASTER, 'dfsadmin', '-report', '-live');
      return report.match(/^Decommission Status : Decommission/gm)?.length ?? 0;
    };
    expect(await leavingWith(`inventory_hostname == '${SECOND}'`)).toBe(1);
    expect(await leavingWith('inventory_hostname in []')).toBe(0);
  });

  test('a release waits for its grant; then its link moves and the daemons run it', async () => {
    const before = (await fleet.reports()).map(processes);
    for (const report of await fleet.change(/^release: .*$/m, 'release: second')) {
      expect(report.switches).toEqual(['hadoop']);
      expect(linkOn(report.host)).toContain(RELEASES.first);
    }
    expect(await versions()).toEqual(Array(3).fill(RELEASES.first));
    await grant();
    for (const host of HOSTS) expect(linkOn(host)).toContain(RELEASES.second);
    expect(await versions()).toEqual(Array(3).fill(RELEASES.second));
    const zookeepers = (reports: Record<string, number | null>[]) =>
      reports.map(({ zookeeper }) => zookeeper);
    expect(zookeepers((await fleet.reports()).map(processes))).toEqual(zookeepers(before));
    expect(await isReadable(fleet.lab, FIRST, file)).toBe(true);
  });

  test('a rollback by hand moves the link of one host back, a rollback of the fleet that of all', async () => {
    await fleet.runner(SECOND, 'rollback');
    expect(linkOn(SECOND)).toContain(RELEASES.first);
    expect(await versions()).toEqual([RELEASES.second, RELEASES.second, RELEASES.first]);
    await fleet.change(/^release: .*$/m, 'release: first');
    await grant();
    expect(await versions()).toEqual(Array(3).fill(RELEASES.first));
    expect(await isReadable(fleet.lab, FIRST, file)).toBe(true);
  });

  test('a setting that a datanode does not start with stops the wave, and the host holds', async () => {
    const before = await fleet.reports();
    // Which no user but root may listen on.
    await fleet.change(/^datanode_data_port: .*$/m, 'datanode_data_port: 866');
    const { status, stdout, stderr } = await fleet.tryKhp(...GRANT);
    expect({ status, said: stdout + stderr }).toEqual({ status: 1, said: expect.stringContaining(FIRST) });
    const after = await fleet.reports();
    const healthy = ({ services = [] }: Report) => services.filter(({ health }) => health === 'healthy');
    for (const [index, report] of after.entries()) {
      const isBroken = report.host === FIRST;
      expect(report.held === null).toBe(!isBroken);
      expect(healthy(report).length).toBe(isBroken ? 1 : 2);
      if (!isBroken) expect(processes(report)).toEqual(processes(before[index]!));
    }
    expect(await isReadable(fleet.lab, SECOND, file)).toBe(true);
  });

  test('the setting taken back heals the host', async () => {
    await fleet.change(/^datanode_data_port: .*$/m, 'datanode_data_port: 9866');
    // Its supervisor goes on starting the datanode, which takes the setting up, unless it has given up; then a grant does.
    const isSettled = async () => {
      // A run that looks anew; where the daemon's own is going on, its report is as good.
      await fleet.runner(FIRST, 'apply').catch(() => {});
      const { services = [] } = (await fleet.reports())[HOSTS.indexOf(FIRST)]!;
      const datanode = services.find(({ role }) => role === 'datanode');
      return datanode?.state === 'failed' || datanode?.health === 'healthy';
    };
    await expect.poll(isSettled, { timeout: 120_000, interval: 1000 }).toBe(true);
    await grant();
    for (const report of await fleet.reports()) {
      expect(report.held).toBeNull();
      expect(report.services!.map(({ health }) => health)).toEqual(['healthy', 'healthy']);
    }
    expect(await hdfs(fleet.lab, MASTER, 'dfsadmin', '-report', '-live')).toContain('Live datanodes (2)');
  });
});
