import { expect, test } from 'vitest';
import { formatPromotion, type Promotion, parsePromotion, RETIRE_ALL } from './promotion.ts';

const promotion: Promotion = {
  host: 'dn1.example',
  seq: 7,
  expires: 1_800_000_000,
  manifest: 'a'.repeat(64),
  restart: [],
  retire: [],
};

test.each([
  {},
  { restart: ['datanode'] },
  { restart: ['datanode', 'nodemanager'], retire: ['hbase-rest', 'kms'] },
  { retire: [RETIRE_ALL] },
])('a promotion is read as it was written: %o', (more) => {
  const full = { ...promotion, ...more };
  expect(parsePromotion(formatPromotion(full))).toEqual(full);
});

test('its text is what operators read', () => {
  expect(formatPromotion({ ...promotion, restart: ['datanode'], retire: ['kms'] })).toBe(
    'promote dn1.example\n\nHost: dn1.example\nSeq: 7\nExpires: 2027-01-15T08:00:00Z\n' +
      `Manifest: sha256:${'a'.repeat(64)}\nRestart: datanode\nRetire: kms\n`,
  );
});

test.each<[string, Partial<Promotion>]>([
  ['roles out of order', { restart: ['nodemanager', 'datanode'] }],
  ['a role twice', { retire: ['kms', 'kms'] }],
  ['a role that is no name', { restart: ['-x'] }],
  ['an empty role', { retire: [''] }],
  ['a grant for everything', { restart: [RETIRE_ALL] }],
  ['everything and a role', { retire: [RETIRE_ALL, 'kms'] }],
  ['a grant on a host that is retired', { restart: ['datanode'], retire: [RETIRE_ALL] }],
])('%s is no promotion', (_, more) => {
  expect(parsePromotion(formatPromotion({ ...promotion, ...more }))).toBeUndefined();
});

test('the order of the trailers is part of the text', () => {
  const text = formatPromotion({ ...promotion, restart: ['a'], retire: ['b'] });
  expect(parsePromotion(text.replace('Restart: a\nRetire: b\n', 'Retire: b\nRestart: a\n'))).toBeUndefined();
});
