import { expect, test } from 'vitest';
import type { Component } from '../1-load/component.ts';
import type { ServiceEntry } from '../contract/manifest.ts';
import { inRequiredOrder, inStartOrder, requiredBy } from './order.ts';

function components(requires: Readonly<Record<string, string[]>>): Map<string, Component> {
  return new Map(
    Object.entries(requires).map(([name, list]) => [
      name,
      { name, content: { requires: list } } as unknown as Component,
    ]),
  );
}

const names = (list: readonly Component[]) => list.map(({ name }) => name);

test('components stand behind what they require, otherwise by name', () => {
  const map = components({
    spark: ['hadoop', 'hive'],
    hive: ['hadoop'],
    hadoop: ['zookeeper'],
    zookeeper: [],
    hbase: ['hadoop'],
  });
  expect(names(inRequiredOrder(map))).toEqual(['zookeeper', 'hadoop', 'hbase', 'hive', 'spark']);
  expect(names(requiredBy('spark', map))).toEqual(['zookeeper', 'hadoop', 'hive']);
  expect(names(requiredBy('zookeeper', map))).toEqual([]);
});

test('a cycle, or a component that does not exist, ends all the same', () => {
  const map = components({ a: ['b'], b: ['a', 'gone'] });
  expect(names(inRequiredOrder(map)).sort()).toEqual(['a', 'b']);
});

test('services start after the roles they name, also through roles of other hosts', () => {
  const after: Record<string, string[]> = {
    datanode: ['namenode'],
    zkfc: ['namenode'],
    namenode: ['journalnode'],
    journalnode: ['zookeeper'],
    zookeeper: [],
  };
  const roles = Object.fromEntries(
    Object.entries(after).map(([role, list]) => [role, { service: { after: list } }]),
  );
  const all = new Map([['c', { name: 'c', content: { roles } } as unknown as Component]]);
  const services = ['datanode', 'zkfc', 'namenode', 'zookeeper'].map(
    (role) => ({ role, after: after[role] }) as ServiceEntry,
  );
  expect(inStartOrder(services, all)).toEqual([
    { role: 'zookeeper', after: [] },
    { role: 'namenode', after: ['journalnode', 'zookeeper'] },
    { role: 'datanode', after: ['namenode', 'zookeeper', 'journalnode'] },
    { role: 'zkfc', after: ['namenode', 'zookeeper', 'journalnode'] },
  ]);
});
