import type { Verdict } from './compare.ts';
import { type Answer, type Command, type Numbered, Program } from './program.ts';
import {
  type Found,
  type Group,
  groupDifferences,
  mergeAlike,
  type SuiteReport,
  tally,
} from './suite-report.ts';

/** What a run is to do. */
export interface SuiteOptions {
  readonly count: number;
  readonly seed: number;
  /** The Python that has the real programs. */
  readonly python: string;
}

/** What the programs made of a case: the real one twice, with different seeds of its hashes, and ours. */
export interface Answers<Answer> {
  readonly expected: Answer;
  readonly again: Answer;
  readonly actual: Answer;
}

/** Gives a case to all programs. */
export type Ask<Test, Answer> = (test: Test) => Promise<Answers<Answer>>;

/** Cases, the programs that answer them, and how their answers are told apart. */
export interface CaseSuite<Test, Answer> {
  readonly name: string;
  readonly cases: readonly Test[];
  /** The real program twice, with different seeds of its hashes, and ours. */
  readonly programs: readonly [Command, Command, Command];
  /** May ask for other cases, to find out what a difference comes from. */
  readonly judge: (
    test: Test,
    answers: Answers<Answer>,
    ask: Ask<Test, Answer>,
  ) => Verdict | Promise<Verdict>;
  /** Differences of one kind, cause and feature are one group, of which the smallest case is sought. */
  readonly featureOf: (test: Test) => string;
  readonly sizeOf: (test: Test) => number;
  /** The smallest case found that still shows the difference. */
  readonly shrink: (test: Test, shows: (test: Test) => Promise<boolean>) => Promise<Test>;
  /** What of a smallest case makes it the same as another one. */
  readonly keyOf: (test: Test) => unknown;
}

/** Groups of alike differences that are made smaller; more than these say nothing new. */
const GROUPS = 100;

/** Gives every case to the programs, judges their answers, and makes what differs as small as can be. */
export async function runCases<Test extends Numbered, Result extends Answer>(
  suite: CaseSuite<Test, Result>,
): Promise<SuiteReport<Test, Result>> {
  const { name, cases, judge, featureOf, keyOf } = suite;
  const start = performance.now();
  const programs = suite.programs.map((command) => new Program<Test, Result>(command));
  const ask: Ask<Test, Result> = async (test) => {
    const [expected, again, actual] = await Promise.all(programs.map((program) => program.ask(test)));
    return { expected: expected!, again: again!, actual: actual! };
  };
  try {
    const [expected, again, actual] = await Promise.all(programs.map((program) => program.askAll(cases)));
    const verdicts: Verdict[] = [];
    for (const [at, test] of cases.entries()) {
      const answers = { expected: expected![at]!, again: again![at]!, actual: actual![at]! };
      verdicts.push(await judge(test, answers, ask));
    }
    const differences: Found<Test, Result>[] = [];
    for (const group of groupDifferences(cases, verdicts, featureOf).slice(0, GROUPS))
      differences.push(await findSmallest(suite, group, ask));
    return {
      suite: name,
      ...tally(verdicts),
      differences: mergeAlike(differences, keyOf),
      seconds: (performance.now() - start) / 1000,
    };
  } finally {
    for (const program of programs) program.close();
  }
}

async function findSmallest<Test, Result>(
  { judge, sizeOf, shrink }: CaseSuite<Test, Result>,
  { difference, members }: Group<Test>,
  ask: Ask<Test, Result>,
): Promise<Found<Test, Result>> {
  const first = members.reduce((one, other) => (sizeOf(other) < sizeOf(one) ? other : one));
  const smallest = await shrink(first, async (test) => {
    const verdict = await judge(test, await ask(test), ask);
    return (
      verdict.is === 'different' &&
      verdict.difference.kind === difference.kind &&
      verdict.difference.cause === difference.cause
    );
  });
  const { expected, actual } = await ask(smallest);
  return { difference, smallest, expected, actual, cases: members.length };
}

/** How a script of Python beside this file is started twice, with different seeds of Python's hashes. */
export function pythonTwice(
  python: string,
  script: string,
  { args = [], patience }: { readonly args?: readonly string[]; readonly patience?: number } = {},
): [Command, Command] {
  const command = (seed: string): Command => ({
    command: python,
    args: ['-W', 'ignore', `${import.meta.dirname}/${script}`, ...args],
    env: { PYTHONHASHSEED: seed },
    ...(patience !== undefined && { patience }),
  });
  return [command('1'), command('2')];
}

/** How a script of ours beside this file is started. */
export function nodeScript(script: string, ...args: readonly string[]): Command {
  return { command: process.execPath, args: [`${import.meta.dirname}/${script}`, ...args] };
}
