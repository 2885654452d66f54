/**
 * `npm run impact`: random edits of single lines of a workspace, each compiled in full and compared with what
 * `khp explain --impact` names for its line. Exit code 1 where a change was not named, or less than nine tenths of what was
 * named for edits of values changed. `--edits N`, `--seed S`, `--root DIR`; `--verbose` lists the loosest answers.
 * `--workspaces N`: of as many generated workspaces instead, whose seeds begin with S; that all is named is then all that
 * counts. `--keep DIR` writes each that shows a miss, made as small as it gets, below a folder.
 */
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readWorkTree } from '../../compiler/1-load/read-files.ts';
import { keepMisses } from './keep-misses.ts';
import { measureImpact, type Tally } from './measure.ts';
import { measureWorkspaces } from './workspaces/measure-workspaces.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    edits: { type: 'string' },
    workspaces: { type: 'string' },
    root: { type: 'string', default: dirname(dirname(import.meta.dirname)) },
    keep: { type: 'string' },
    verbose: { type: 'boolean' },
  },
});
const workspaces = Number(values.workspaces ?? 0);
const edits = Number(values.edits ?? (workspaces > 0 ? 100 : 2000));
const options = {
  seed: Number(values.seed),
  edits,
  onProgress: (done: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${edits * Math.max(workspaces, 1)}`);
  },
};
const { tallies, misses, loosest } =
  workspaces > 0
    ? measureWorkspaces(workspaces, options)
    : measureImpact(readWorkTree(values.root).value, options);
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
console.log(`\nchanged and not named: ${missed}, by ${misses.length} edits`);
for (const { seed, edit, missed: list, thrown } of misses) {
  const what = thrown ? `threw ${thrown}` : `${list.length}, ${list[0]!.host} ${list[0]!.path}`;
  const of = seed === undefined ? '' : `seed ${seed} `;
  console.log(`  ${of}${edit.kind} ${edit.file}:${edit.line} → ${JSON.stringify(edit.after)}: ${what}`);
}
if (values.keep !== undefined) await keepMisses(values.keep, misses);
if (values.verbose) {
  for (const { edit, named, hit } of loosest)
    console.log(`  ${hit} of ${named}: ${edit.file}:${edit.line} → ${JSON.stringify(edit.after)}`);
}
const value = tallies.get('value')!;
const isLoose = workspaces === 0 && value.hit < 0.9 * value.named;
if (misses.length > 0 || isLoose) process.exitCode = 1;
