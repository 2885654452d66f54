import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Manifest, ServiceEntry } from '../../../compiler/contract/manifest.ts';
import type { Report } from '../../../compiler/contract/report.ts';
import { nodeDisk } from '../apply/disk.ts';
import { layoutOf } from '../config/layout.ts';
import { readSettings } from '../config/read-config.ts';
import { sampleFile, sampleManifest } from '../sample-bundle.ts';
import { RUNNER_SOURCE, sampleFleet } from '../sample-fleet.ts';
import { runningService } from '../services/running-service.ts';
import {
  HAS_SUPERVISORD,
  SUPERVISORD_PATHS,
  temporarySupervisord,
} from '../services/temporary-supervisord.ts';
import { hostOf, runOnce } from './run-once.ts';

const CONF = '/etc/hadoop/conf/hdfs-site.xml';
const OTHER = '/etc/hadoop/conf/other-site.xml';
const BOTH = { restart: ['datanode', 'namenode'] };

/** How often a restart is killed; `npm run test:restarts` does it more often. */
const KILLS = Number(process.env.KHP_REAL_KILLS ?? 2);

/** A host with a real supervisord, whose services say what they were started with. */
async function host() {
  const fleet = await sampleFleet('services: { manager: supervisord }\n');
  const { root } = fleet;
  const supervisor = await temporarySupervisord(root, onTestFinished);
  const log = join(root, 'starts');
  writeFileSync(log, '');
  const service = (role: string, conf: string): ServiceEntry =>
    runningService({
      role,
      command: `/bin/sh -c 'echo ${role} $(cat ${root}${CONF}) >> ${log}; exec sleep 1000'`,
      after: role === 'datanode' ? ['namenode'] : [],
      health: { command: `/bin/grep -q sound ${root}${CONF}`, within: conf === 'broken' ? 2 : 60 },
    });
  let seq = 0;
  const promote = async (conf: string, promotion = {}) => {
    seq += 1;
    const files = [sampleFile(CONF, conf, BOTH), sampleFile(OTHER, conf, BOTH)];
    const manifest: Manifest = sampleManifest(files, {
      services: [service('namenode', conf), service('datanode', conf)],
    });
    await fleet.promote({
      files: { [CONF]: conf, [OTHER]: conf },
      manifest,
      promotion: { seq, ...promotion },
    });
  };
  const apply = async (): Promise<Report> =>
    JSON.parse((await fleet.command('apply', { json: true })).stdout);
  const starts = () => readFileSync(log, 'utf8').split('\n').slice(0, -1);
  return { ...fleet, supervisor, promote, apply, starts };
}

/** Starts khp-runner apply, and kills it so many milliseconds later; whether it was still there. */
async function killedApply(root: string, after: number): Promise<boolean> {
  const child = spawn(process.execPath, [RUNNER_SOURCE, 'apply', '--root', root], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await Promise.race([ended, new Promise((done) => setTimeout(done, after))]);
  child.kill('SIGKILL');
  const [code] = (await ended) as [number | null];
  return code === null;
}

describe.skipIf(!HAS_SUPERVISORD)('services under a real supervisord', () => {
  test('start under a grant, owe a restart, restart in order, and are held where they are broken', async () => {
    const { promote, apply, starts, supervisor } = await host();
    await promote('sound 1');
    expect(await apply()).toMatchObject({ result: 'applied', debt: ['datanode', 'namenode'], restarted: [] });
    expect(starts()).toEqual([]);
    await promote('sound 1', BOTH);
    const first = await apply();
    expect(first).toMatchObject({ problem: null, debt: [], restarted: ['namenode', 'datanode'] });
    expect(first.services).toMatchObject([
      { role: 'namenode', state: 'running', health: 'healthy' },
      { role: 'datanode', state: 'running', health: 'healthy' },
    ]);
    for (const { pid, start } of first.services!) {
      expect(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[21]).toBe(String(start!.ticks));
    }
    await promote('sound 2');
    expect(await apply()).toMatchObject({
      debt: ['datanode', 'namenode'],
      services: first.services!.map(({ pid }) => ({ pid })),
    });
    // A supervisor that ends and starts again has its services read what is there.
    await supervisor.reboot();
    await expect
      .poll(() => starts().slice(2).sort(), { timeout: 30_000 })
      .toEqual(['datanode sound 2', 'namenode sound 2']);
    expect(await apply()).toMatchObject({ debt: [] });
    await promote('broken', BOTH);
    expect(await apply()).toMatchObject({
      result: 'held',
      problem: { code: 'services/unhealthy', message: expect.stringContaining('exit code 1') },
      restarted: ['namenode', 'datanode'],
      services: [{ state: 'running', health: 'unhealthy' }, {}],
    });
  });

  test('at a boot between two generations no service starts before the runner has finished', async () => {
    const { root, promote, apply, starts, supervisor } = await host();
    await promote('sound 1', BOTH);
    expect(await apply()).toMatchObject({ problem: null, debt: [] });
    await promote('sound 2');
    const read = readSettings(layoutOf(root), undefined);
    if (!read.ok) throw new Error(read.problems.join());
    const { engine, ...rest } = hostOf(layoutOf(root), read.settings);
    const rename: typeof nodeDisk.rename = (folder, from, to) => {
      if (to === basename(OTHER)) throw new Error('the power is cut');
      nodeDisk.rename(folder, from, to);
    };
    const cut = { ...engine, rooted: { root, disk: { ...nodeDisk, rename } } };
    await expect(runOnce({ ...rest, engine: cut }, Date.now)).rejects.toThrow('the power is cut');
    const contents = () => [CONF, OTHER].map((path) => readFileSync(join(root, path), 'utf8'));
    expect(contents()).toEqual(['sound 2', 'sound 1']);

    await supervisor.reboot();
    const log = join(root, SUPERVISORD_PATHS.logs, 'khp-namenode.log');
    await expect
      .poll(() => readFileSync(log, 'utf8'), { timeout: 30_000 })
      .toContain('waits until khp-runner');
    // Longer than all that supervisord tries to begin.
    await new Promise((done) => setTimeout(done, 3_000));
    expect(starts()).toHaveLength(2);
    expect(await apply()).toMatchObject({ result: 'applied', problem: null });
    expect(contents()).toEqual(['sound 2', 'sound 2']);
    await expect
      .poll(() => starts().slice(2).sort(), { timeout: 30_000 })
      .toEqual(['datanode sound 2', 'namenode sound 2']);
    // Started behind the change, so they owe nothing.
    expect(await apply()).toMatchObject({ debt: [], problem: null });
  });

  test('no restart is lost where the runner is killed', async () => {
    const { root, promote, apply, starts } = await host();
    await promote('sound 0', BOTH);
    const began = performance.now();
    expect(await apply()).toMatchObject({ problem: null, debt: [] });
    const takes = performance.now() - began + 1_000;
    let killed = 0;
    for (let number = 1; number <= KILLS; number += 1) {
      await promote(`sound ${number}`, BOTH);
      if (await killedApply(root, (takes * (number - 0.5)) / KILLS)) killed += 1;
      expect(await apply()).toMatchObject({
        problem: null,
        debt: [],
        // What the killed run started may still be within its startsecs.
        services: [
          { state: expect.stringMatching(/^(running|starting)$/), debt: false },
          { state: expect.stringMatching(/^(running|starting)$/), debt: false },
        ],
      });
      expect(starts()).toContain(`namenode sound ${number}`);
      expect(starts()).toContain(`datanode sound ${number}`);
    }
    expect(killed).toBeGreaterThan(0);
  }, 600_000);
});
