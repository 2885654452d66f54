import { describe, expect, it } from 'vitest';
import { load } from '../1-load/load.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { Value } from '../jinja/values/value.ts';
import type { HostVariables } from './host-variables.ts';
import type { HostVars, Inventory } from './inventory.ts';
import { resolve } from './resolve.ts';

const BASE = {
  'releases/1.0.yml': 'release: "1.0"\ncomponents:\n  web: { version: "2.4" }\n',
  'templates/web/component.yml': 'component: web\n',
  'inventories/t/c.yml': 'release: "1.0"\n',
};

function inventoryOf(files: Record<string, string>): Inventory {
  const bytes = Object.entries({ ...BASE, ...files }).map(
    ([path, text]) => [path, new TextEncoder().encode(text)] as const,
  );
  const { value: workspace, diagnostics } = load(new Map(bytes));
  expect(diagnostics).toEqual([]);
  const { value, diagnostics: problems } = resolve(workspace);
  expect(problems).toEqual([]);
  return value;
}

function hostOf(inventory: Inventory, name: string): HostVars {
  return inventory.clusters.flatMap(({ hosts }) => hosts).find(({ host }) => host === name)!;
}

const plain = (value: Value | undefined): unknown =>
  value instanceof Dict ? Object.fromEntries([...value].map(([key, item]) => [key, plain(item)])) : value;

describe('layers', () => {
  const inventory = inventoryOf({
    'inventories/_default.yml': 'a: fleet\n',
    'inventories/t/_default.yml': 'b: x\na: type\n',
    'inventories/t/c.yml': 'release: "1.0"\na: cluster\n',
    'inventories/t/c.ini': '[g]\nh1.x k=1 a=line\n[g]\nh1.x  a=again\nh2.x\n[g:vars]\na=ini\n',
    'inventories/t/c/g.yml': '\na: group\n',
    'inventories/t/c/h1.host.yml': '# the host\na: host\n',
  });

  it('keeps every setting of a variable with its layer and place, the highest first', () => {
    const { value, settings } = hostOf(inventory, 'h1.x').vars.get('a')!;
    expect(value).toBe('host');
    expect(
      settings.map(({ layer, value, place }) => [
        layer,
        value,
        `${place?.file}:${place?.line}:${place?.column}`,
      ]),
    ).toEqual([
      ['host', 'host', 'inventories/t/c/h1.host.yml:2:1'],
      ['inventory host vars', 'again', 'inventories/t/c.ini:4:7'],
      ['inventory host vars', 'line', 'inventories/t/c.ini:2:10'],
      ['group', 'group', 'inventories/t/c/g.yml:2:1'],
      ['cluster', 'cluster', 'inventories/t/c.yml:2:1'],
      ['type defaults', 'type', 'inventories/t/_default.yml:2:1'],
      ['fleet defaults', 'fleet', 'inventories/_default.yml:1:1'],
      ['inventory group vars', 'ini', 'inventories/t/c.ini:7:1'],
    ]);
    expect(hostOf(inventory, 'h2.x').vars.get('a')!.value).toBe('group');
  });

  it('sets what khp sets', () => {
    const { vars, groupNames, place } = hostOf(inventory, 'h1.x');
    const values = Object.fromEntries([...vars].map(([name, { value }]) => [name, plain(value)]));
    expect(values).toEqual({
      a: 'host',
      ansible_facts: {},
      b: 'x',
      k: 1,
      cluster: 'c',
      cluster_type: 't',
      release: '1.0',
      khp_release: { release: '1.0', components: { web: { version: '2.4' } } },
      groups: { all: ['h1.x', 'h2.x'], ungrouped: [], g: ['h1.x', 'h2.x'] },
      group_names: ['g'],
      inventory_hostname: 'h1.x',
      inventory_hostname_short: 'h1',
    });
    expect(vars.size).toBe(Object.keys(values).length);
    expect(groupNames).toEqual(['g']);
    expect(place).toMatchObject({ file: 'inventories/t/c.ini', line: 2, column: 1 });
    expect(vars.get('release')!.settings.map(({ layer }) => layer)).toEqual(['khp', 'cluster']);
  });
});

it('lists the hosts of groups breadth first, in order of declaration', () => {
  const { clusters } = inventoryOf({
    'inventories/t/c.ini': `[top:children]
b
a
[a]
h3
h2
[b]
h4
[a:children]
deep
[b:children]
deeper
[deep]
h1
h2
[deeper]
h0
h4
[top]
h9
`,
  });
  const [cluster] = clusters;
  expect(cluster!.groups.get('top')).toEqual(['h9', 'h3', 'h2', 'h4', 'h1', 'h0']);
  expect(cluster!.groups.get('all')).toEqual(['h9', 'h3', 'h2', 'h4', 'h1', 'h0']);
  expect(cluster!.hosts.map(({ host }) => host)).toEqual(['h3', 'h2', 'h4', 'h1', 'h0', 'h9']);
  expect(cluster!.children.get('top')).toEqual(['a', 'b']);
  expect(cluster!.ownHosts.get('top')).toEqual(['h9']);
  expect(hostOf({ clusters }, 'h2').groupNames).toEqual(['a', 'deep', 'top']);
});

it('gives a host file to the host that it names, not to one that it begins', () => {
  const inventory = inventoryOf({
    'inventories/t/c.ini': 'a\na.b\nc.d\n10.0.0.1\n',
    'inventories/t/c/a.host.yml': 'v: 1\n',
    'inventories/t/c/c.host.yml': 'v: 2\n',
  });
  const values = ['a', 'a.b', 'c.d'].map((host) => hostOf(inventory, host).vars.get('v')?.value);
  expect(values).toEqual([1, undefined, 2]);
  expect(hostOf(inventory, '10.0.0.1').vars.get('inventory_hostname_short')!.value).toBe('10.0.0.1');
});

it('shares the variables of hosts with the same groups', () => {
  const { clusters } = inventoryOf({ 'inventories/t/c.ini': '[g]\nh[1:3]\n[k]\nh3\n' });
  const [h1, h2, h3] = clusters[0]!.hosts.map(({ vars }) => vars as HostVariables);
  expect(h1!.shared).toBe(h2!.shared);
  expect(h1!.shared).not.toBe(h3!.shared);
  expect([...h1!.own.keys()]).toEqual(['inventory_hostname', 'inventory_hostname_short']);
});
