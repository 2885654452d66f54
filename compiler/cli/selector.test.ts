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

test.each([
  [['alpha', 'alpha/x'], undefined],
  [['alpha', 'beta', 'q/q'], 'beta, q/q: selects no host'],
  [['alph'], 'alph: selects no host; did you mean `alpha`?'],
  [['alhpa/x'], 'alhpa/x: selects no host; did you mean `alpha/x`?'],
  [['alpha/x/x-11'], 'alpha/x/x-11: selects no host; did you mean `alpha/x/x-1`?'],
  [['z-1'], 'z-1: selects no host; did you mean `prod/z/z-1.example`?'],
  [['prod/z/z-1'], 'prod/z/z-1: selects no host; did you mean `prod/z/z-1.example`?'],
  [['z'], 'z: selects no host; did you mean `prod/z`?'],
  [[''], ': selects no host'],
])('of %j says %j', (selectors, said) => {
  expect(parseSelectors(selectors).missed(HOSTS)).toBe(said);
});
