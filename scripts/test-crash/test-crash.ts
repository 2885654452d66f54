/**
 * `npm run test:crash`: kills the runner, cuts its power and fills its disk at every operation and at random, and counts
 * what is then wrong. Exit 1 where anything is, or where a planted bug goes unseen.
 *   --json                the figures only
 *   --kills N             random kills of applies (10000), of which a tenth more inside of recovery
 *   --cuts N              power cuts on a real ext4 (300)
 *   --seed N              another course of chance (1)
 *   --only NAME[,NAME…]   operations, planted, kills, recovery, full, ext4
 */
import { parseArgs } from 'node:util';
import { cutExt4 } from './cut-ext4.ts';
import { type CrashCounts, everyOperation, noCounts } from './every-operation.ts';
import { findPlanted, findPlantedOnExt4 } from './find-planted.ts';
import { fullDisk } from './full-disk.ts';
import { randomKills } from './random-kills.ts';
import { randomNumbers } from './random-numbers.ts';
import { unpackCuts } from './unpack-cuts.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    kills: { type: 'string', default: '10000' },
    cuts: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: 'operations,planted,kills,recovery,full,ext4' },
  },
});
const kills = Number(values.kills);
const random = randomNumbers(Number(values.seed));
const total = noCounts();
const notRun: string[] = [];
const planted = { planted: 0, caught: 0 };

type Part = (counts: CrashCounts) => Promise<string | undefined | void>;

const PARTS: readonly [name: string, title: string, run: Part][] = [
  ['operations', 'stopped before every operation, recovery too', stopEverywhere],
  ['kills', `${kills} random SIGKILLs`, (counts) => randomKills({ kills, during: 'apply', random }, counts)],
  [
    'recovery',
    `${Math.ceil(kills / 10)} SIGKILLs inside of recovery`,
    (counts) => randomKills({ kills: Math.ceil(kills / 10), during: 'recover', random }, counts),
  ],
  ['full', 'a full tmpfs at every write', fullDisk],
  ['ext4', 'power cuts on ext4', (counts) => cutExt4({ cuts: Number(values.cuts), random }, counts)],
];

async function stopEverywhere(counts: CrashCounts): Promise<void> {
  for (const act of ['apply', 'rollback'] as const) {
    await everyOperation({ stop: 'nothing', act, random }, counts);
    await everyOperation({ stop: 'process', act, random, recoveryStep: 1 }, counts);
    await everyOperation({ stop: 'power', act, random, recoveryStep: 3, repeat: 5 }, counts);
  }
  for (let round = 0; round < 20; round += 1) await unpackCuts({ random }, counts);
}

function tell(line: string): void {
  if (!values.json) process.stdout.write(`${line}\n`);
}

const wanted = new Set(values.only.split(','));
for (const [name, title, run] of PARTS) {
  if (!wanted.has(name)) continue;
  const counts = noCounts();
  const why = await run(counts);
  if (why) notRun.push(`${title}: ${why}`);
  tell(
    why
      ? `not run  ${title}: ${why}`
      : `${title}: ${counts.kills} stops, ${counts.mixed} mixed, ${counts.lost} lost, ${counts.restartsLost} restarts lost`,
  );
  for (const key of ['kills', 'mixed', 'lost', 'restartsLost'] as const) total[key] += counts[key];
  total.examples.push(...counts.examples);
}
if (wanted.has('planted')) {
  for (const { name, place, isCaught } of [
    ...(await findPlanted(random)),
    ...(await findPlantedOnExt4(random)),
  ]) {
    planted.planted += 1;
    planted.caught += isCaught ? 1 : 0;
    tell(`${isCaught ? 'caught ' : 'MISSED '}  ${name} (${place})`);
  }
}
for (const example of total.examples) process.stderr.write(`${example}\n`);
const { mixed, lost, restartsLost } = total;
const figures = { kills: total.kills, mixed, lost, restartsLost, ...planted };
if (values.json) process.stdout.write(`${JSON.stringify({ ...figures, not_run: notRun })}\n`);
else tell(JSON.stringify(figures));
const isSound = mixed + lost + restartsLost === 0 && planted.caught === planted.planted;
process.exitCode = isSound && total.examples.length === 0 ? 0 : 1;
