import { expect, it } from 'vitest';
import { load } from '../1-load/load.ts';
import { resolve } from '../2-resolve/resolve.ts';
import { componentScope } from './host-scope.ts';

it('has what a host sets to null before what a default says', () => {
  const files = {
    'inventories/t/c.yml': 'release: r\nset: ~\n',
    'inventories/t/c.ini': '[g]\nh\n',
    'releases/r.yml': 'release: r\ncomponents: { x: { version: "1" } }\n',
    'templates/x/component.yml': 'component: x\nroles: { g: {} }\nfiles: []\n',
    'templates/x/defaults.yml': 'set: default\nunset: default\n',
  };
  const bytes = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  const { value: workspace } = load(new Map(bytes));
  const [cluster] = resolve(workspace).value.clusters;
  const scope = componentScope(cluster!.hosts[0]!, workspace.components.get('x')!, workspace);
  expect([scope.get('set'), scope.get('unset'), scope.get('nowhere')]).toEqual([null, 'default', undefined]);
});
