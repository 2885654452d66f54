import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { load } from '../1-load/load.ts';
import { inventoryGraph, inventoryHost, inventoryList, type Printed } from './ansible-inventory.ts';
import { resolve } from './resolve.ts';

/** A line of inventories.jsonl, recorded by record-inventories.py beside it. */
interface Recorded {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly hash_behaviour?: 'replace' | 'merge';
  readonly list?: string;
  readonly graph?: string;
  readonly hosts?: Readonly<Record<string, string>>;
  readonly error?: string;
}

const recorded = readFileSync(new URL('corpus/inventories.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

function compiled({ files, hash_behaviour = 'replace' }: Recorded) {
  const bytes = Object.entries({ ...files, 'khp.yml': `hash_behaviour: ${hash_behaviour}\n` }).map(
    ([path, text]) => [path, new TextEncoder().encode(text)] as const,
  );
  const { value: workspace, diagnostics } = load(new Map(bytes));
  return { clusters: resolve(workspace).value.clusters, codes: diagnostics.map(({ code }) => code) };
}

const textOf = (printed: Printed) => ('parts' in printed ? printed.parts.join('') : printed.problem);

const read = recorded.filter(({ error }) => error === undefined);
const refused = recorded.filter(({ error }) => error !== undefined);

describe('prints what ansible-inventory prints', () => {
  it.each(read)('$name', (one) => {
    const { clusters } = compiled(one);
    expect(textOf(inventoryList(clusters))).toBe(one.list);
    expect(textOf(inventoryGraph({ clusters }))).toBe(one.graph);
    for (const [name, text] of Object.entries(one.hosts ?? {})) {
      const host = clusters.flatMap(({ hosts }) => hosts).find(({ host }) => host === name)!;
      expect(textOf(inventoryHost(host))).toBe(text);
    }
  });
});

describe('refuses what Ansible refuses', () => {
  it.each(refused)('$name', (one) => {
    const { codes } = compiled(one);
    expect(codes.some((code) => code === 'load/bad-ini' || code === 'load/bad-inventory')).toBe(true);
  });
});

it('has recorded enough of both', () => {
  expect(read.length).toBeGreaterThan(100);
  expect(refused.length).toBeGreaterThan(10);
});
