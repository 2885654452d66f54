import { expect, test } from 'vitest';
import { type ClusterWork, shares } from './compile-clusters.ts';

const work = (hosts: readonly number[]): ClusterWork => ({
  files: new Map(),
  diagnostics: [],
  clusters: new Map(hosts.map((count, at) => [`t/c${at}`, { hosts: count, files: [] }])),
  workers: 2,
  result: 'ids',
  reuse: undefined,
  stored: new Map(),
});

test('every thread has something to do', () => {
  for (const hosts of [
    [0, 0],
    [1, 1],
    [0, 0, 0, 5],
    [9, 1, 1, 1],
  ])
    expect(shares(work(hosts), 2).map(({ clusters }) => clusters.length > 0)).toEqual([true, true]);
  expect(shares(work([9, 4, 5]), 2).map(({ clusters }) => clusters)).toEqual([['t/c0'], ['t/c2', 't/c1']]);
});
