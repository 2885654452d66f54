import { expect, test } from 'vitest';
import type { Report } from '../../../compiler/contract/report.ts';
import type { Rollout, RolloutGrant } from '../../../compiler/contract/rollout.ts';
import { HostStatus, isLate, isOutstanding } from './host-status.ts';

const GRANT: RolloutGrant = { host: 'dn1.example', roles: ['datanode'], seq: 2, seen: 'none' };
const ROLLOUT = { grants: [GRANT], calls: [], roles: [], hosts: {} } as unknown as Rollout;

test.each([
  ['it is held: ', (message: string) => ({ held: { seq: 2, code: 'apply/held', message } })],
  ['its run ended in failed: ', (message: string) => ({ result: 'failed', problem: { code: 'x', message } })],
])('what a host says is text to a terminal: %s', (why, reportOf) => {
  const failureWith = (message: string) => {
    const report = { host: GRANT.host, at: '2027-01-15T08:00:00Z', ...reportOf(message) } as Report;
    return new HostStatus(ROLLOUT, new Map([[GRANT.host, report]]), 1_800_000_000).failureOf(GRANT);
  };
  expect(failureWith('no room')).toBe(`${why}no room`);
  expect(failureWith('a\u001b]0;evil\u0007\r\nb\u202ec')).toBe(`${why}a ]0;evil b c`);
  expect(failureWith('x'.repeat(1_000_000))!.length).toBeLessThan(600);
});

test.each<[string, Partial<RolloutGrant>, string, boolean]>([
  [
    'is open until the host reports late enough',
    { at: '2027-01-15T08:00:00Z' },
    '2027-01-15T15:59:59Z',
    true,
  ],
  ['has ended then', { at: '2027-01-15T08:00:00Z' }, '2027-01-15T16:00:00Z', false],
  ['of an older khp has no end', {}, '2027-03-15T08:00:00Z', true],
  [
    'that the host has not come to is open',
    { at: '2027-01-15T08:00:00Z', seq: 3 },
    '2027-03-15T08:00:00Z',
    true,
  ],
])('a grant %s', (_, more, at, open) => {
  const services = [{ role: 'datanode', state: 'running', health: 'healthy', debt: true }];
  const report = { host: GRANT.host, at, active: { seq: 2 }, services } as unknown as Report;
  const grant = { ...GRANT, ...more };
  expect(isOutstanding(grant, report)).toBe(open);
  const rollout = { ...ROLLOUT, grants: [grant], hosts: { [GRANT.host]: { seq: grant.seq } } } as Rollout;
  const status = new HostStatus(rollout, new Map([[GRANT.host, report]]), 1_800_000_000);
  expect(status.grantOf(GRANT.host, ['datanode'])).toBe(open ? grant : undefined);
  expect(isOutstanding(grant, undefined)).toBe(true);
});

test.each<[string, string, Partial<Report>, boolean, string | undefined]>([
  ['behind its end ends it', '2027-01-15T12:00:00Z', {}, false, undefined],
  ['of one that cannot have ended is a failure', '2027-01-15T11:59:59Z', {}, true, 'it says that the grant'],
  [
    'of a host that failed waits',
    '2027-01-15T12:00:00Z',
    { result: 'failed' },
    true,
    'its run ended in failed',
  ],
  [
    'of a host that holds it is the failure',
    '2027-01-15T12:00:00Z',
    { held: { seq: 2, code: 'x', message: 'y' } },
    true,
    'it is held: y',
  ],
])('a host’s word that a grant came late, %s', (_, at, more, isKept, failure) => {
  const services = [
    { role: 'datanode', state: 'running', health: 'healthy', debt: true },
    { role: 'kms', state: 'running', health: 'healthy', debt: false },
  ];
  const report = {
    host: GRANT.host,
    at,
    active: { seq: 2 },
    services,
    late: ['datanode'],
    ...more,
  } as Report;
  const roles = ['datanode', 'kms'];
  const grant = { ...GRANT, at: '2027-01-15T08:00:00Z', roles };
  const rollout = { ...ROLLOUT, grants: [grant], hosts: { [GRANT.host]: { seq: 2 } } } as unknown as Rollout;
  const status = new HostStatus(rollout, new Map([[GRANT.host, report]]), 1_800_000_000);
  expect(status.grantOf(GRANT.host, roles)).toBe(isKept ? grant : undefined);
  const why = status.failureOf(grant);
  if (failure === undefined) expect(why).toBeUndefined();
  else expect(why).toContain(failure);
  expect(isOutstanding(grant, report)).toBe(more.result === 'failed');
  // While another role of it may still go down, it is none of them.
  const busy = { ...report, services: services.map((one) => ({ ...one, debt: true })) } as Report;
  expect(isLate(grant, busy)).toBe(false);
  if (!more.held) expect(isOutstanding(grant, busy)).toBe(true);
});
