import { expect, test } from 'vitest';
import { loadYaml, SecretText, UnsafeText } from '../../ansible/ansible.ts';
import { Dict, Float, PySet, Tuple, type Value } from '../../jinja/jinja.ts';
import { NOTHING, UNKNOWN, ValueNumbers } from './value-numbers.ts';

const LONG = 'x'.repeat(100);

/** Each differs from each other one. */
const DIFFERENT: (() => Value)[] = [
  () => null,
  () => true,
  () => 1,
  () => '1',
  () => 'true',
  () => '',
  () => 'none',
  () => 0,
  () => -0,
  () => new Float(0),
  () => new Float(-0),
  () => new Float(1),
  () => new Float(Number.NaN),
  () => 10n ** 20n,
  () => String(10n ** 20n),
  () => LONG,
  () => `${LONG}y`,
  () => ['\ud800'],
  () => ['\ud801'],
  () => ['\ufffd'],
  () => [JSON.stringify('\ud800')],
  () => `${LONG}\ud800`,
  () => `${LONG}\ud801`,
  () => new UnsafeText('1'),
  () => new UnsafeText(LONG),
  () => new SecretText('age', 'a'),
  () => new SecretText('vault', 'a'),
  () => new SecretText('age', 'a', 'h'),
  () => [],
  () => new Tuple([]),
  () => new Dict(),
  () => [[]],
  () => ['1'],
  () => [1],
  () => [1, 2],
  () => [2, 1],
  () => [[1], 2],
  () => [[1, 2]],
  () => ['s1'],
  () => ['list'],
  () => new Dict([['a', 1]]),
  () => new Dict([[1, 'a']]),
  () => new Dict([['a', '1']]),
  () => new Dict([['a', [1]]]),
  () =>
    new Dict([
      ['a', 1],
      ['b', 2],
    ]),
  () =>
    new Dict([
      ['b', 2],
      ['a', 1],
    ]),
  () => ['a', 1],
];

test('values have one number exactly when they are the same', () => {
  const numbers = new ValueNumbers();
  const first = DIFFERENT.map((make) => numbers.of(make()));
  expect(new Set(first).size).toBe(DIFFERENT.length);
  expect(first).not.toContain(NOTHING);
  expect(first).not.toContain(UNKNOWN);
  expect(DIFFERENT.map((make) => numbers.of(make()))).toEqual(first);
  expect(numbers.of(undefined)).toBe(NOTHING);
});

test('texts of values are the same in another process', () => {
  const texts = (reversed: boolean) => {
    const numbers = new ValueNumbers();
    const made = DIFFERENT.map((make) => make());
    for (const value of reversed ? made.toReversed() : made) numbers.of(value);
    return made.map((value) => numbers.texts[numbers.of(value)]);
  };
  expect(texts(true)).toEqual(texts(false));
  const numbers = new ValueNumbers();
  expect(numbers.ofText(numbers.texts[NOTHING]!)).toBe(NOTHING);
});

test('what is of another type, or holds itself, is known by nothing', () => {
  const numbers = new ValueNumbers();
  const list: Value[] = [];
  list.push(list);
  expect(numbers.of(list)).toBe(UNKNOWN);
  expect(numbers.of(new PySet(['a']))).toBe(UNKNOWN);
  expect(numbers.of([new Dict([['k', new PySet([])]])])).toBe(UNKNOWN);
  expect(numbers.of([new Tuple([1], ['name'])])).toBe(UNKNOWN);
  const { value } = loadYaml('a: 2001-01-01\nb: [2001-01-01 10:00:00]\nc: !!set {d}\n');
  expect([...(value as Dict).values()].map((one) => numbers.of(one))).toEqual([UNKNOWN, UNKNOWN, UNKNOWN]);
});

test('the text of every number has that number, that of what is not there too', () => {
  const numbers = new ValueNumbers();
  for (const make of DIFFERENT) numbers.of(make());
  expect(numbers.texts.map((text) => numbers.ofText(text))).toEqual([...numbers.texts.keys()]);
  expect(numbers.ofText(numbers.texts[NOTHING]!)).toBe(NOTHING);
});
