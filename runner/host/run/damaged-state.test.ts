import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BOTH, runningSample, SERVED_CONF, type ServedSample } from '../sample-served-host.ts';
import { makeState } from '../state/store.ts';

const VERSION = '3.3.6';

/** What docs/runner.md says to do with a state that cannot be mended. */
function beginAnew({ fleet, host }: ServedSample): void {
  const state = join(fleet.root, 'var/lib/khp');
  renameSync(state, `${state}.damaged`);
  mkdirSync(state, { mode: 0o700 });
  cpSync(`${state}.damaged/artifacts.json`, join(state, 'artifacts.json'));
  // As `apply` does.
  makeState(host.engine.rooted);
}

test('a damaged state says where its way out is, and nothing is done over it', async () => {
  const { fleet, promote, run, manager } = await runningSample();
  writeFileSync(join(fleet.root, 'var/lib/khp/watermark.json'), '{}');
  await promote({ conf: 'two', promotion: BOTH });
  const { result, problem } = await run();
  expect({ result, code: problem?.code }).toEqual({ result: 'failed', code: 'state/damaged' });
  expect(problem!.message).toMatch(/^\S+\/watermark\.json is damaged.*"Damaged state" of docs\/runner\.md/);
  expect(readFileSync(join(import.meta.dirname, '../../../docs/runner.md'), 'utf8')).toContain(
    '\n## Damaged state\n',
  );
  expect(manager.events).toEqual([]);
});

test('begun anew under a promotion without a grant, nothing restarts until one grants it', async () => {
  const sample = await runningSample({ version: VERSION });
  const { fleet, promote, run, manager } = sample;
  writeFileSync(join(fleet.root, 'var/lib/khp/watermark.json'), '{}');
  beginAnew(sample);
  await promote({ conf: 'two', version: VERSION });
  expect(await run()).toMatchObject({ result: 'applied', problem: null, debt: ['datanode', 'namenode'] });
  expect(readFileSync(join(fleet.root, SERVED_CONF), 'utf8')).toBe('two');
  expect(await run()).toMatchObject({ result: 'unchanged', debt: ['datanode', 'namenode'] });
  expect(manager.events).toEqual([]);
  await promote({ conf: 'two', version: VERSION, promotion: BOTH });
  expect(await run()).toMatchObject({ problem: null, debt: [], restarted: ['namenode', 'datanode'] });
});

test('begun anew under a grant that is open, the services restart', async () => {
  const sample = await runningSample({ version: VERSION });
  beginAnew(sample);
  expect(await sample.run()).toMatchObject({ problem: null, debt: [], restarted: ['namenode', 'datanode'] });
});
