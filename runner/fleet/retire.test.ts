import { expect, test } from 'vitest';
import { AUDIT_PATH, parseAuditEntry } from '../../compiler/contract/audit.ts';
import { AUDIT_REF, hostRef } from '../../compiler/contract/names.ts';
import { parsePromotion } from '../../compiler/contract/promotion.ts';
import { sampleReport } from '../../compiler/contract/sample-report.ts';
import { parseCommit } from '../../compiler/git/objects.ts';
import { readObject } from '../../compiler/git/read-objects.ts';
import { collect } from './collect.ts';
import { renew } from './renew.ts';
import { retire } from './retire.ts';
import {
  bundlesOf,
  keyNamed,
  NOW,
  OPERATOR,
  type TemporaryFleet,
  temporaryFleet,
  trustIn,
} from './temporary-fleet.ts';

const key = keyNamed('operator');
const DAY = 86_400;
const signer = (fleet: TemporaryFleet) => ({
  config: fleet.config,
  key,
  trust: trustIn(key),
  who: OPERATOR,
  now: NOW + DAY,
});

async function promotionOf({ configRepository }: TemporaryFleet, host: string) {
  const commit = parseCommit((await readObject(configRepository, hostRef(host)))!.content!)!;
  return { ...parsePromotion(commit.message)!, tree: commit.tree };
}

async function lastAudit({ configRepository }: TemporaryFleet) {
  return parseAuditEntry((await readObject(configRepository, `${AUDIT_REF}:${AUDIT_PATH}`))!.content!);
}

test('retires a host that is compiled no longer, on the bundle that it has; not one that is', async () => {
  const fleet = await temporaryFleet();
  await fleet.compile(bundlesOf({ 'alpha/x/x-1': '1:kms', 'alpha/x/x-2': '2' }));
  await fleet.promote();
  const before = await promotionOf(fleet, 'x-1');
  const request = { ...signer(fleet), host: 'x-1', role: undefined };
  expect((await retire(request)).diagnostics).toMatchObject([{ code: 'retire/still-compiled' }]);
  expect((await retire({ ...request, host: 'x-9' })).diagnostics).toMatchObject([
    { code: 'retire/no-promotion' },
  ]);
  await fleet.compile(bundlesOf({ 'alpha/x/x-2': '2' }));
  expect(await retire(request)).toEqual({
    value: { host: 'x-1', retire: ['*'], seq: 2 },
    diagnostics: [],
  });
  expect(await promotionOf(fleet, 'x-1')).toEqual({ ...before, seq: 2, retire: ['*'] });
  expect(await lastAudit(fleet)).toMatchObject({
    action: 'retire',
    clusters: ['alpha/x'],
    hosts: ['x-1'],
    summary: 'x-1, all of it',
  });
  expect((await retire(request)).diagnostics).toMatchObject([{ code: 'retire/retired' }]);
});

test('a host that is named by its first label alone is told its name', async () => {
  const fleet = await temporaryFleet();
  await fleet.compile(bundlesOf({ 'alpha/x/x-1.example': '1' }));
  await fleet.promote();
  const request = { ...signer(fleet), host: 'x-1', role: undefined };
  const hints = async () => (await retire(request)).diagnostics.map(({ hint }) => hint);
  expect(await hints()).toEqual([expect.stringContaining('see the name of the host')]);
  await fleet.report('x-1.example', {});
  const reports = { repository: fleet.workspace, url: fleet.reports.gitDir };
  await collect({ config: fleet.config, reports, who: OPERATOR, now: NOW });
  expect(await hints()).toEqual(['did you mean x-1.example? hosts are named in full here']);
});

