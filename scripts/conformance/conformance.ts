/**
 * `npm run conformance`: generated templates, inventories and workspaces through the real Jinja2 and Ansible and through
 * ours, and every difference between them. `--count N` templates of Jinja, `--ansible N` of Ansible, `--inventories N`,
 * `--workspaces N`, `--recorder N` inventories through ansible-inventory and through what records its answers, `--seed S`,
 * `--json`, `--keep FILE` (writes the smallest case of each difference with its recorded result). Exit code 1 where a
 * difference is not explained, 2 where Python is missing or an option is wrong.
 */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { describeInventory, runInventories, runRecorder } from './inventory/run-inventories.ts';
import { describeTemplate, printReport } from './report.ts';
import { runSuite } from './run-suite.ts';
import { MissingPython, providePython } from './setup-python.ts';
import type { Found, SuiteReport } from './suite-report.ts';
import { describeWorkspace, runWorkspaces } from './workspace/run-workspaces.ts';

const root = dirname(dirname(import.meta.dirname));

class WrongOption extends Error {}

interface Options {
  readonly count: number;
  readonly ansible: number;
  readonly inventories: number;
  readonly workspaces: number;
  readonly recorder: number;
  readonly seed: number;
  readonly json: boolean;
  readonly keep: string | undefined;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '20000' },
      ansible: { type: 'string', default: '5000' },
      inventories: { type: 'string', default: '10000' },
      workspaces: { type: 'string', default: '500' },
      recorder: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      keep: { type: 'string' },
    },
  });
  const numbers = {
    count: Number(values.count),
    ansible: Number(values.ansible),
    inventories: Number(values.inventories),
    workspaces: Number(values.workspaces),
    recorder: Number(values.recorder),
    seed: Number(values.seed),
  };
  if (!Object.values(numbers).every(Number.isSafeInteger))
    throw new WrongOption(
      '--count, --ansible, --inventories, --workspaces, --recorder and --seed take a number',
    );
  return { ...numbers, json: values.json, keep: values.keep };
}

async function run(options: Options): Promise<number> {
  const python = providePython(root);
  const { seed, count, ansible, inventories, workspaces, recorder } = options;
  const reports: SuiteReport<unknown, unknown>[] = [];
  const take = <Test, Answer>(
    report: SuiteReport<Test, Answer>,
    describe: (found: Found<Test, Answer>) => string,
  ): void => {
    reports.push(report);
    if (!options.json) printReport(report, describe);
  };
  if (count > 0) take(await runSuite('jinja', { count, seed, python }), describeTemplate);
  if (ansible > 0) take(await runSuite('ansible', { count: ansible, seed, python }), describeTemplate);
  if (inventories > 0) take(await runInventories({ count: inventories, seed, python }), describeInventory);
  if (recorder > 0) take(await runRecorder({ count: recorder, seed, python }), describeInventory);
  if (workspaces > 0) take(await runWorkspaces({ count: workspaces, seed, python }), describeWorkspace);
  if (options.json) console.log(JSON.stringify(reports, null, 2));
  if (options.keep !== undefined) writeFileSync(options.keep, keptLines(reports));
  return reports.every((report) => report.differences.length === 0) ? 0 : 1;
}

function keptLines(reports: readonly SuiteReport<unknown, unknown>[]): string {
  const lines = reports.flatMap(({ differences }) =>
    differences.map(({ smallest, expected }) => JSON.stringify({ ...Object(smallest), ...Object(expected) })),
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
