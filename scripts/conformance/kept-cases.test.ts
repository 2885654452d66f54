import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JinjaError } from '../../compiler/jinja/jinja.ts';
import type { Case, Result } from './case.ts';
import { judge } from './compare.ts';
import { renderAnsible } from './render-ansible.ts';
import { renderJinja } from './render-jinja.ts';

/** A case that once differed, or stands for its kind, with what the real program made of it. */
type KeptCase = Case & Result;

function read(suite: string): KeptCase[] {
  const path = join(import.meta.dirname, '..', '..', 'compiler', suite, 'corpus', 'generated.jsonl');
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line, id) => ({ ...(JSON.parse(line) as KeptCase), id }));
}

/** What our engine makes of a case. An error that isn't the engine's own is a bug and passes through. */
function run(test: Case, render: (test: Case) => string): Result {
  try {
    return { id: test.id, output: render(test) };
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    return { id: test.id, error: { class: error.name, message: error.message } };
  }
}

describe.each([
  ['jinja', renderJinja],
  ['ansible', renderAnsible],
] as const)('the generated cases kept of %s', (suite, render) => {
  const cases = read(suite);

  it('are some hundreds', () => {
    expect(cases.length).toBeGreaterThan(300);
  });

  it('come out as in the real program', () => {
    const different = cases.flatMap((test) => {
      const actual = run(test, render);
      const { output, error } = test;
      const verdict = judge(test, { expected: test, again: test, actual });
      return verdict.is === 'equal' ? [] : [{ source: test.source, expected: { output, error }, actual }];
    });
    expect(different).toEqual([]);
  });
});
