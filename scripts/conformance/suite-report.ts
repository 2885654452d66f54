import type { Case, Result } from './case.ts';
import type { Difference, Verdict } from './compare.ts';

/** A difference, its smallest case, and how many cases show it. */
export interface Found<Test = Case, Answer = Result> {
  readonly difference: Difference;
  readonly smallest: Test;
  readonly expected: Answer;
  readonly actual: Answer;
  readonly cases: number;
}

/** How many cases ended how. `explained`: number of cases by reason. */
export interface Tally {
  readonly cases: number;
  readonly equal: number;
  /** Of the equal ones: those that end with the same class of error but another message. */
  readonly otherMessage: number;
  readonly unstable: number;
  readonly explained: Readonly<Record<string, number>>;
  readonly different: number;
}

/** What a run found. */
export interface SuiteReport<Test = Case, Answer = Result> extends Tally {
  readonly suite: string;
  readonly differences: readonly Found<Test, Answer>[];
  readonly seconds: number;
}

/** Counts the verdicts. */
export function tally(verdicts: readonly Verdict[]): Tally {
  const explained: Record<string, number> = {};
  for (const verdict of verdicts) {
    if (verdict.is === 'explained') explained[verdict.reason] = (explained[verdict.reason] ?? 0) + 1;
  }
  const count = (is: Verdict['is']) => verdicts.filter((verdict) => verdict.is === is).length;
  return {
    cases: verdicts.length,
    equal: count('equal'),
    otherMessage: verdicts.filter((verdict) => verdict.is === 'equal' && !verdict.sameMessage).length,
    unstable: count('unstable'),
    explained,
    different: count('different'),
  };
}

/** Cases with differences that look alike. */
export interface Group<T> {
  readonly difference: Difference;
  readonly members: readonly T[];
}

/** The cases that differ, by what differs and by the feature that they were made for. */
export function groupDifferences<T>(
  cases: readonly T[],
  verdicts: readonly Verdict[],
  featureOf: (test: T) => string,
): Group<T>[] {
  const groups = new Map<string, { difference: Difference; members: T[] }>();
  for (const [index, verdict] of verdicts.entries()) {
    if (verdict.is !== 'different') continue;
    const { difference } = verdict;
    const test = cases[index]!;
    const key = JSON.stringify([difference.kind, difference.cause, featureOf(test)]);
    const group = groups.get(key);
    if (group) group.members.push(test);
    else groups.set(key, { difference, members: [test] });
  }
  return [...groups.values()];
}

/** Differences whose smallest cases are the same are one; what most cases show comes first. */
export function mergeAlike<Test, Answer>(
  all: readonly Found<Test, Answer>[],
  keyOf: (test: Test) => unknown,
): Found<Test, Answer>[] {
  const merged = new Map<string, Found<Test, Answer>>();
  for (const found of all) {
    const key = JSON.stringify([keyOf(found.smallest), found.difference]);
    merged.set(key, { ...found, cases: found.cases + (merged.get(key)?.cases ?? 0) });
  }
  return [...merged.values()].sort((a, b) => b.cases - a.cases);
}
