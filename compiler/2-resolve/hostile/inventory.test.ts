import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type HostileResult, runHostile } from '../../jinja/hostile/run-hostile.ts';
import type { InventoryRun } from './hostile-inventory.ts';
import { INVENTORY_CASES } from './inventory-cases.ts';

const MILLISECONDS = 2000;
const MEGABYTES = 512;

const results = new Map<string, HostileResult<InventoryRun>>();

beforeAll(async () => {
  const ends = await runHostile<InventoryRun>(
    join(import.meta.dirname, 'inventory-child.ts'),
    INVENTORY_CASES,
  );
  for (const [index, { name }] of INVENTORY_CASES.entries()) results.set(name, ends[index]!);
}, 300_000);

describe('a hostile inventory ends in an error that says where, or as in Ansible, within 2 s and 512 MB', () => {
  it('has cases with a name each', () => {
    expect(results.size).toBe(INVENTORY_CASES.length);
    expect(results.size).toBeGreaterThan(60);
  });

  it.each(INVENTORY_CASES)('$name', ({ name, says, problem }) => {
    const result = results.get(name)!;
    if ('died' in result) throw new Error(result.died);
    if (says === undefined) expect(result.errors).toEqual([]);
    else expect(result.errors[0]).toContain(says);
    expect(result.problem ?? '').toContain(problem ?? '');
    if (problem === undefined) expect(result.problem).toBeUndefined();
    expect(result.milliseconds).toBeLessThan(MILLISECONDS);
    expect(result.megabytes).toBeLessThan(MEGABYTES);
  });
});
