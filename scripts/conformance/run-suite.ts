import { judge } from './compare.ts';
import { generate } from './generate.ts';
import { LANGUAGES } from './language.ts';
import { nodeScript, pythonTwice, runCases, type SuiteOptions } from './run-cases.ts';
import { shrink } from './shrink.ts';
import type { SuiteReport } from './suite-report.ts';

export type Suite = 'jinja' | 'ansible';

/** Generates templates, renders them in the real program and in ours, and judges each. */
export function runSuite(suite: Suite, { count, seed, python }: SuiteOptions): Promise<SuiteReport> {
  const language = LANGUAGES[suite];
  const generated = generate(language, count, seed);
  return runCases({
    name: suite,
    cases: generated.map(({ test }) => test),
    programs: [...pythonTwice(python, 'record.py', { args: [suite] }), nodeScript('render-cases.ts', suite)],
    judge,
    featureOf: ({ feature }) => feature,
    sizeOf: ({ source }) => source.length,
    shrink: (test, shows) => shrink(language, generated[test.id]!, shows),
    keyOf: ({ source, env }) => [source, env],
  });
}
