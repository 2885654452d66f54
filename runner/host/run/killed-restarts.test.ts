import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Report } from '../../../compiler/contract/report.ts';
import { nodeDisk } from '../apply/disk.ts';
import {
  BOTH,
  runningSample,
  SERVED_CONF,
  SERVED_LINK,
  type ServedPromotion,
  servedSample,
} from '../sample-served-host.ts';
import { runOnce } from './run-once.ts';

class Killed extends Error {}

/** Of the moments of a run, each so many one; `npm run test:restarts` takes all of them. */
const STRIDE = Number(process.env.KHP_KILL_STRIDE ?? 15);
const ALL = 300_000;

/** A host whose runs can be killed before any rename of theirs, and before and after anything is done to a service. */
async function mortal() {
  const sample = await servedSample();
  const { host, manager, fleet } = sample;
  let left = Number.POSITIVE_INFINITY;
  const mixed: string[] = [];
  const seen = () => {
    const conf = readFileSync(join(fleet.root, SERVED_CONF), 'utf8');
    const version = readlinkSync(join(fleet.root, SERVED_LINK)).split('-')[1]!;
    return `${conf} ${version}`;
  };
  const step = (): void => {
    left -= 1;
    if (left < 0) throw new Killed();
  };
  manager.onStep = (what) => {
    // A release and its configuration have the same number; no service may see those of two.
    if (what.startsWith('before start') && !/^(\d+) \1$/.test(seen())) mixed.push(`${what}: ${seen()}`);
    step();
  };
  const rename: typeof nodeDisk.rename = (...names) => {
    step();
    nodeDisk.rename(...names);
  };
  const engine = { ...host.engine, rooted: { ...host.engine.rooted, disk: { ...nodeDisk, rename } } };
  /** Runs; killed before its step of that number, it gives nothing. */
  const run = async (kill = Number.POSITIVE_INFINITY): Promise<Report | undefined> => {
    left = kill;
    try {
      return await runOnce({ ...host, engine }, Date.now);
    } catch (error) {
      if (error instanceof Killed) return undefined;
      throw error;
    } finally {
      left = Number.POSITIVE_INFINITY;
    }
  };
  let number = 0;
  const promoteNext = (more: Partial<ServedPromotion> = {}): Promise<void> => {
    number += 1;
    return sample.promote({
      conf: String(number),
      version: String(number),
      promotion: { restart: ['datanode', 'namenode'] },
      ...more,
    });
  };
  const away = async (act: () => Promise<unknown>): Promise<void> => {
    const { gitDir } = fleet.config;
    renameSync(gitDir, `${gitDir}.away`);
    await act().finally(() => renameSync(`${gitDir}.away`, gitDir));
  };
  await promoteNext();
  expect(await run()).toMatchObject({ debt: [], restarted: ['namenode', 'datanode'] });
  return { ...sample, run, promoteNext, away, seen, mixed, number: () => String(number) };
}

const UP = [
  { state: 'running', debt: false },
  { state: 'running', debt: false },
];

test(
  'no restart is lost, and no service sees two releases, wherever a run is killed',
  async () => {
    const { run, promoteNext, away, manager, mixed, seen, number } = await mortal();
    let kills = 0;
    for (let kill = 0; ; kill += STRIDE) {
      await promoteNext();
      manager.events.splice(0);
      if (await run(kill)) break;
      kills += 1;
      // A reboot starts again what its manager has; the server is away for a while.
      if (kills % 3 === 1) manager.reboot();
      if (kills % 3 === 2) {
        await away(run);
        expect([...(await manager.look()).values()].map(({ activity }) => activity)).toEqual([
          'running',
          'running',
        ]);
      }
      expect(await run(), `killed before step ${kill}`).toMatchObject({
        problem: null,
        debt: [],
        switches: [],
        services: UP,
      });
      expect(seen()).toBe(`${number()} ${number()}`);
      const starts = manager.events.filter((event) => event.startsWith('start'));
      expect(starts.length).toBeGreaterThanOrEqual(kills % 3 === 1 ? 0 : 2);
      // Killed behind its start, a service is not started again.
      expect(starts.length).toBeLessThanOrEqual(kills % 3 === 2 ? 4 : 2);
      expect(await run()).toMatchObject({ result: 'unchanged', restarted: [] });
    }
    expect(mixed).toEqual([]);
    expect(kills * STRIDE).toBeGreaterThan(20);
  },
  ALL,
);

test(
  'a rollback comes to its end wherever it is killed',
  async () => {
    const service = { on_failure: 'rollback' as const };
    const { run, promoteNext, away, manager, mixed, seen, number } = await mortal();
    let kills = 0;
    for (let kill = 0; ; kill += STRIDE) {
      await promoteNext({ service });
      expect(await run()).toMatchObject({ problem: null, debt: [] });
      const good = number();
      await promoteNext({ service });
      manager.broken.add('namenode');
      manager.events.splice(0);
      const onStep = manager.onStep;
      manager.onStep = (what) => {
        if (what === 'after start namenode') manager.broken.clear();
        onStep(what);
      };
      const whole = await run(kill);
      if (!whole) {
        kills += 1;
        if (kills % 2 === 1) await away(run);
      }
      const end = whole ?? (await run());
      manager.onStep = onStep;
      if (seen() === `${good} ${good}`) {
        const after = await run();
        expect(after, `killed before step ${kill}`).toMatchObject({ result: 'held', debt: [], services: UP });
      } else {
        // Killed before it was noted that the service is not well: it was well when it was looked at again.
        expect(end, `killed before step ${kill}`).toMatchObject({
          services: [{ state: expect.any(String) }, {}],
        });
        expect(seen()).toBe(`${number()} ${number()}`);
      }
      if (whole) break;
    }
    expect(mixed).toEqual([]);
    expect(kills * STRIDE).toBeGreaterThan(40);
  },
  ALL,
);

test('what was stopped when a run was killed runs again before the tarball of a newer promotion is fetched', async () => {
  const { host, manager, promote, run, fleet } = await runningSample({ version: '1' });
  manager.onStep = (step) => {
    if (step === 'after stop namenode') throw new Killed();
  };
  await promote({ version: '2', promotion: BOTH });
  await expect(run()).rejects.toThrow(Killed);
  manager.onStep = () => undefined;
  const running: number[] = [];
  const mirror = createServer(async (_, response) => {
    running.push([...(await manager.look()).values()].filter(({ process }) => process).length);
    response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void mirror.close());
  await once(mirror, 'listening');
  const { port } = mirror.address() as AddressInfo;
  Object.assign(host.settings.config, { mirrors: { 'https://a/': [`http://127.0.0.1:${port}/`] } });
  await promote({ version: '3', promotion: BOTH });
  rmSync(join(fleet.root, 'var/lib/khp/artifacts.json'));
  for (const name of readdirSync(join(fleet.root, 'data')))
    if (name.startsWith('hadoop-3-')) rmSync(join(fleet.root, 'data', name), { recursive: true });
  expect(await run()).toMatchObject({
    problem: { code: 'artifacts/not-fetched' },
    active: { seq: 2 },
    restarted: ['namenode', 'datanode'],
  });
  expect(running).toEqual([2]);
  // Once, and not again behind it.
  expect(manager.events).toEqual(['stop datanode', 'stop namenode', 'start namenode', 'start datanode']);
});
