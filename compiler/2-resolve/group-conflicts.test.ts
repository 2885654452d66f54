import { expect, test } from 'vitest';
import { load } from '../1-load/load.ts';
import { resolve } from './resolve.ts';

const bytes = new TextEncoder();

/** The codes of what is told of a variable that two sibling groups set so. */
function conflictsOf(one: string, other: string, settings = ''): string[] {
  const files = {
    'khp.yml': settings,
    'inventories/t/c.yml': 'release: r\n',
    'inventories/t/c.ini': '[ga]\nh\n[gb]\nh\n',
    'inventories/t/c/ga.yml': `x: ${one}\n`,
    'inventories/t/c/gb.yml': `x: ${other}\n`,
    'releases/r.yml': 'release: r\ncomponents: {}\n',
    'releases/r.md': '',
  };
  const { value } = load(new Map(Object.entries(files).map(([path, text]) => [path, bytes.encode(text)])));
  return resolve(value).diagnostics.map(({ code }) => code);
}

test.each([
  ['yes', 'true', false],
  ['[a, { b: 1 }]', '[a, { b: 1 }]', false],
  // What Python finds equal and prints differently.
  ['yes', '1', true],
  ['1', '1.0', true],
  ['0', 'no', true],
  ['[1]', '[true]', true],
  ['"1"', '1', true],
  // Another order of the keys shows in `to_json`.
  ['{ b: 1, a: 2 }', '{ a: 2, b: 1 }', true],
])('that two groups set %s and %s is told: %s', (one, other, isTold) => {
  expect(conflictsOf(one, other)).toEqual(isTold ? ['resolve/group-conflict'] : []);
});

test('mappings that are merged have no conflict in the order of their keys', () => {
  const merge = 'hash_behaviour: merge\n';
  expect(conflictsOf('{ b: 1, a: 2 }', '{ a: 2, b: 1 }', merge)).toEqual([]);
  expect(conflictsOf('{ b: 1, a: 2 }', '{ a: 2, b: true }', merge)).toEqual(['resolve/group-conflict']);
});