test('a host that is retired and has said so leaves the status', async () => {
  const fleet = await temporaryFleet();
  await fleet.compile(bundlesOf({ 'alpha/x/x-1': '1', 'alpha/x/x-2': '2' }));
  await fleet.promote();
  const { manifest } = await promotionOf(fleet, 'x-1');
  const active = (seq: number) => ({
    generation: seq,
    seq,
    manifest,
    release: '1.0',
    expires: '2024-02-12T22:13:20Z',
  });
  const gather = () =>
    collect({
      config: fleet.config,
      reports: { repository: fleet.workspace, url: fleet.reports.gitDir },
      who: OPERATOR,
      now: NOW,
    });
  await fleet.report('x-1', { active: active(1) });
  await fleet.report('x-2', {});
  expect((await gather()).value!.hosts).toBe(2);
  await fleet.compile(bundlesOf({ 'alpha/x/x-2': '2' }));
  await retire({ ...signer(fleet), host: 'x-1', role: undefined });
  expect((await gather()).value!.hosts).toBe(2);
  await fleet.report('x-1', { active: active(2) });
  expect(await gather()).toMatchObject({ value: { hosts: 1, changed: ['alpha/x'] }, diagnostics: [] });
});

test('counts on from what a host holds back', async () => {
  const fleet = await temporaryFleet();
  await fleet.compile(bundlesOf({ 'alpha/x/x-1': '1', 'alpha/x/x-2': '2' }));
  await fleet.promote();
  await fleet.report('x-1', { held: { seq: 7, code: 'apply/held', message: 'rolled back by hand' } });
  const reports = { repository: fleet.workspace, url: fleet.reports.gitDir };
  await collect({ config: fleet.config, reports, who: OPERATOR, now: NOW });
  await fleet.compile(bundlesOf({ 'alpha/x/x-2': '2' }));
  expect((await retire({ ...signer(fleet), host: 'x-1', role: undefined })).value).toMatchObject({ seq: 8 });
});

test('retires a role that is promoted no longer, and none that is', async () => {
  const fleet = await temporaryFleet();
  await fleet.compile(bundlesOf({ 'alpha/x/x-1': '1:kms' }));
  await fleet.promote();
  const request = { ...signer(fleet), host: 'x-1', role: 'kms' };
  expect((await retire(request)).diagnostics).toMatchObject([{ code: 'retire/still-promoted' }]);
  await fleet.compile(bundlesOf({ 'alpha/x/x-1': '1' }));
  await fleet.promote();
  expect((await retire(request)).value).toEqual({ host: 'x-1', retire: ['kms'], seq: 3 });
  expect((await retire({ ...request, role: 'httpfs' })).value).toEqual({
    host: 'x-1',
    retire: ['httpfs', 'kms'],
    seq: 4,
  });
  await fleet.report('x-1', sampleReport({ host: 'x-1', at: '2023-11-14T22:13:20Z', services: [] }));
  const reports = { repository: fleet.workspace, url: fleet.reports.gitDir };
  await collect({ config: fleet.config, reports, who: OPERATOR, now: NOW });
  expect((await retire({ ...request, role: 'x' })).diagnostics).toMatchObject([
    { code: 'retire/not-orphaned' },
  ]);
});

test('renews what hosts have, and nothing of it but the end', async () => {
  const fleet = await temporaryFleet();
  await fleet.compile(bundlesOf({ 'alpha/x/x-1': '1', 'alpha/x/x-2': '2', 'prod/y/y-1': '3' }));
  await fleet.promote({ hosts: ['x-1', 'y-1'] });
  const before = await promotionOf(fleet, 'x-1');
  const hosts = new Map([
    ['x-1', { type: 'alpha', cluster: 'x' }],
    ['x-2', { type: 'alpha', cluster: 'x' }],
  ]);
  const expires = NOW + 91 * DAY;
  expect(await renew({ ...signer(fleet), hosts, yes: false })).toEqual({
    value: { renewed: [{ host: 'x-1', seq: 1, expires }], without: ['x-2'] },
    diagnostics: [],
  });
  expect(await promotionOf(fleet, 'x-1')).toEqual({ ...before, expires });
  expect(await lastAudit(fleet)).toMatchObject({ action: 'renew', hosts: ['x-1'], result: 'done' });
  const both = new Map([...hosts, ['y-1', { type: 'prod', cluster: 'y' }] as const]);
  expect((await renew({ ...signer(fleet), hosts: both, yes: false })).diagnostics).toMatchObject([
    { code: 'promote/many-clusters' },
  ]);
});
