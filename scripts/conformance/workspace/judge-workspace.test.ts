import { expect, test } from 'vitest';
import { judgeWorkspace } from './judge-workspace.ts';
import { renderWorkspaceCase } from './render-workspace-case.ts';

/** A variable that needs itself, read through `hostvars` behind something that is undefined. */
const LOOP = {
  id: 0,
  files: {
    'khp.yml': 'paths: [/etc]\n',
    'inventories/t/k.yml': 'release: r\nm1: { x: "{{ nowhere }}", y: "{{ m1.z }}" }\n',
    'inventories/t/k.ini': '[g1]\na1\n',
    'releases/r.yml': 'release: r\ncomponents: { c: { version: "1" } }\n',
    'templates/c/component.yml':
      'component: c\nroles: { g1: {} }\nfiles:\n  - { template: one.j2, path: /etc/c/one, owner: root, group: root, mode: "0644" }\n',
    'templates/c/one.j2': '{{ hostvars["a1"].m1 | default({}) | to_json }}\n',
  },
};

test('a loop that is refused is explained where Ansible writes a template into the file, and nowhere else', () => {
  const actual = renderWorkspaceCase(LOOP);
  const judged = (text: string) => {
    const expected = { id: 0, rendered: { 'a1:/etc/c/one': text } };
    return judgeWorkspace({ expected, again: expected, actual });
  };
  // As ansible-core 2.18 renders it.
  expect(judged('{"x": "{{ nowhere }}", "y": "{{ m1.z }}"}\n')).toMatchObject({ is: 'explained' });
  expect(judged('{"x": "", "y": ""}\n')).toMatchObject({ is: 'different' });
});
