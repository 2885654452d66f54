import { expect, test } from 'vitest';
import { loadYaml, Templar } from '../ansible.ts';

const { value: d } = loadYaml('2001-12-14');
const { value: t } = loadYaml('2001-12-14 01:02:03');
const templar = new Templar({ variables: { d, t, l: [1] } });

// What ansible-core 2.18 says.
test.each([
  'd == nope',
  'd != nope',
  'nope == d',
  't == nope',
  '(t - t) == nope',
  'range(3) == nope',
  'l == nope',
  '{} == nope',
  'nope in [d]',
  'd in [nope]',
  '[d] == [nope]',
  'd is eq(nope)',
  "{'a': d} == {'a': nope}",
])('%s is undefined, on either side', (expression) => {
  expect(() => templar.renderFile(`{{ ${expression} }}`, { name: 't.j2' })).toThrow("'nope' is undefined");
});

test.each(['d == t', 't == d', "d == 'x'", 'range(3) == d'])('%s is false', (expression) => {
  expect(templar.renderFile(`{{ ${expression} }}`, { name: 't.j2' })).toBe('False');
});
