import { expect, test } from 'vitest';
import { parseSelectors } from './selector.ts';

const HOSTS = ['alpha/x/x-1', 'alpha/x/x-2', 'alpha/y/y-1', 'prod/z/z-1.example'].map((path) => {
  const [type, cluster, host] = path.split('/') as [string, string, string];
  return { type, cluster, host };
});

test.each([
  [[], ['x-1', 'x-2', 'y-1', 'z-1.example']],
  [['alpha'], ['x-1', 'x-2', 'y-1']],
  [['alpha/x'], ['x-1', 'x-2']],
  [['alpha/x/x-2'], ['x-2']],
  [['*/*/?-1'], ['x-1', 'y-1']],
  [['*/[xz]'], ['x-1', 'x-2', 'z-1.example']],
  [
    ['prod', 'alpha/y'],
    ['y-1', 'z-1.example'],
  ],
  [['x-1'], []],
  [['alpha/x/x-1/files'], []],
  [['alph'], []],
])('%j selects %j', (selectors, names) => {
  const selection = parseSelectors(selectors);
  expect(HOSTS.filter((host) => selection.matches(host)).map(({ host }) => host)).toEqual(names);
});

test('names the selectors that match no host', () => {
  expect(parseSelectors(['alpha', 'beta', 'alpha/q']).unmatched(HOSTS)).toEqual(['beta', 'alpha/q']);
});
