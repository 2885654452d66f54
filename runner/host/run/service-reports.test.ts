import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeLastReport } from '../report/spool.ts';
import { servedSample } from '../sample-served-host.ts';
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
