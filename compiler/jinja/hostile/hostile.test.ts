import { beforeAll, describe, expect, it } from 'vitest';
import { EXHAUST_CASES } from './exhaust-cases.ts';
import type { HostileCase, HostileEnd } from './hostile-case.ts';
import type { HostileRun } from './hostile-child.ts';
import { REACH_CASES } from './reach-cases.ts';
import { type HostileResult, runHostile } from './run-hostile.ts';
import { SHORT_CASES } from './short-cases.ts';

const MILLISECONDS = 2000;
const MEGABYTES = 512;

const CASES = [...REACH_CASES, ...EXHAUST_CASES, ...SHORT_CASES];
const results = new Map<string, HostileResult>();

beforeAll(async () => {
  const middle = CASES.length >> 1;
  const halves = [CASES.slice(0, middle), CASES.slice(middle)];
  const ends = (await Promise.all(halves.map(runHostile))).flat();
  for (const [index, { name }] of CASES.entries()) results.set(name, ends[index]!);
}, 300_000);

function endOf({ output, error }: HostileRun, wanted: HostileEnd): HostileEnd {
  if (error) return error.limit === undefined ? { error: error.class } : { limit: error.limit };
  return 'characters' in wanted ? { characters: output!.length } : { output: output! };
}

function check({ name, ends }: HostileCase): void {
  const result = results.get(name)!;
  if ('died' in result) throw new Error(result.died);
  expect(endOf(result, ends)).toEqual(ends);
  if (result.error) expect(result.error.line, result.error.message).toBeGreaterThan(0);
  expect(result.milliseconds).toBeLessThan(MILLISECONDS);
  expect(result.megabytes).toBeLessThan(MEGABYTES);
}

describe('a hostile template ends as in Jinja or by a limit that says where, within 2 s and 512 MB', () => {
  it('has a name of its own', () => {
    expect(results.size).toBe(CASES.length);
  });

  describe('when it reaches for what is behind the values', () => {
    it.each(REACH_CASES)('$name', check);
  });

  describe('when it would hang or exhaust the compiler', () => {
    it.each(EXHAUST_CASES)('$name', check);
  });

  describe('when it is one trick', () => {
    it.each(SHORT_CASES)('$name', check);
  });
});
