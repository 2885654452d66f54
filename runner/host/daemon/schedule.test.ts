import { describe, expect, test } from 'vitest';
import { isRunDue, phaseOf, spacing, untilTurn } from './schedule.ts';

const HOSTS = Array.from({ length: 2000 }, (_, number) => `dn${number}.example`);

describe('turns', () => {
  test('are spread over the interval by the names of hosts', () => {
    const tenths = new Array<number>(10).fill(0);
    for (const host of HOSTS) tenths[Math.floor(phaseOf(host, 60) / 6)]! += 1;
    for (const count of tenths) expect(Math.abs(count - 200)).toBeLessThan(60);
  });

  test('come once an interval, always in the same second of it, and never at once', () => {
    for (const now of [0, 1_700_000_000, 1_700_000_059.999, -5]) {
      for (const host of HOSTS.slice(0, 50)) {
        const wait = untilTurn(host, 60, now);
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(60);
        expect((((now + wait) % 60) + 60) % 60).toBeCloseTo(phaseOf(host, 60), 3);
      }
    }
  });

  test('that fail are put off further each time, to a bound, and stay spread', () => {
    expect([0, 1, 2, 3, 4, 99].map((failures) => spacing(60, failures))).toEqual([
      60, 120, 240, 480, 900, 900,
    ]);
    expect(spacing(3600, 9)).toBe(3600);
    const waits = HOSTS.map((host) => untilTurn(host, spacing(60, 9), 1_700_000_000));
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(800);
  });
});

test.each<[string, Partial<Parameters<typeof isRunDue>[0]>, boolean]>([
  ['nothing', {}, false],
  ['the first poll', { age: undefined }, true],
  ['another commit', { isNew: true }, true],
  ['a service that is another process', { sameServices: false }, true],
  ['ten minutes', { age: 600 }, true],
  ['a failure a minute ago', { age: 60, failures: 1 }, false],
  ['a failure two minutes ago', { age: 119, failures: 1 }, true],
  ['many failures, nine minutes ago', { age: 500, failures: 30 }, false],
  ['many failures, ten minutes ago', { age: 600, failures: 30 }, true],
])('a full run is due behind %s: %o', (_, more, due) => {
  const polled = { isNew: false, age: 60, failures: 0, sameServices: true };
  expect(isRunDue({ ...polled, ...more }, 60)).toBe(due);
});
