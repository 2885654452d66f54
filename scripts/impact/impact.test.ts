import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readWorkTree } from '../../compiler/1-load/read-files.ts';
import { KINDS } from './line-edit.ts';
import { measureImpact } from './measure.ts';
import { measureWorkspaces } from './workspaces/measure-workspaces.ts';

test('what random edits change was named', { timeout: 600_000 }, () => {
  const { value: files } = readWorkTree(dirname(dirname(import.meta.dirname)));
  const { tallies, misses } = measureImpact(files, { seed: 6, edits: 60 });
  expect(misses).toEqual([]);
  const value = tallies.get('value')!;
  expect(value.compiled).toBeGreaterThan(10);
  expect(value.hit / value.named).toBeGreaterThanOrEqual(0.9);
});

test('what random edits change was named, whatever way a template reads it', { timeout: 600_000 }, () => {
  const { value: files } = readWorkTree(join(import.meta.dirname, 'workspace'));
  const { tallies, misses } = measureImpact(files, { seed: 4, edits: 120 });
  expect(misses).toEqual([]);
  expect(tallies.get('value')!.compiled).toBeGreaterThan(20);
});

test('what random edits of generated workspaces change was named', { timeout: 600_000 }, () => {
  const { tallies, misses } = measureWorkspaces(8, { seed: 21, edits: 54 });
  expect(misses.map(({ seed, edit, missed }) => ({ seed, edit, missed }))).toEqual([]);
  for (const kind of KINDS.filter((one) => one !== 'tags'))
    expect([kind, tallies.get(kind)!.changed > 0]).toEqual([kind, true]);
});
