import type { Case, Result } from './case.ts';
import { type Difference, judge, type Results, type Verdict } from './compare.ts';
import { type Generated, generate } from './generate.ts';
import { LANGUAGES } from './language.ts';
import { Program } from './program.ts';
import { shrink } from './shrink.ts';

export type Suite = 'jinja' | 'ansible';

/** A difference, its smallest case, and how many cases show it. */
export interface Found {
  readonly difference: Difference;
  readonly smallest: Case;
  readonly expected: Result;
  readonly actual: Result;
  readonly cases: number;
}

/** What a run found. `explained`: number of cases by reason. */
export interface SuiteReport {
  readonly suite: Suite;
  readonly cases: number;
  readonly equal: number;
  /** Of the equal ones: those that end with the same class of error but another message. */
  readonly otherMessage: number;
  readonly unstable: number;
  readonly explained: Readonly<Record<string, number>>;
  readonly different: number;
  readonly differences: readonly Found[];
  readonly seconds: number;
}

/** Groups of alike differences that are made smaller; more than these say nothing new. */
const GROUPS = 150;

/** What a run is to do. */
export interface SuiteOptions {
  readonly count: number;
  readonly seed: number;
  /** The Python that has the real programs. */
  readonly python: string;
}

/** Generates cases, renders them in the real program and in ours, and judges each. */
export async function runSuite(suite: Suite, { count, seed, python }: SuiteOptions): Promise<SuiteReport> {
  const start = performance.now();
  const cases = generate(LANGUAGES[suite], count, seed);
  const programs = startPrograms(suite, python);
  const tests = cases.map(({ test }) => test);
  const [expected, again, actual] = await Promise.all(programs.map((program) => program.askAll(tests)));
  const verdicts = tests.map((test, index) =>
    judge(test, { expected: expected![index]!, again: again![index]!, actual: actual![index]! }),
  );
  const groups = groupDifferences(cases, verdicts);
  const differences: Found[] = [];
  for (const group of groups.slice(0, GROUPS)) differences.push(await findSmallest(suite, group, programs));
  for (const program of programs) program.close();
  return {
    suite,
    cases: tests.length,
    equal: verdicts.filter(({ is }) => is === 'equal').length,
    otherMessage: verdicts.filter((verdict) => verdict.is === 'equal' && !verdict.sameMessage).length,
    unstable: verdicts.filter(({ is }) => is === 'unstable').length,
    explained: countReasons(verdicts),
    different: verdicts.filter(({ is }) => is === 'different').length,
    differences: mergeAlike(differences),
    seconds: (performance.now() - start) / 1000,
  };
}

/** The real program twice, with different seeds of its hashes, and ours. */
function startPrograms(suite: Suite, python: string): readonly Program[] {
  const real = (seed: string) => {
    const args = ['-W', 'ignore', `${import.meta.dirname}/record.py`, suite];
    return new Program({ command: python, args, env: { PYTHONHASHSEED: seed } });
  };
  const args = [`${import.meta.dirname}/render-cases.ts`, suite];
  return [real('1'), real('2'), new Program({ command: process.execPath, args })];
}

interface Group {
  readonly difference: Difference;
  readonly members: readonly Generated[];
}

function groupDifferences(cases: readonly Generated[], verdicts: readonly Verdict[]): Group[] {
  const groups = new Map<string, { difference: Difference; members: Generated[] }>();
  for (const [index, verdict] of verdicts.entries()) {
    if (verdict.is !== 'different') continue;
    const { difference } = verdict;
    const generated = cases[index]!;
    const key = JSON.stringify([difference.kind, difference.cause, generated.test.feature]);
    const group = groups.get(key);
    if (group) group.members.push(generated);
    else groups.set(key, { difference, members: [generated] });
  }
  return [...groups.values()];
}

async function findSmallest(
  suite: Suite,
  { difference, members }: Group,
  programs: readonly Program[],
): Promise<Found> {
  const ask = async (test: Case): Promise<Results> => {
    const [expected, again, actual] = await Promise.all(programs.map((program) => program.ask(test)));
    return { expected: expected!, again: again!, actual: actual! };
  };
  const shortest = members.reduce((one, other) =>
    other.test.source.length < one.test.source.length ? other : one,
  );
  const smallest = await shrink(LANGUAGES[suite], shortest, async (test) => {
    const verdict = judge(test, await ask(test));
    return (
      verdict.is === 'different' &&
      verdict.difference.kind === difference.kind &&
      verdict.difference.cause === difference.cause
    );
  });
  const { expected, actual } = await ask(smallest);
  return { difference, smallest, expected, actual, cases: members.length };
}

/** Differences whose smallest cases are the same are one. */
function mergeAlike(all: readonly Found[]): Found[] {
  const merged = new Map<string, Found>();
  for (const found of all) {
    const key = JSON.stringify([found.smallest.source, found.smallest.env, found.difference]);
    merged.set(key, { ...found, cases: found.cases + (merged.get(key)?.cases ?? 0) });
  }
  return [...merged.values()].sort((a, b) => b.cases - a.cases);
}

function countReasons(verdicts: readonly Verdict[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const verdict of verdicts) {
    if (verdict.is === 'explained') counts[verdict.reason] = (counts[verdict.reason] ?? 0) + 1;
  }
  return counts;
}
