import { expect, test } from 'vitest';
import { type ClusterWork, compileClusters, shares } from './compile-clusters.ts';

const work = (hosts: readonly number[]): ClusterWork => ({
  files: new Map(),
  diagnostics: [],
  clusters: new Map(hosts.map((count, at) => [`t/c${at}`, { hosts: count, files: [] }])),
  workers: 2,
  result: 'ids',
  reuse: undefined,
  stored: new Map(),
  known: new Map(),
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

/** Clusters of one host without a role. */
function fleet(count: number): ClusterWork {
  const names = Array.from({ length: count }, (_, at) => `c${at}`);
  const texts: [string, string][] = names.flatMap((name) => [
    [`inventories/t/${name}.yml`, 'release: r1\n'],
    [`inventories/t/${name}.ini`, `${name}-h\n`],
  ]);
  const files = new Map([...texts, ['releases/r1.yml', 'release: r1\ncomponents: {}\n'] as const]);
  return {
    ...work([]),
    files: new Map([...files].map(([path, text]) => [path, Buffer.from(text)])),
    clusters: new Map(
      names.map((name) => [
        `t/${name}`,
        { hosts: 1, files: [`inventories/t/${name}.yml`, `inventories/t/${name}.ini`] },
      ]),
    ),
  };
}

test('where one thread fails, or who hears it, the others end too', { timeout: 30_000 }, async () => {
  const heard: string[] = [];
  const listener = { onPrepared: () => {}, onHosts: () => {} };
  const failed = compileClusters(fleet(6), {
    ...listener,
    onCluster: ({ files }) => {
      heard.push(files.cluster);
      throw new Error('no room');
    },
  });
  await expect(failed).rejects.toThrow('no room');
  const before = heard.length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(heard).toHaveLength(before);
  // What cannot be read by a thread, say.
  const broken = { ...fleet(6), files: new Map([['khp.yml', 5 as unknown as Uint8Array]]) };
  await expect(compileClusters(broken, { ...listener, onCluster: () => {} })).rejects.toThrow(TypeError);
});
