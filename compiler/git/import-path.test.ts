import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importPath } from './import-path.ts';

test('a path of a tree is told so that it is read back, and any other is none', () => {
  const parts = ['', '.', '..', '...', 'a', '-', '.a', 'a.', 'a b', 'ü', '"', '\\', '\n', 'a\0', '_1.x'];
  const reached = { broken: 0, plain: 0, quoted: 0 };
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 3 }), (chosen) => {
      const path = chosen.join('/');
      if (chosen.some((part) => ['', '.', '..', 'a\0'].includes(part))) {
        reached.broken += 1;
        expect(() => importPath(path)).toThrow('not a path of a tree');
      } else if (chosen.some((part) => ['"', '\\', '\n'].includes(part))) {
        reached.quoted += 1;
        const read = importPath(path).replace(/\\(.)/g, (_, sign) => (sign === 'n' ? '\n' : sign));
        expect(read).toBe(`"${path}"`);
      } else {
        reached.plain += 1;
        expect(importPath(path)).toBe(path);
      }
    }),
    { numRuns: 1000, seed: 1 },
  );
  expect(Math.min(...Object.values(reached))).toBeGreaterThan(50);
});
