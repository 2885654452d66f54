import { expect, test } from 'vitest';
import { Declaration } from '../../1-load/declaration.ts';
import { loadYaml } from '../../ansible/ansible.ts';
import { counted, DEFAULT_LIMITS, LimitError, toJson, type Value } from '../../jinja/jinja.ts';
import { checkValue } from './check-value.ts';

const yaml = (text: string): Value => {
  const { value, problems } = loadYaml(text);
  expect(problems).toEqual([]);
  return value;
};

function found(value: string, declaration: string): string[] {
  const declared = Declaration.parse(toJson(yaml(declaration)));
  return checkValue(yaml(value), declared).map(
    ({ part, message }) => `${part.map(String).join('.')}: ${message}`,
  );
}

// What each type takes, and what it does not.
test.each([
  ['str', ['text', '""', '1', '1.5', '!unsafe x'], ['yes', '[a]', '{a: 1}', '2020-01-01']],
  ['path', ['/etc', 'a/b'], ['""', '1', '[/etc]']],
  [
    'int',
    ['1', '-1', '"8020"', '" 7 "', '4.0', '123456789012345678901'],
    ['1.5', 'true', '"0x10"', 'x', '[]'],
  ],
  ['float', ['1', '0.5', '"1e3"', '.inf'], ['true', 'x', '[1]']],
  ['bool', ['true', 'off', '0', '1'], ['"yes"', '2', '"true"', '[]']],
  ['list', ['[]', '[1]'], ['a', '"[1]"', '{a: 1}']],
  ['dict', ['{}', '{a: 1}'], ['a', '[a]', '1']],
  ['raw', ['1', 'yes', '[x]'], []],
  ['json', ['"[1]"', '"1"', '[1]', '{a: 1}'], ['"["', '1']],
  ['bytes', ['1', '512M', '1.5 GB', '"10"'], ['x', '5X', 'yes', '[]']],
])('%s', (type, right, wrong) => {
  expect(right.filter((value) => found(value, `{type: ${type}}`).length > 0)).toEqual([]);
  expect(wrong.filter((value) => found(value, `{type: ${type}}`).length === 0)).toEqual([]);
});

test.each([
  ['0', '{type: int, min: 1}', [': is 0, but must be at least 1']],
  ['"70000"', '{type: int, max: 65535}', [": is '70000', but must be at most 65535"]],
  [
    '.nan',
    '{type: float, min: 0, max: 1}',
    [': is nan, but must be at least 0', ': is nan, but must be at most 1'],
  ],
  ['2G', '{type: bytes, max: 1073741824}', [": is '2G', but must be at most 1073741824"]],
  ['"3"', '{type: int, choices: [1, 3]}', []],
  ['b', '{choices: [a, 1]}', [": is 'b', but must be one of 'a', 1"]],
  ['abc', '{max_length: 2}', [": is 'abc', but must be of 2 characters or fewer"]],
  ['[]', '{type: list, min_length: 1}', [': is an empty list, but must be of 1 item or more']],
  // The whole text must match, whichever alternative comes first.
  ['ab', '{pattern: "a|ab"}', []],
  ['abc', '{pattern: "(?i)A|AB"}', [": is 'abc', but must be a text that matches (?i)A|AB"]],
  ['null', '{type: int, min: 1}', []],
  ['null', '{type: int, required: true}', [': is empty, but must be a whole number']],
  [
    '[1, null, x]',
    '{type: list, elements: int}',
    ['1: is empty, but must be a whole number', "2: is 'x', but must be a whole number"],
  ],
  [
    '{__proto__: 1, a: {b: 0}}',
    '{type: dict, options: {a: {type: dict, options: {b: {type: int, min: 1}, c: {required: true}}}}}',
    [
      "__proto__: has the key '__proto__', which is not declared",
      'a.b: is 0, but must be at least 1',
      "a: lacks the key 'c', which is required",
    ],
  ],
  ['!vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n', '{type: int, required: true}', []],
])('%s as %s', (value, declaration, expected) => {
  expect(found(value, declaration)).toEqual(expected);
});

test('what a text takes to be compared is charged again where it is known', () => {
  const declared = Declaration.parse({ pattern: '(a|a|aa)+b' });
  const check = (text: string, limits = DEFAULT_LIMITS) => counted(limits, () => checkValue(text, declared));
  const failed = /^to match 'a+… with \(a\|a\|aa\)\+b takes too many steps$/;
  expect(() => check('a'.repeat(5000))).toThrow(failed);
  const text = `${'a'.repeat(12)}c`;
  const few = { ...DEFAULT_LIMITS, maxSteps: 10 };
  expect(() => check(text, few)).toThrow(LimitError);
  expect(check(text)).toHaveLength(1);
  expect(() => check(text, few)).toThrow(LimitError);
  expect(check(text)).toHaveLength(1);
  expect(check('ab', few)).toEqual([]);
});

test('a pattern that backtracks without end ends in a limit', () => {
  const declared = Declaration.parse({ pattern: '(a|a|aa)+b' });
  expect(() => counted(DEFAULT_LIMITS, () => checkValue('a'.repeat(5000), declared))).toThrow(/steps/);
});
