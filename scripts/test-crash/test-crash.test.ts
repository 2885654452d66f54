import { expect, test } from 'vitest';
import { everyOperation, noCounts } from './every-operation.ts';
import { findPlanted } from './find-planted.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { randomKills } from './random-kills.ts';
import { randomNumbers } from './random-numbers.ts';
import { unpackCuts } from './unpack-cuts.ts';

const NOTHING = { mixed: 0, lost: 0, restartsLost: 0, examples: [] };

const RUNS = [
  { act: 'apply', stop: 'process' },
  { act: 'apply', stop: 'power', recoveryStep: 40 },
  { act: 'apply', stop: 'nothing', step: 3 },
  { act: 'rollback', stop: 'process', step: 2 },
  { act: 'rollback', stop: 'power', step: 3, recoveryStep: 40 },
] as const;

test.each(RUNS)('$act, $stop stopped before every operation, leaves all old or all new', async (run) => {
  const counts = noCounts();
  await everyOperation({ ...run, random: randomNumbers(1) }, counts);
  expect(counts).toMatchObject(NOTHING);
  if (run.stop !== 'nothing') expect(counts.kills).toBeGreaterThan(40);
});

test('a release counts as unpacked only when it is whole, whenever the power is cut', async () => {
  const counts = noCounts();
  await unpackCuts({ random: randomNumbers(5) }, counts);
  expect(counts).toMatchObject(NOTHING);
  expect(counts.kills).toBeGreaterThan(30);
  const spoiled = noCounts();
  await unpackCuts({ random: randomNumbers(6), spoil: (disk) => ({ ...disk, sync: () => {} }) }, spoiled);
  expect(spoiled.examples).not.toEqual([]);
});

test('real processes, killed at random, leave all old or all new, and lose nothing', async () => {
  const counts = noCounts();
  await randomKills({ kills: 200, during: 'apply', random: randomNumbers(4) }, counts);
  expect(counts).toMatchObject({ ...NOTHING, kills: 200 });
}, 240_000);

test('finds every planted bug', async () => {
  const found = await findPlanted(randomNumbers(3), { step: 3 });
  expect(found.filter(({ isCaught }) => !isCaught)).toEqual([]);
  expect(found).toHaveLength(PLANTED_BUGS.length);
});
