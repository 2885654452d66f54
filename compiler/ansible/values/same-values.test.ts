import { expect, test } from 'vitest';
import { loadYaml } from '../yaml/load-yaml.ts';
import { sameValues } from './same-values.ts';

const VALUES = [
  '1',
  '1.0',
  'true',
  '"1"',
  '!unsafe "1"',
  '0',
  '0.0',
  '-0.0',
  'false',
  '~',
  '[]',
  '[1]',
  '[true]',
  '[1.0]',
  '{}',
  '{ a: 1, b: 2 }',
  '{ b: 2, a: 1 }',
  '{ a: 1, b: 2.0 }',
  '{ 1: a }',
  '{ true: a }',
  '2020-01-01',
  '2020-01-02',
  '2020-01-01 00:00:00',
  '"2020-01-01"',
  '.nan',
  '12345678901234567890',
  '12345678901234567891',
];

test('values are the same where they are written alike, and no others', () => {
  const read = (text: string) => loadYaml(text).value!;
  for (const [at, one] of VALUES.entries())
    for (const [other, text] of VALUES.entries())
      expect([one, text, sameValues(read(one), read(text))]).toEqual([one, text, at === other]);
});
