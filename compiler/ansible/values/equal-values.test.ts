import { expect, test } from 'vitest';
import { loadYaml } from '../ansible.ts';
import { equalValues } from './equal-values.ts';

const VAULT = '!vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n';

test.each([
  ['1', '1.0', true],
  ['1', 'true', true],
  ['9007199254740993', '9007199254740993', true],
  ['9007199254740993', '9007199254740992.0', false],
  ['"1"', '1', false],
  ['!unsafe a', 'a', true],
  ['a', '!unsafe a', true],
  ['!unsafe a', '1', false],
  ['null', 'false', false],
  ['[1, {a: x}]', '[1.0, {a: x}]', true],
  ['{a: 1, b: 2}', '{b: 2, a: 1}', true],
  ['{a: 1}', '{a: 1, b: 2}', false],
  ['2020-01-01', '2020-01-01', true],
  ['2020-01-01', '2020-01-02', false],
  ['!!set {a, b}', '!!set {b, a}', true],
  [VAULT, VAULT, true],
  [VAULT, VAULT.replace('6162', '6163'), false],
  [VAULT, 'text', false],
  ['2020-01-01', VAULT, false],
])('%s == %s is %s', (a, b, expected) => {
  const [left, right] = [loadYaml(a), loadYaml(b)];
  expect([left.problems, right.problems]).toEqual([[], []]);
  expect(equalValues(left.value, right.value)).toBe(expected);
});
