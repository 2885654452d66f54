import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { InventoryCase, InventoryResult } from './inventory-case.ts';
import { judgeInventory } from './judge-inventory.ts';
import { readInventory } from './read-inventory.ts';

/** Generated inventories, each with what record-inventories.py made of it. */
const path = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'compiler',
  '2-resolve',
  'corpus',
  'generated.jsonl',
);
const cases = readFileSync(path, 'utf8')
  .split('\n')
  .slice(0, -1)
  .map((line) => JSON.parse(line) as InventoryCase & InventoryResult);

it('has kept some hundreds of generated inventories, of every kind', () => {
  expect(cases.length).toBeGreaterThan(400);
  expect(new Set(cases.map(({ feature }) => feature)).size).toBe(6);
  expect(cases.filter(({ problems }) => problems?.length).length).toBeGreaterThan(50);
});

it('prints them as ansible-inventory does', () => {
  const different = cases.flatMap((test) => {
    const actual = readInventory(test);
    const verdict = judgeInventory({ expected: test, again: test, actual });
    return verdict.is === 'equal' ? [] : [{ ...test, actual }];
  });
  expect(different).toEqual([]);
});
