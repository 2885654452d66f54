import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { HOST_NAME, hostRef, isNamedAfter, reportRef } from './names.ts';

const isRef = (name: string): boolean => spawnSync('git', ['check-ref-format', name]).status === 0;

describe('HOST_NAME', () => {
  test.each(['a', '1', 'dn-1.example.test', 'lock', 'a.lock.example', `${'a'.repeat(63)}.b`, 'a.block'])(
    'takes %s, which can stand in a ref',
    (host) => {
      expect(HOST_NAME.test(host)).toBe(true);
      expect([hostRef(host), reportRef(host)].map(isRef)).toEqual([true, true]);
    },
  );

  test.each(['db.lock', 'A', '', '.a', 'a.', 'a..b', '-a', 'a-', 'a/b', 'a\n', 'a_b', 'a'.repeat(64)])(
    'refuses %j',
    (host) => {
      expect(HOST_NAME.test(host)).toBe(false);
    },
  );
});

test.each([
  ['web1.example', 'web1.example', true],
  ['web1.example', 'web1', true],
  ['web1.example', 'web', false],
  ['web2', 'web2', true],
  // Another host is named so.
  ['web2.example', 'web2', false],
  ['10.0.0.1', '10.0.0.1', true],
  ['10.0.0.1', '10', false],
])('of %s, a file named after %s: %s', (host, name, isIts) => {
  expect(isNamedAfter(host, name, new Set(['web1.example', 'web2.example', 'web2', '10.0.0.1']))).toBe(isIts);
});
