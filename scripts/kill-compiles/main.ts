/**
 * `npm run kill:compiles`: 500 compiles, each killed at a random moment. `-- --kills N --seed S`. Exit code 1 for a
 * problem.
 */
import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { killCompiles } from './kill-compiles.ts';
import { smallFleet } from './small-fleet.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
});
const folder = join(dirname(dirname(import.meta.dirname)), '.khp', 'kill-compiles');
rmSync(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const report = await killCompiles(smallFleet(folder), Number(values.kills), Number(values.seed));
console.log(
  `${report.kills} kills, ${report.published} of them after the ref had moved, ${report.locks} left a lock of git's`,
);
for (const problem of report.problems) console.log(problem);
process.exitCode = report.problems.length > 0 ? 1 : 0;
