import type { Case } from './case.ts';
import { judge, type Results } from './compare.ts';
import { type Generated, generate } from './generate.ts';
import { LANGUAGES } from './language.ts';
import { Program } from './program.ts';
import { shrink } from './shrink.ts';
import {
  type Found,
  type Group,
  groupDifferences,
  mergeAlike,
  type SuiteReport,
  tally,
} from './suite-report.ts';

export type Suite = 'jinja' | 'ansible';

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
  const groups = groupDifferences(cases, verdicts, ({ test }) => test.feature);
  const differences: Found[] = [];
  for (const group of groups.slice(0, GROUPS)) differences.push(await findSmallest(suite, group, programs));
  for (const program of programs) program.close();
  return {
    suite,
    ...tally(verdicts),
    differences: mergeAlike(differences, ({ source, env }) => [source, env]),
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

async function findSmallest(
  suite: Suite,
  { difference, members }: Group<Generated>,
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
