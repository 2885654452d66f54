/**
 * `npm run determinism`: 100 compiles of the sample workspace by Node 22, 24 and 26, which npm fetches to .khp/, in many
 * surroundings. `-- --compiles N --seed S`. Exit code 1 where two of them give different trees.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileEverywhere } from './compile-everywhere.ts';

const root = dirname(dirname(import.meta.dirname));

function nodeOf(version: number): string {
  const folder = join(root, '.khp', `node${version}`);
  const program = join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  if (!existsSync(program)) {
    const options = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
    const name = `node-linux-${process.arch}@${version}`;
    execFileSync('npm', ['install', '--prefix', folder, ...options, name], { stdio: 'inherit' });
  }
  return program;
}

const { values } = parseArgs({
  options: { compiles: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
});
const area = join(root, '.khp', 'determinism');
rmSync(area, { recursive: true, force: true });
mkdirSync(area, { recursive: true });
const done = compileEverywhere({
  root,
  area,
  nodes: [nodeOf(22), nodeOf(24), process.execPath],
  compiles: Number(values.compiles),
  seed: Number(values.seed),
});
const trees = Map.groupBy(done, ({ tree }) => tree);
for (const [tree, same] of trees)
  console.log(`${tree}: ${same.length} compiles, the first by ${same[0]!.how}`);
process.exitCode = trees.size === 1 ? 0 : 1;
