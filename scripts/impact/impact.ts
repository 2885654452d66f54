/**
 * `npm run impact`: random edits of single lines of a workspace, each compiled in full and compared with what
 * `khp explain --impact` names for its line. Exit code 1 where a change was not named, or less than nine tenths of what was
 * named for edits of values changed. `--edits N`, `--seed S`, `--root DIR`; `--verbose` lists the loosest answers.
 */
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readWorkTree } from '../../compiler/1-load/read-files.ts';
import { measureImpact, type Tally } from './measure.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    edits: { type: 'string', default: '2000' },
    root: { type: 'string', default: dirname(dirname(import.meta.dirname)) },
    verbose: { type: 'boolean' },
  },
});
const { value: files } = readWorkTree(values.root);
const { tallies, misses, loosest } = measureImpact(files, {
  seed: Number(values.seed),
  edits: Number(values.edits),
  onProgress: (done) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${values.edits}`);
  },
});
const row = (cells: readonly (string | number)[]) =>
  console.log(
    cells.map((cell, at) => (at === 0 ? String(cell).padEnd(9) : String(cell).padStart(10))).join(''),
  );
row(['edits', 'made', 'compiled', 'changed', 'named', 'precision', 'mean']);
const precision = ({ hit, named }: Tally) => (named === 0 ? '-' : (hit / named).toFixed(3));
const mean = ({ shares }: Tally) =>
  shares.length === 0 ? '-' : (shares.reduce((sum, one) => sum + one, 0) / shares.length).toFixed(3);
for (const [kind, tally] of tallies)
  row([kind, tally.edits, tally.compiled, tally.changed, tally.named, precision(tally), mean(tally)]);
const missed = misses.reduce((sum, one) => sum + one.missed.length, 0);
console.log(`\nchanged and not named: ${missed}`);
for (const { edit, missed: list } of misses)
  console.log(
    `  ${edit.kind} ${edit.file}:${edit.line} → ${JSON.stringify(edit.after)}: ${list.length}, ${list[0]!.host} ${list[0]!.path}`,
  );
if (values.verbose) {
  for (const { edit, named, hit } of loosest)
    console.log(`  ${hit} of ${named}: ${edit.file}:${edit.line} → ${JSON.stringify(edit.after)}`);
}
const value = tallies.get('value')!;
if (missed > 0 || value.hit < 0.9 * value.named) process.exitCode = 1;
