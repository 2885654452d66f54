import { expect, test } from 'vitest';
import { nameOf } from './render-memo.ts';

test('work on parts that differ in anything has other names', () => {
  const parts = [
    [null],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY],
    [0],
    ['0'],
    ['n0'],
    ['s0'],
    [2 ** 60],
    [10n ** 30n],
    [String(10n ** 30n)],
    [true],
    ['true'],
    [[]],
    [{}],
    [{ a: 1 }],
    [{ a: '1' }],
    [],
  ];
  const names = parts.map((part) => nameOf(part, 'kind', () => part));
  expect(new Set(names).size).toBe(parts.length);
  expect(nameOf({}, 'kind', () => [10n ** 30n])).toBe(names[parts.findIndex(([one]) => one === 10n ** 30n)]);
  expect(nameOf({}, 'other kind', () => [0])).not.toBe(nameOf({}, 'kind', () => [0]));
});
