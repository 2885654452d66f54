import { beforeAll, describe, expect, it } from 'vitest';
import type { HostileRun } from './answer-hostile.ts';
import type { HostileCase, HostileEnd } from './hostile-case.ts';
import { type HostileResult, runHostile } from './run-hostile.ts';

const MILLISECONDS = 2000;
const MEGABYTES = 512;

/** Hostile cases by what they try. */
export type HostileGroups = Readonly<Record<string, readonly HostileCase[]>>;

function endOf({ output, error }: HostileRun, wanted: HostileEnd): HostileEnd {
  if (error) return error.limit === undefined ? { error: error.class } : { limit: error.limit };
  return 'characters' in wanted ? { characters: output!.length } : { output: output! };
}

/**
 * The tests that each case ends as it should, with an error that has a place, within 2 s of processor time and 512 MB,
 * in a process of `program`, which answers as answerHostile does.
 */
export function hostileSuite(program: string, groups: HostileGroups): void {
  const cases = Object.values(groups).flat();
  const results = new Map<string, HostileResult>();

  beforeAll(async () => {
    const middle = cases.length >> 1;
    const halves = [cases.slice(0, middle), cases.slice(middle)];
    const ends = (await Promise.all(halves.map((half) => runHostile(program, half)))).flat();
    for (const [index, { name }] of cases.entries()) results.set(name, ends[index]!);
  }, 300_000);

  it('has cases with a name each', () => {
    expect(results.size).toBe(cases.length);
  });

  describe.each(Object.entries(groups))('%s', (_group, group) => {
    it.each(group)('$name', ({ name, ends }) => {
      const result = results.get(name)!;
      if ('died' in result) throw new Error(result.died);
      expect(endOf(result, ends)).toEqual(ends);
      if (result.error) expect(result.error.line, result.error.message).toBeGreaterThan(0);
      expect(result.milliseconds).toBeLessThan(MILLISECONDS);
      expect(result.megabytes).toBeLessThan(MEGABYTES);
    });
  });
}
