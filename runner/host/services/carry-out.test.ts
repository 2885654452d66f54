import { expect, test } from 'vitest';
import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { askHealth } from './ask-health.ts';
import { awaitOther, type Services, startService } from './carry-out.ts';
import { runningService } from './running-service.ts';
import { sampleManager } from './sample-manager.ts';

const NOBODY = 'localhost:1';

function failing(ends: number): Services {
  const manager = sampleManager();
  const look = manager.look;
  let left = ends;
  manager.look = async () => {
    const seen = await look();
    if (seen.get('datanode')?.activity === 'running' && left-- > 0) manager.crash('datanode');
    return seen;
  };
  return { manager, accountOf: () => undefined, moment: manager.now };
}

function serviceWithin(within: number): ServiceEntry {
  return runningService({ role: 'datanode', health: { tcp: NOBODY, within } });
}

test('a service that ends again and again is given up long before its time is over', async () => {
  expect(await startService(failing(100), serviceWithin(3_600))).toMatch(
    /^it ended 3 times after it was started: localhost:1: /,
  );
});

test('one that ends once or twice has all of its time', async () => {
  expect(await startService(failing(2), serviceWithin(1))).toMatch(/^not healthy within 1 s: localhost:1: /);
});

test('one that is to settle counts as healthy when its process has run for so long', async () => {
  const manager = sampleManager();
  let seconds = 0;
  const moment = () => {
    seconds += 25;
    return { ...manager.now(), ticks: 200 + seconds * 100 };
  };
  const service = runningService({ role: 'datanode', health: { settle: 60, within: 120 } });
  const services: Services = { manager, accountOf: () => undefined, moment };
  expect(await startService(services, service)).toBeUndefined();
  expect(seconds).toBe(75);
  // Of one that its manager starts anew, the time begins anew.
  manager.crash('datanode');
  const seen = (await manager.look()).get('datanode');
  const now = () => ({ ...seen!.process!.start, ticks: seen!.process!.start.ticks + 5_999 });
  expect(await askHealth({ ...services, moment: now }, service, seen)).toBe(
    'it has run for 59 s, and is to settle for 60 s',
  );
  await awaitOther(services, service);
});
