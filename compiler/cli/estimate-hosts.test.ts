import { expect, test } from 'vitest';
import { estimateHosts } from './estimate-hosts.ts';

test('hosts are counted by lines and ranges, whatever their names', () => {
  const ini = '# comment\n[g]\nh1\nh2.example.com x=1\n\nh[3:10]\nrack[1:2]-h[01:10].example.com\n';
  const yaml = 'all:\n  hosts:\n    h[1:50]:\n';
  const files = new Map([
    ['inventories/t/c.ini', Buffer.from(ini)],
    ['inventories/t/d.hosts.yml', Buffer.from(yaml)],
    ['inventories/t/c/h1.host.yml', Buffer.from('a: 1\nb: 2\n')],
  ]);
  const of = (...paths: string[]) => estimateHosts(paths, files);
  expect(of('inventories/t/c.ini', 'inventories/t/c/h1.host.yml')).toBe(30);
  expect(of('inventories/t/d.hosts.yml')).toBeCloseTo(50, -1);
});
