import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance } from './did-you-mean.ts';
import { NearNames } from './near-names.ts';

test('finds the names that are so many edits away, and no others', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '_', 'é'), maxLength: 6 });
  let found = 0;
  fc.assert(
    fc.property(
      name,
      fc.array(name, { maxLength: 20 }),
      fc.integer({ min: 1, max: 3 }),
      (one, others, limit) => {
        const near = new NearNames(others).near(one, limit);
        const expected = others.filter((other) => other !== one && editDistance(one, other) <= limit);
        expect(near).toEqual([...new Set(expected)].sort());
        found += near.length;
      },
    ),
  );
  expect(found).toBeGreaterThan(0);
});
