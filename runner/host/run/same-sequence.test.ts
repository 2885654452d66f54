import { expect, test } from 'vitest';
import { runningSample } from '../sample-served-host.ts';
import { runOnce } from './run-once.ts';

const OTHER_ROLES = { result: 'refused', problem: { code: 'accept/same-sequence-other-roles' } };

test('of two commits of one sequence the first that is applied counts, with its grants and no others', async () => {
  const { promote, run, manager } = await runningSample();
  const promotion = { seq: 3, restart: ['datanode'] };
  await promote({ conf: 'two', promotion });
  expect(await run()).toMatchObject({ restarted: ['datanode'], debt: ['namenode'] });
  // The commit that lost, which a server has kept: other roles of the same sequence and manifest.
  for (const lists of [
    { restart: ['namenode'] },
    { restart: ['datanode', 'namenode'] },
    { restart: [], retire: ['*'] },
  ]) {
    await promote({ conf: 'two', promotion: { ...promotion, ...lists } });
    expect(await run()).toMatchObject({ ...OTHER_ROLES, restarted: [], debt: ['namenode'] });
  }
  expect(manager.events).toEqual(['stop datanode', 'start datanode']);
  // One that takes the grant back does no harm, and gives nobody another.
  await promote({ conf: 'two', promotion: { ...promotion, restart: [] } });
  expect(await run()).toMatchObject({ result: 'unchanged', problem: null, restarted: [] });
  await promote({ conf: 'two', promotion: { ...promotion, restart: ['namenode'] } });
  expect(await run()).toMatchObject({ ...OTHER_ROLES, restarted: [] });
  // A renewal of the one that counts, and the next one.
  await promote({
    conf: 'two',
    promotion: { ...promotion, expires: Math.floor(Date.now() / 1000) + 99_999 },
  });
  expect(await run()).toMatchObject({ result: 'unchanged', problem: null, restarted: [] });
  await promote({ conf: 'two', promotion: { seq: 4, restart: ['namenode'] } });
  expect(await run()).toMatchObject({ problem: null, restarted: ['namenode'], debt: [] });
});

test('nor does another commit count, or the one before, once services were stopped under the first', async () => {
  const { promote, run, manager } = await runningSample({ version: '1' });
  const promotion = { seq: 3, restart: ['datanode', 'namenode'] };
  manager.onStep = (step) => {
    if (step === 'after stop namenode') throw new Error('killed');
  };
  await promote({ version: '2', promotion });
  await expect(run()).rejects.toThrow('killed');
  manager.onStep = () => undefined;
  await promote({ version: '2', promotion: { ...promotion, retire: ['kms'] } });
  // What was stopped runs again, and nothing of the other commit is done.
  expect(await run()).toMatchObject({
    ...OTHER_ROLES,
    active: { seq: 2 },
    restarted: ['namenode', 'datanode'],
  });
  await promote({ version: '1', promotion: { ...promotion } });
  expect(await run()).toMatchObject({ problem: { code: 'accept/same-sequence-other-manifest' } });
  await promote({ version: '1', promotion: { seq: 2, restart: ['datanode', 'namenode'] } });
  expect(await run()).toMatchObject({ problem: { code: 'accept/lower-sequence' }, restarted: [] });
  await promote({ version: '2', promotion });
  expect(await run()).toMatchObject({ result: 'applied', active: { seq: 3 }, debt: [], switches: [] });
});

test('a grant that came late is none, and its commit and its renewal stay those of the sequence', async () => {
  const { promote, run, manager, host } = await runningSample();
  const now = Math.floor(Date.now() / 1000);
  const signedAt = now - 5 * 3_600;
  const late = { conf: 'two', signedAt, promotion: { seq: 3, restart: ['datanode'] } };
  await promote(late);
  const told = { problem: null, restarted: [], debt: ['datanode', 'namenode'], late: ['datanode'] };
  expect(await run()).toMatchObject({ ...told, result: 'applied' });
  expect(await run()).toMatchObject({ ...told, result: 'unchanged' });
  // The clock was set back, and the server has nothing newer.
  expect(await runOnce(host, () => (signedAt + 60) * 1000)).toMatchObject({ ...told, result: 'unchanged' });
  await promote({ conf: 'two', promotion: { seq: 3, expires: now + 99_999 } });
  expect(await run()).toMatchObject({ result: 'unchanged', problem: null });
  await promote({ conf: 'two', promotion: { seq: 3, restart: ['namenode'] } });
  expect(await run()).toMatchObject(OTHER_ROLES);
  expect(manager.events).toEqual([]);
  await promote({ conf: 'two', promotion: { seq: 4, restart: ['datanode'] } });
  const granted = await run();
  expect(granted).toMatchObject({ problem: null, restarted: ['datanode'], debt: ['namenode'] });
  expect(granted).not.toHaveProperty('late');
});

test('a grant that was used in time is not late when it has ended, nor does a rollback by hand lack one', async () => {
  const { promote, run, rollBack, manager, host } = await runningSample();
  await promote({ conf: 'two', promotion: { seq: 3, restart: ['datanode'] } });
  expect(await run()).toMatchObject({ restarted: ['datanode'] });
  const later = () => Date.now() + 5 * 3_600_000;
  expect(await runOnce(host, later)).not.toHaveProperty('late');
  await promote({ conf: 'three', promotion: { seq: 4, restart: ['namenode'] } });
  expect(await runOnce(host, later)).toMatchObject({ late: ['namenode'], restarted: [] });
  manager.events.splice(0);
  expect(await rollBack()).toMatchObject({ result: 'rolled-back', problem: null, debt: [] });
  expect(manager.events).toContain('start namenode');
});
