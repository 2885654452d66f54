import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadAnsible } from '../1-load/load-ansible.ts';
import { hostOfPattern, hostsOfPattern } from './hosts-of-pattern.ts';
import { resolveAnsible } from './resolve-ansible.ts';

/** asked-patterns.json, recorded by record-asked-patterns.py beside it. */
interface Recorded {
  readonly inventory: string;
  readonly patterns: readonly (readonly [string, readonly (string | null)[] | 'error'])[];
}

const { inventory, patterns }: Recorded = JSON.parse(
  readFileSync(new URL('corpus/asked-patterns.json', import.meta.url), 'utf8'),
);

function clustersOf(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'khp-patterns-'));
  writeFileSync(join(folder, 'hosts.yml'), text);
  const { value } = loadAnsible({ folder, sources: ['hosts.yml'], playbookDir: undefined });
  return [resolveAnsible(value, 'replace').inventory];
}

it('finds the hosts that Ansible finds', () => {
  const clusters = clustersOf(inventory);
  const found = patterns.map(([pattern]) => {
    const hosts = hostsOfPattern(clusters, pattern);
    if (typeof hosts === 'string') return [pattern, 'error'];
    return [pattern, hosts.map((host) => (typeof host === 'object' ? host.host : null))];
  });
  expect(found).toEqual(patterns);
  expect(patterns.length).toBeGreaterThan(500);
});

it('takes a name with a space for two, as Ansible does', () => {
  const clusters = clustersOf(inventory);
  expect(hostOfPattern(clusters, 'a b')).toBeUndefined();
  expect(hostOfPattern(clusters, 'a nobody')?.host).toBe('a');
});

it('ends a regular expression that takes too long', () => {
  const clusters = clustersOf(`all: {hosts: {${'a'.repeat(40)}!: }}\n`);
  expect(hostsOfPattern(clusters, '~(a*)*$')).toMatch(/steps/);
});
