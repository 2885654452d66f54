/**
 * `npm run bench:jinja`: a realistic hdfs-site.xml.j2 in CPython's Jinja2, our engine, nunjucks and minijinja-js. Each
 * measurement has a process of its own; the engines take turns, and medians count. `--rounds N`, `--renders N`,
 * `--json`. Exit code 1 where our output is not CPython's, 2 where Python is missing.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { MissingPython, providePython } from '../conformance/setup-python.ts';
import type { Job, Measurement } from './measure.ts';
import { VARIABLES } from './variables.ts';

const here = import.meta.dirname;
const root = dirname(dirname(here));
const REFERENCE = 'CPython Jinja2';

/** An engine's medians; milliseconds. `ratio`: how many times as fast as CPython. */
interface Row {
  readonly engine: string;
  readonly render: number;
  readonly ratio: number;
  readonly compileFirst: number;
  readonly compile: number;
  /** The first line at which its output differs from CPython's. */
  readonly differs: string | undefined;
}

function commandsOf(python: string): Readonly<Record<string, readonly string[]>> {
  const node = (engine: string) => [process.execPath, join(here, 'measure-engine.ts'), engine];
  return {
    [REFERENCE]: [python, join(here, 'measure.py')],
    khp: node('khp'),
    nunjucks: node('nunjucks'),
    'minijinja-js': node('minijinja-js'),
  };
}

function measureIn([command, ...args]: readonly string[], job: Job): Measurement {
  const { status, stdout, stderr } = spawnSync(command!, args, {
    input: JSON.stringify(job),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return JSON.parse(stdout) as Measurement;
}

function median(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  const middle = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[middle]! : (ordered[middle - 1]! + ordered[middle]!) / 2;
}

function firstDifference(wanted: string, got: string): string | undefined {
  if (wanted === got) return undefined;
  const [expected, actual] = [wanted.split('\n'), got.split('\n')];
  const at = expected.findIndex((line, index) => line !== actual[index]);
  const line = at === -1 ? expected.length : at;
  return `line ${line + 1}: ${JSON.stringify(actual[line] ?? null)} for ${JSON.stringify(expected[line] ?? null)}`;
}

function bench(python: string, options: { rounds: number; renders: number }): Row[] {
  const source = readFileSync(join(here, 'hdfs-site.xml.j2'), 'utf8');
  const job: Job = { source, variables: VARIABLES, renders: options.renders, compiles: 51 };
  const measured = Object.entries(commandsOf(python)).map(([engine, command]) => ({
    engine,
    command,
    all: [] as Measurement[],
  }));
  for (let round = 0; round < options.rounds; round++) {
    for (const { command, all } of measured) all.push(measureIn(command, job));
  }
  const reference = measured[0]!.all;
  const referenceTime = median(reference.map(({ renderAll }) => renderAll));
  return measured.map(({ engine, all }) => {
    const time = median(all.map(({ renderAll }) => renderAll));
    return {
      engine,
      render: time / options.renders,
      ratio: referenceTime / time,
      compileFirst: median(all.map(({ compile }) => compile[0]!)),
      compile: median(all.flatMap(({ compile }) => compile.slice(1))),
      differs: firstDifference(reference[0]!.output, all[0]!.output),
    };
  });
}

function print(rows: readonly Row[], options: { rounds: number; renders: number }): void {
  console.log(`${options.renders} renders of hdfs-site.xml.j2, median of ${options.rounds} rounds\n`);
  console.log(
    `${'engine'.padEnd(16)}${'render, µs'.padStart(12)}${'× CPython'.padStart(12)}${'compile, ms'.padStart(14)}${'first, ms'.padStart(12)}`,
  );
  for (const { engine, render, ratio, compile, compileFirst, differs } of rows) {
    const cells = [
      (render * 1000).toFixed(1).padStart(12),
      ratio.toFixed(2).padStart(12),
      compile.toFixed(2).padStart(14),
      compileFirst.toFixed(2).padStart(12),
    ];
    console.log(`${engine.padEnd(16)}${cells.join('')}${differs ? `  differs at ${differs}` : ''}`);
  }
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    renders: { type: 'string', default: '20000' },
    json: { type: 'boolean', default: false },
  },
});
const options = { rounds: Number(values.rounds), renders: Number(values.renders) };
try {
  const rows = bench(providePython(root), options);
  if (values.json) console.log(JSON.stringify(rows, null, 2));
  else print(rows, options);
  process.exitCode = rows.some(({ engine, differs }) => engine === 'khp' && differs !== undefined) ? 1 : 0;
} catch (error) {
  if (!(error instanceof MissingPython)) throw error;
  console.error(`khp: ${error.message}`);
  process.exitCode = 2;
}
