import { expect, test } from 'vitest';
import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { startService } from './carry-out.ts';
import { runningService } from './running-service.ts';
import { sampleManager } from './sample-manager.ts';

const NOBODY = 'localhost:1';

function failing(ends: number) {
  const manager = sampleManager();
  const look = manager.look;
  let left = ends;
  manager.look = async () => {
    const seen = await look();
    if (seen.get('datanode')?.activity === 'running' && left-- > 0) manager.crash('datanode');
    return seen;
  };
  return manager;
}

function serviceWithin(within: number): ServiceEntry {
  return runningService({ role: 'datanode', health: { tcp: NOBODY, within } });
}

test('a service that ends again and again is given up long before its time is over', async () => {
  const services = { manager: failing(100), accountOf: () => undefined };
  expect(await startService(services, serviceWithin(3_600))).toMatch(
    /^it ended 3 times after it was started: localhost:1: /,
  );
});

test('one that ends once or twice has all of its time', async () => {
  const services = { manager: failing(2), accountOf: () => undefined };
  expect(await startService(services, serviceWithin(1))).toMatch(/^not healthy within 1 s: localhost:1: /);
});
