import { expect, test } from 'vitest';
import { compile } from '../../compile.ts';
import { RenderMemo } from './render-memo.ts';

test('what is asked of hosts is told whatever they and their variables are named', () => {
  const files = {
    'inventories/t/c.ini': '[app]\nconstructor\nh2\n',
    'inventories/t/c.yml': 'release: r1\n',
    'inventories/t/c/constructor.host.yml': 'rack: 1\n__proto__: 2\n',
    'khp.yml': 'paths: [/etc]\n',
    'releases/r1.yml': 'release: r1\ncomponents:\n  app: { version: "1" }\n',
    'templates/app/component.yml':
      'component: app\nroles: { app: {} }\nfiles:\n  - { template: f.j2, path: /etc/f }\n',
    'templates/app/f.j2': "{{ hostvars['constructor'].rack }} {{ hostvars['constructor']['__proto__'] }}\n",
  };
  const input = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
  const memo = new RenderMemo();
  const { value, diagnostics } = compile({ files: input, diagnostics: [] }, { memo });
  expect(diagnostics).toEqual([]);
  expect(Buffer.from(value.bundles[1]!.files.get('/etc/f')!).toString()).toBe('1 2\n');
  const { constructor: asked } = JSON.parse(JSON.stringify(memo.cluster!.askedOfHosts()));
  expect(Object.keys(asked).sort()).toEqual(['__proto__', 'rack']);
});
