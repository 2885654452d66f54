import { expect, test } from 'vitest';
import { compareMemo, type MemoComparison } from './compare-memo.ts';

test('a compile that reuses what was rendered before gives what one gives that knows nothing', () => {
  const comparison: MemoComparison = { compiles: 0, bundles: 0, reused: 0, filled: 0, differences: [] };
  for (let sequence = 1; sequence <= 50; sequence++) compareMemo(sequence, comparison);
  expect(comparison.differences).toEqual([]);
  // Else it says nothing.
  expect(comparison.bundles).toBeGreaterThan(comparison.compiles);
  expect(comparison.reused).toBeGreaterThan(20 * comparison.compiles);
  expect(comparison.filled).toBeGreaterThan(2 * comparison.compiles);
});
