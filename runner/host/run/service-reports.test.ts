import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { STATE_PATH } from '../config/layout.ts';
import { writeLastReport } from '../report/spool.ts';
import { type ServedSample, servedSample } from '../sample-served-host.ts';
import { runOnce } from './run-once.ts';

test('a command that found a process healthy is asked again ten minutes later, or for another process', async () => {
  const { promote, host, manager } = await servedSample();
  const calls = join(host.layout.root, 'calls');
  const asked = () => (existsSync(calls) ? readFileSync(calls, 'utf8').length / 2 : 0);
  const health = { command: `/bin/sh -c 'echo x >> ${calls}; test ! -e ${calls}.bad'`, within: 1 };
  const start = Math.ceil(Date.now() / 600_000) * 600_000;
  const runAt = async (seconds: number) => {
    const report = await runOnce(host, () => start + seconds * 1000);
    writeLastReport(host.engine.rooted, report);
    return report.services!.map((service) => service.health);
  };
  const times = async (seconds: number): Promise<number> => {
    const before = asked();
    expect(await runAt(seconds)).toEqual(['healthy']);
    return asked() - before;
  };
  const content = { roles: ['namenode'], service: { health } };
  await promote({ ...content, promotion: { restart: ['namenode'] } });
  expect(await times(0)).toBeGreaterThan(0);
  expect(await times(10)).toBe(0);
  expect(await times(590)).toBe(0);
  expect(await times(610)).toBe(1);
  expect(await times(620)).toBe(0);
  manager.crash('namenode');
  expect(await times(630)).toBe(1);
});

describe('a check that a promotion changes', () => {
  const OLD = 'listens-where-it-was-told';
  const NEW = 'listens-elsewhere';
  const only = { roles: ['namenode'] };
  const grant = { restart: ['namenode'] };

  /** A namenode that runs, and is healthy while the file OLD is there. */
  async function started() {
    const sample = await servedSample();
    const at = (name: string) => join(sample.host.layout.root, name);
    const asking = (name: string) => ({ health: { command: `/usr/bin/test -e ${at(name)}`, within: 1 } });
    writeFileSync(at(OLD), '');
    await sample.promote({ ...only, service: asking(OLD), promotion: grant });
    expect(await statusOf(sample)).toEqual({ health: 'healthy', debt: false });
    return { sample, at, asking };
  }

  async function statusOf({ run }: ServedSample) {
    const { health, debt } = (await run()).services![0]!;
    return { health, debt };
  }

  test('asks a process in debt as it was started, and the next one as is promoted', async () => {
    const { sample, at, asking } = await started();
    await sample.promote({ ...only, conf: 'two', service: asking(NEW) });
    expect(await statusOf(sample)).toEqual({ health: 'healthy', debt: true });
    rmSync(at(OLD));
    expect(await statusOf(sample)).toEqual({ health: 'unhealthy', debt: true });
    await sample.promote({ ...only, conf: 'three', service: asking(NEW) });
    writeFileSync(at(OLD), '');
    expect(await statusOf(sample)).toEqual({ health: 'healthy', debt: true });
    writeFileSync(at(NEW), '');
    await sample.promote({ ...only, conf: 'three', service: asking(NEW), promotion: grant });
    expect(await statusOf(sample)).toEqual({ health: 'healthy', debt: false });
    rmSync(at(OLD));
    expect(await statusOf(sample)).toEqual({ health: 'healthy', debt: false });
    rmSync(at(NEW));
    expect(await statusOf(sample)).toEqual({ health: 'unhealthy', debt: false });
  });

  test('counts at once for a process in no debt', async () => {
    const { sample, asking } = await started();
    await sample.promote({ ...only, service: asking(NEW) });
    expect(await statusOf(sample)).toEqual({ health: 'unhealthy', debt: false });
  });

  test.each(['missing', 'damaged'])(
    'says nothing ill of a process in debt whose start is %s',
    async (how) => {
      const { sample, at, asking } = await started();
      await sample.promote({ ...only, conf: 'two', service: asking(NEW) });
      await sample.run();
      const path = at(`${STATE_PATH}/started.json`);
      if (how === 'missing') rmSync(path);
      else writeFileSync(path, '{');
      expect(await statusOf(sample)).toEqual({ health: 'unknown', debt: true });
      writeFileSync(at(NEW), '');
      expect(await statusOf(sample)).toEqual({ health: 'healthy', debt: true });
    },
  );

  test('lets a service that was healthy be rolled back to it', async () => {
    const { sample, asking } = await started();
    const service = { ...asking(NEW), on_failure: 'rollback' as const };
    await sample.promote({ ...only, conf: 'two', service, promotion: grant });
    expect(await sample.run()).toMatchObject({
      result: 'rolled-back',
      active: { seq: 1 },
      services: [{ health: 'healthy', debt: false }],
    });
  });
});
