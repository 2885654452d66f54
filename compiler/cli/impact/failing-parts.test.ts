import { expect, test } from 'vitest';
import { subjectOf } from '../explain/subject.ts';
import { impactOf } from './impact.ts';
import { ImpactIndex } from './impact-index.ts';
import type { Reach } from './reach.ts';

const FILES = {
  'khp.yml': 'paths: [/etc]\n',
  'inventories/_default.yml': [
    'ports: { http: 1, rpc: 2 }',
    'picked: { a: "{{ ports[which] }}", b: 1 }',
    'read:',
    "  a: \"{{ lookup('file', 'data.txt') | from_json }}\"",
    '  b: 1',
    'named: { a: "{{ which }}", b: 1 }',
    'fails: { a: "{{ nowhere }}", b: 1 }',
    '',
  ].join('\n'),
  'inventories/t/c.yml': 'release: r\n',
  'inventories/t/c.ini': '[web]\nh1\n[web:vars]\nwhich=http\n',
  'releases/r.yml': 'release: r\ncomponents:\n  app: { version: "1" }\n',
  'releases/r.md': '',
  'templates/app/component.yml': [
    'component: app',
    'roles: { web: {} }',
    'files:',
    ...['picked', 'read', 'named', 'fails'].map((name) => `  - { template: ${name}.j2, path: /etc/${name} }`),
    '',
  ].join('\n'),
  'templates/app/picked.j2': '{{ picked.b | default("-") }}\n',
  'templates/app/read.j2': '{{ read.b | default("-") }}\n',
  'templates/app/data.txt': '{"a":1}\n',
  'templates/app/named.j2': '{{ named.b | default("-") }}\n',
  'templates/app/fails.j2': '{{ fails.b | default("-") }}\n',
};
const bytes = new TextEncoder();
const subject = subjectOf(new Map(Object.entries(FILES).map(([path, text]) => [path, bytes.encode(text)])));
const index = new ImpactIndex(subject, () => true);

function shown(reach: Reach): string {
  return Array.from(reach.files().keys(), (path) => path.slice(5)).join(' ');
}

// A mapping is undefined where a part of it is, for those too that read other parts.
test.each<[string, string, string]>([
  ['inventories/t/c.ini:4', 'picked', 'named picked'],
  ['templates/app/data.txt:1', 'read', 'read'],
  // A name in a template may be mistyped; who alters what is no template makes none of it but by any edit.
  ['inventories/_default.yml:4', 'read', 'read'],
  ['inventories/_default.yml:5', 'read', 'read'],
  // A line below the one before would be a part of its mapping.
  ['inventories/_default.yml:6', 'named', 'named read'],
  // What is undefined now may be there then.
  ['inventories/_default.yml:7', 'fails', 'fails'],
])('%s reaches by its value "%s", by any edit "%s"', (at, value, line) => {
  const [file, number] = at.split(':') as [string, string];
  const impact = impactOf(subject, index, { file, line: Number(number) });
  expect({ value: shown(impact.value), line: shown(impact.line) }).toEqual({ value, line });
});
