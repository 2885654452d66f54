import { readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';
import { temporaryFolderOfFile } from '../temporary-workspace.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { lastWords } from './hadoop.ts';
import { whyNoLab } from './lab.ts';
import { CLUSTER, HOSTS, MASTER, RELEASES, WORKERS } from './workspace.ts';

/**
 * Hosts of their own, for a quorum of three ZooKeepers, a namenode and two datanodes, from nothing, by the commands of an
 * operator. One story, told in order: each test goes on where the last one ended.
 */
const area = temporaryFolderOfFile();
const obstacle = whyNoLab();
if (obstacle !== undefined) console.warn(`khp: the test of real daemons is skipped: ${obstacle}`);

let fleet: Fleet;
let isBroken = false;

const [, SECOND] = WORKERS;
/** The release that a host's link of Hadoop leads to. */
const linkOn = (host: string) => readlinkSync(fleet.lab.path(host, '/opt/hadoop'));

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
});
