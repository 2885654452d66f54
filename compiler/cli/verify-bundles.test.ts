import { expect, test } from 'vitest';
import { firstDifference, firstLine } from './verify-bundles.ts';

const tree = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, id]) => [path, { mode: '100644', id }]));

test('names the first difference of two trees, by path', () => {
  const committed = tree({ 'a/one': '1', 'b/two': 'x' });
  const first = (compiled: Record<string, string>) => firstDifference(committed, tree(compiled));
  expect(first({ 'b/two': 'x', 'a/one': '1' })).toBeUndefined();
  expect(first({ 'a/one': '2', 'b/two': 'y' })).toEqual({ path: 'a/one', problem: 'other bytes' });
  expect(first({ 'a/one': '1' })).toEqual({ path: 'b/two', problem: 'not compiled' });
  expect(first({ 'a/0': '', 'a/one': '2' })).toEqual({ path: 'a/0', problem: 'missing' });
  const runnable = new Map([...committed, ['b/two', { mode: '100755', id: 'x' }]]);
  expect(firstDifference(runnable, committed)).toEqual({ path: 'b/two', problem: 'other mode' });
});

test('a text that ends where the other goes on differs in that line', () => {
  const line = (a: string, b: string) => firstLine(Buffer.from(a), Buffer.from(b));
  expect(line('1\n2\n', '1\n3\n')).toBe(2);
  expect(line('1\n', '1\n2\n')).toBe(2);
  expect(line('1\n2\n', '1\n')).toBe(2);
});
