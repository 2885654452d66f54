/**
 * `npm test`: every check, in order, all of them run even when one fails. Programs that tests need and that are missing
 * are installed first where this may be done (programs.ts); what stays missing is skipped and counted.
 * With KHP_REQUIRE_ALL=1 (as `.ci/run` sets it) a skipped test is a failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { styleText } from 'node:util';
import { providePrograms } from './programs.ts';

const root = dirname(import.meta.dirname);
const requireAll = process.env.KHP_REQUIRE_ALL === '1';
const results = join(root, '.khp', 'test-results.json');

interface Step {
  readonly name: string;
  /** A script below node_modules, and its arguments. */
  readonly script: string;
  readonly args: readonly string[];
}

const STEPS: readonly Step[] = [
  { name: 'format and lint', script: '@biomejs/biome/bin/biome', args: ['check', '.'] },
  { name: 'types', script: 'typescript-native/bin/tsc', args: ['--noEmit', '-p', '.'] },
  {
    name: 'types of pages',
    script: '@astrojs/check/bin/astro-check.js',
    args: ['--root', 'site', '--tsconfig', 'site/tsconfig.json'],
  },
  {
    name: 'tests',
    script: 'vitest/vitest.mjs',
    args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`],
  },
];

function runStep(step: Step): boolean {
  process.stdout.write(styleText('bold', `\n== ${step.name}\n`));
  const script = join(root, 'node_modules', step.script);
  const { status } = spawnSync(process.execPath, [script, ...step.args], { cwd: root, stdio: 'inherit' });
  return status === 0;
}

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

function readCounts(): Counts | undefined {
  try {
    return JSON.parse(readFileSync(results, 'utf8')) as Counts;
  } catch {
    return undefined;
  }
}

mkdirSync(dirname(results), { recursive: true });
rmSync(results, { force: true });
providePrograms(root);
const failed = STEPS.filter((step) => !runStep(step));
const counts = readCounts();
const checks = STEPS.length - 1;
const failedChecks = failed.filter(({ name }) => name !== 'tests').length;
const passed = (counts?.numPassedTests ?? 0) + checks - failedChecks;
const skipped = counts?.numPendingTests ?? 0;
const broken = (counts?.numFailedTests ?? 0) + failedChecks;
for (const { name } of failed) console.log(`failed: ${name}`);
if (skipped > 0 && requireAll) console.log(`failed: ${skipped} tests were skipped where none may be`);
console.log(`\n${passed} passed, ${broken} failed, ${skipped} skipped`);
process.exitCode = failed.length > 0 || !counts || passed === 0 || (skipped > 0 && requireAll) ? 1 : 0;
