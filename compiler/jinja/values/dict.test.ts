import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equals } from './compare.ts';
import { Dict } from './dict.ts';
import { Float } from './float.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

const atom: fc.Arbitrary<Value> = fc.oneof(
  fc.string(),
  fc.constantFrom('\u0000t', '\u0000s', '\u0000float:1.5', 'None', '1', 'number:1', '\u0000t8:number:1'),
  fc.integer({ min: -3, max: 3 }),
  fc.bigInt(2n ** 53n, 2n ** 53n + 3n),
  fc.constantFrom(...[0, -0, 1, 1.5, 2 ** 53, 2 ** 53 + 2, Infinity].map((number) => new Float(number))),
  fc.boolean(),
  fc.constant(null),
);

const key: fc.Arbitrary<Value> = fc.letrec<{ key: Value }>((tie) => ({
  key: fc.oneof(
    { maxDepth: 2 },
    atom,
    fc.array(tie('key'), { maxLength: 3 }).map((items) => new Tuple(items)),
  ),
})).key;

describe('Dict', () => {
  it('finds a key exactly where Python says that the keys are equal', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(new Dict([[a, 1]]).has(b)).toBe(equals(a, b));
      }),
      { numRuns: 5000, seed: 7 },
    );
  });

  it('keeps the first of equal keys, the last value, and the order of insertion', () => {
    const dict = new Dict([
      ['b', 1],
      [1, 2],
      ['a', 3],
      [true, 4],
      [new Float(1), 5],
    ]);
    expect([...dict]).toEqual([
      ['b', 1],
      [1, 5],
      ['a', 3],
    ]);
  });

  it.each<[Value, string]>([
    [[], "unhashable type: 'list'"],
    [new Dict(), "unhashable type: 'dict'"],
    [new Tuple([[]]), "unhashable type: 'list'"],
  ])('refuses an unhashable key', (unhashable, message) => {
    expect(() => new Dict().has(unhashable)).toThrow(message);
  });
});
