import { expect, test } from 'vitest';
import { judgeInit } from './judge-init.ts';
import type { Place } from './place.ts';

const place = (path: string, state: Place['state'], identity: Place['identity'] = {}): Place => ({
  path,
  state,
  lacks: state === 'half' ? ['current/VERSION'] : [],
  identity,
});
const verdict = (fills: Place[], needs: Place[] = []) => {
  const judged = judgeInit({ fills, needs });
  return judged.kind === 'refused' ? judged.problems : judged.kind;
};

test('goes ahead where all is empty, and has been done where all is formatted', () => {
  expect(verdict([place('/1', 'empty'), place('/2', 'empty')])).toBe('go');
  expect(verdict([place('/1', 'formatted'), place('/2', 'formatted')])).toBe('done');
  expect(verdict([place('/j', 'empty')], [place('/1', 'formatted')])).toBe('go');
  expect(verdict([], [place('/1', 'formatted')])).toBe('go');
});

test('refuses whatever is between', () => {
  expect(verdict([place('/1', 'empty'), place('/2', 'half')])).toEqual([
    '/2 holds something, but not current/VERSION; look at it, and empty it by hand',
  ]);
  expect(verdict([place('/1', 'empty'), place('/2', 'formatted')])).toEqual([
    '/2 formatted, /1 empty; copy the one to the other by hand, or empty them all',
  ]);
  expect(verdict([place('/1', 'unmounted'), place('/2', 'missing')])).toEqual([
    '/1 is no mount point; mount its disk first',
    '/2 is missing; khp-runner apply makes it, once it is mounted where it must be',
  ]);
  expect(verdict([place('/j', 'empty')], [place('/1', 'empty')])).toEqual([
    '/1 is empty, and must be formatted before',
  ]);
});

test('refuses directories of two namespaces', () => {
  const [a, b] = [
    { namespaceID: '1', clusterID: 'CID-a' },
    { namespaceID: '1', clusterID: 'CID-b' },
  ];
  expect(verdict([place('/1', 'formatted', a), place('/2', 'formatted', b)])).toEqual([
    '/2 has the clusterID CID-b, /1 has CID-a',
  ]);
  expect(verdict([place('/1', 'formatted', a), place('/2', 'formatted', a)])).toBe('done');
  expect(
    verdict([place('/j', 'empty')], [place('/1', 'formatted', a), place('/2', 'formatted', b)]),
  ).toHaveLength(1);
});
