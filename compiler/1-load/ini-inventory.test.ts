import { describe, expect, it } from 'vitest';
import { readIniInventory } from './ini-inventory.ts';
import { InventoryDraft } from './inventory-draft.ts';

function read(text: string) {
  const draft = new InventoryDraft('x.ini');
  const diagnostics = readIniInventory(draft, 'x.ini', text);
  return { inventory: draft.finish(), messages: diagnostics.map(({ message }) => message) };
}

const NO_PRIORITY = 'ansible_group_priority must be a whole number';

describe('bombs end in one clear error, at once', () => {
  const groups = Array.from({ length: 6_000 }, (_, i) => `[g${i}:children]\nleaf\n`).join('');
  const vars = Array.from({ length: 1_000 }, (_, i) => `v${i}=1`).join(' ');
  it.each([
    ['hosts', 'a[0:14999]\nb[0:14999]\nc\n[d:vars]\n', ['an inventory may declare at most 20000 hosts']],
    ['groups', `[leaf]\nh[0:9999]\n${groups}`, ['an inventory may declare at most 5000 groups']],
    [
      'variables',
      `h[0:14999] ${vars}\nh[0:199] ${vars}\n`,
      ['an inventory may set at most 200000 variables on hosts'],
    ],
    [
      'variables, up to one that cannot be set',
      `[h99]\n${`h[0:99] ${vars} ansible_group_priority=x\n`.repeat(4)}`,
      [...Array(2).fill(NO_PRIORITY), 'an inventory may set at most 200000 variables on hosts'],
    ],
  ])('%s', (_, text, messages) => {
    const started = performance.now();
    expect(read(text).messages).toEqual(messages);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

it('keeps what a variable of a host was set to before', () => {
  const { inventory, messages } = read('h:22 a=1\n[g]\nh:23 a=2 ansible_port=24\n');
  expect(messages).toEqual([]);
  const { vars } = inventory.hosts[0]!;
  expect(vars.get('a')).toMatchObject({ value: 2, place: { line: 3, column: 6 }, overrode: { value: 1 } });
  expect(vars.get('ansible_port')).toMatchObject({ value: 24, overrode: { value: 22, overrode: undefined } });
});

it('goes on after an error', () => {
  const { inventory, messages } = read('[g]\na b\nc="d\ne\n[x y]\nlost\n[k]\nf\n');
  expect(messages).toHaveLength(3);
  expect(inventory.hosts.map(({ name }) => name)).toEqual(['a', 'e', 'f']);
});
