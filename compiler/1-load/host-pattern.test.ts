import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { expandHostPattern, expandIniPattern } from './host-pattern.ts';

// Recorded from InventoryModule._expand_hostpattern of ansible-core 2.18: [pattern, hosts or null, port or error].
// An empty name passes there and is refused one step later.
const recorded = readFileSync(new URL('corpus/host-patterns.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as [string, string[] | null, number | string | null])
  .filter(([pattern]) => pattern !== '');

it('expands as Ansible does, and refuses what it refuses', () => {
  for (const [pattern, hosts, port] of recorded) {
    const mine = expandIniPattern(pattern);
    const expected = hosts === null ? 'an error' : { hosts, port: port ?? undefined };
    expect([pattern, typeof mine === 'string' ? 'an error' : mine]).toEqual([pattern, expected]);
  }
});

it.each([
  ['db[1:2:3:4]', 'host range must be begin:end or begin:end:step'],
  ['db[1:]', 'host range must specify end value'],
  ['db[01:100]', 'host range must specify equal-length begin and end formats'],
  ['db[d:a]', 'host range must have begin <= end'],
  ['db[1:x]', "invalid literal for int() with base 10: 'x'"],
  ['db[0:9999999999999999999]', 'a host pattern may stand for at most 20000 hosts'],
  ['[0:999][0:999][0:999][0:999]', 'a host pattern may stand for at most 20000 hosts'],
])('%s: %s', (pattern, message) => {
  expect(expandHostPattern(pattern)).toBe(message);
});
