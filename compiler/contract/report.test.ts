import { expect, test } from 'vitest';
import { Report } from './report.ts';
import { sampleReport } from './sample-report.ts';

const BOOT = '0b7c1f9e-5d3a-4c61-8f0e-3a5b2c9d7e10';
const old = sampleReport();
const service = {
  component: 'hadoop',
  role: 'datanode',
  state: 'running',
  health: 'healthy',
  pid: 4711,
  start: { boot: BOOT, ticks: 12_345 },
  debt: true,
};

test('the report of an older runner is good, and says nothing of services', () => {
  expect(Report.parse(old)).toEqual(old);
});

test('a report tells of services, of what is held, and which one it is', () => {
  const full = {
    ...old,
    result: 'held',
    boot: BOOT,
    seq: 3,
    held: { seq: 9, code: 'services/unhealthy', message: 'x' },
    services: [
      service,
      { ...service, role: 'kms', state: 'orphaned', health: 'unknown', pid: null, start: null },
    ],
    restarted: ['datanode'],
    switches: ['hadoop'],
    unmounted: ['/data/2'],
    late: ['datanode'],
    phases_ms: { fetch: 12, start: 3000 },
  };
  expect(Report.parse(full)).toEqual(full);
});

test.each([
  ['a state', { services: [{ ...service, state: 'up' }] }],
  ['a boot', { boot: 'today' }],
  ['a phase', { phases_ms: { dream: 1 } }],
  ['a count from 0', { seq: 0 }],
  ['a key', { services: [{ ...service, more: 1 }] }],
])('%s that is unknown makes a report bad', (_, more) => {
  expect(Report.safeParse({ ...old, ...more }).success).toBe(false);
});
