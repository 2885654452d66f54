import { expect, it } from 'vitest';
import { findCycles } from './find-cycles.ts';

const graph = (edges: Record<string, string[]>): Map<string, string[]> => new Map(Object.entries(edges));

it.each([
  ['none', { a: ['b', 'c'], b: ['c'], c: [] }, []],
  ['itself', { a: ['a'] }, [['a', 'a']]],
  ['two', { b: ['a'], a: ['b'] }, [['a', 'b', 'a']]],
  ['the shortest through the first', { a: ['b'], b: ['c', 'a'], c: ['a'] }, [['a', 'b', 'a']]],
  [
    'two of them, not what leads to them',
    { x: ['a'], a: ['b'], b: ['a'], d: ['e'], e: ['f'], f: ['d'] },
    [
      ['a', 'b', 'a'],
      ['d', 'e', 'f', 'd'],
    ],
  ],
  ['an edge to nowhere', { a: ['z'] }, []],
])('%s', (_, edges, cycles) => {
  expect(findCycles(graph(edges as Record<string, string[]>))).toEqual(cycles);
});
