/** `npm run memo`: random edits, each compiled with and without what is known from before. `--sequences N`, `--seed S`. */
import { parseArgs } from 'node:util';
import { compareMemo, type MemoComparison } from './compare-memo.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, sequences: { type: 'string', default: '1000' } },
});
const comparison: MemoComparison = { compiles: 0, bundles: 0, reused: 0, filled: 0, differences: [] };
const first = Number(values.seed);
for (let at = 0; at < Number(values.sequences); at++) {
  compareMemo(first + at, comparison);
  if (process.stderr.isTTY) process.stderr.write(`\r${at + 1} of ${values.sequences}`);
}
const { compiles, bundles, reused, filled, differences } = comparison;
console.log(
  `${compiles} compiles, ${bundles} bundles, ${reused} parts reused, ${filled} filled in, ${differences.length} differences`,
);
for (const difference of differences.slice(0, 20)) console.log(difference);
if (differences.length > 0) process.exitCode = 1;
