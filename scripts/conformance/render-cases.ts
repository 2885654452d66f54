/**
 * `node render-cases.ts jinja|ansible`: renders cases with our engine as record.py does with the real programs: a case
 * as JSON a line on stdin, its result as JSON a line on stdout.
 */
import { JinjaError } from '../../compiler/jinja/jinja.ts';
import type { Case, Result } from './case.ts';
import { jsonLines } from './json-lines.ts';

const render = process.argv[2] === 'jinja' ? await loadJinja() : await loadAnsible();

async function loadJinja(): Promise<(test: Case) => string> {
  return (await import('./render-jinja.ts')).renderJinja;
}

async function loadAnsible(): Promise<(test: Case) => string> {
  return (await import('./render-ansible.ts')).renderAnsible;
}

function answer(test: Case): Result {
  try {
    return { id: test.id, output: render(test) };
  } catch (error) {
    return { id: test.id, error: describe(error) };
  }
}

/** What is no JinjaError is a bug of ours; it must not pass for Python's error of the same name. */
function describe(error: unknown): NonNullable<Result['error']> {
  if (error instanceof JinjaError) return { class: error.name, message: error.message.slice(0, 500) };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { class: 'bug', message: text.slice(0, 500) };
}

for await (const test of jsonLines(process.stdin)) {
  process.stdout.write(`${JSON.stringify(answer(test as Case))}\n`);
}
