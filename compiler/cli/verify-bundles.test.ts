import { expect, test } from 'vitest';
import { firstDifference } from './verify-bundles.ts';

const tree = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));

test('names the first difference of two trees, by path', () => {
  const committed = tree({ 'a/one': '1\n2\n', 'b/two': 'x' });
  expect(firstDifference(committed, tree({ 'b/two': 'x', 'a/one': '1\n2\n' }))).toBeUndefined();
  expect(firstDifference(committed, tree({ 'a/one': '1\n3\n', 'b/two': 'y' }))).toEqual({
    path: 'a/one',
    problem: 'other bytes',
    line: 2,
  });
  expect(firstDifference(committed, tree({ 'a/one': '1\n2\n' }))).toEqual({
    path: 'b/two',
    problem: 'not compiled',
  });
  expect(firstDifference(committed, tree({ 'a/0': '', 'a/one': '1\n2\n', 'b/two': 'x' }))).toEqual({
    path: 'a/0',
    problem: 'missing',
  });
});

test('a text that ends where the other goes on differs in that line', () => {
  const [short, long] = [tree({ a: '1\n' }), tree({ a: '1\n2\n' })];
  expect(firstDifference(short, long)?.line).toBe(2);
  expect(firstDifference(long, short)?.line).toBe(2);
});
