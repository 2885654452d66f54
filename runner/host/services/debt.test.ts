import { expect, test } from 'vitest';
import { isInDebt } from './debt.ts';
import { runningService } from './running-service.ts';
import { definitionDigest } from './service-definition.ts';
import type { Activity, SeenProcess } from './service-manager.ts';

const service = runningService();
const [BOOT, LATER] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
const digest = 'a'.repeat(64);
const change = { boot: BOOT, ticks: 1000, digest };
const CHANGES = { datanode: { restart: change, reload: { ...change, ticks: 9000 } } };

function owes(
  running: Partial<SeenProcess> | undefined,
  activity: Activity = 'running',
  changes = CHANGES,
): boolean {
  const start = { boot: BOOT, ticks: 1001 };
  const seen = running && { pid: 1, start, definition: definitionDigest(service), ...running };
  return isInDebt(
    service,
    { component: 'hadoop', role: 'datanode', activity, detail: '', process: seen },
    changes,
  );
}

test('debt is told by boot, ticks and definition', () => {
  expect(owes({ start: { boot: BOOT, ticks: 999 } })).toBe(true);
  expect(owes({ start: { boot: BOOT, ticks: 1000 } })).toBe(true);
  expect(owes({ start: { boot: BOOT, ticks: 1001 } })).toBe(false);
  expect(owes({ start: { boot: LATER, ticks: 1 } })).toBe(false);
  expect(owes({ definition: 'b'.repeat(64) })).toBe(true);
  expect(owes({ definition: undefined })).toBe(true);
  expect(owes({}, 'running', {} as typeof CHANGES)).toBe(false);
});

test('what cannot be told is debt, and what is down has none', () => {
  expect(owes(undefined, 'running')).toBe(true);
  expect(owes(undefined, 'starting')).toBe(true);
  for (const activity of ['stopped', 'failed', 'stopping', 'unknown'] as const)
    expect(owes(undefined, activity)).toBe(false);
  expect(isInDebt(service, undefined, CHANGES)).toBe(false);
});
