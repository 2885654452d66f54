/**
 * `npm run conformance`: generated templates through the real Jinja2 and Ansible and through our engine, and every
 * difference between them. `--count N` cases for Jinja, `--ansible N` for Ansible, `--seed S`, `--json`, `--keep FILE`
 * (writes the smallest case of each difference with its recorded result). Exit code 1 where a difference is not
 * explained, 2 where Python is missing or an option is wrong.
 */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { printReport } from './report.ts';
import { runSuite, type SuiteReport } from './run-suite.ts';
import { MissingPython, providePython } from './setup-python.ts';

const root = dirname(dirname(import.meta.dirname));

class WrongOption extends Error {}

interface Options {
  readonly count: number;
  readonly ansible: number;
  readonly seed: number;
  readonly json: boolean;
  readonly keep: string | undefined;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '20000' },
      ansible: { type: 'string', default: '5000' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      keep: { type: 'string' },
    },
  });
  const [count, ansible, seed] = [values.count, values.ansible, values.seed].map(Number) as [
    number,
    number,
    number,
  ];
  if (![count, ansible, seed].every(Number.isSafeInteger))
    throw new WrongOption('--count, --ansible and --seed take a number');
  return { count, ansible, seed, json: values.json, keep: values.keep };
}

async function run(options: Options): Promise<number> {
  const python = providePython(root);
  const { seed } = options;
  const reports: SuiteReport[] = [];
  if (options.count > 0) reports.push(await runSuite('jinja', { count: options.count, seed, python }));
  if (options.ansible > 0) reports.push(await runSuite('ansible', { count: options.ansible, seed, python }));
  if (options.json) console.log(JSON.stringify(reports, null, 2));
  else reports.forEach(printReport);
  if (options.keep !== undefined) writeFileSync(options.keep, keptLines(reports));
  return reports.every((report) => report.differences.length === 0) ? 0 : 1;
}

function keptLines(reports: readonly SuiteReport[]): string {
  const lines = reports.flatMap(({ differences }) =>
    differences.map(({ smallest, expected: { id: _id, ...expected } }) =>
      JSON.stringify({ ...smallest, ...expected }),
    ),
  );
  return lines.map((line) => `${line}\n`).join('');
}

try {
  process.exitCode = await run(readOptions());
} catch (error) {
  if (
    !(error instanceof MissingPython) &&
    !(error instanceof TypeError && 'code' in error) &&
    !(error instanceof WrongOption)
  )
    throw error;
  console.error(`khp: ${error.message}`);
  process.exitCode = 2;
}
