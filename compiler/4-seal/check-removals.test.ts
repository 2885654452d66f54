import { expect, test } from 'vitest';
import { checkRemovals, type Member } from './check-removals.ts';

const hosts = (count: number, roles: string[], cluster = 'x'): Member[] =>
  Array.from({ length: count }, (_, i) => ({
    type: 'alpha',
    cluster,
    host: `${cluster}-${roles[0]}-${i + 1}`,
    roles,
  }));

const fleet = [...hosts(40, ['datanode']), ...hosts(2, ['namenode'])];

test('hosts may come, and a few may go', () => {
  expect(checkRemovals([], fleet)).toEqual([]);
  expect(checkRemovals(fleet, fleet)).toEqual([]);
  expect(checkRemovals(fleet, fleet.slice(2))).toEqual([]);
});

test('more than 5 % of a cluster may not go', () => {
  expect(checkRemovals(fleet, fleet.slice(3))).toEqual([
    'alpha/x would lose 3 of 42 hosts: x-datanode-1, x-datanode-2, x-datanode-3',
  ]);
  expect(checkRemovals(fleet, [])[0]).toMatch(/42 of 42 hosts: .* and 37 more$/);
});

test('the last host of a role may not go, nor lose the role', () => {
  expect(checkRemovals(fleet, fleet.slice(0, 40))).toEqual([
    'alpha/x would lose the last host of role namenode',
  ]);
  const bare = fleet.map((host) => ({ ...host, roles: host.roles.filter((role) => role !== 'namenode') }));
  expect(checkRemovals(fleet, bare)).toEqual(['alpha/x would lose the last host of role namenode']);
});

test('a host of another cluster does not count', () => {
  const other = hosts(3, ['namenode'], 'y');
  expect(checkRemovals([...fleet, ...other], fleet)).toEqual([
    'alpha/y would lose 3 of 3 hosts: y-namenode-1, y-namenode-2, y-namenode-3',
    'alpha/y would lose the last host of role namenode',
  ]);
});
