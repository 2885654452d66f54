import { expect, test } from 'vitest';
import { subjectOf } from '../explain/subject.ts';
import { impactOf } from './impact.ts';
import { ImpactIndex } from './impact-index.ts';
import { impactJson, impactText } from './impact-text.ts';
import type { Reach } from './reach.ts';

const FILES = {
  'inventories/_default.yml': 'size: 1\nlist: [a]\nplain: one\nplainly: true\npair:\n  x: 1\n',
  'inventories/t/c.yml': 'release: r\nsize: 2\n',
  'inventories/t/c.ini': '[web]\nh1.x\nh2.x\n',
  'inventories/t/d.yml': 'release: r\n',
  'inventories/t/d.ini': '[web]\nh3.x\n',
  'releases/r.yml': 'release: r\ncomponents: { app: { version: "1" } }\n',
  'templates/app/component.yml':
    'component: app\nroles: { web: {} }\nfiles:\n  - { template: a.j2, path: /etc/a }\n  - { template: b.j2, path: /etc/b }\n  - { template: c.j2, path: /etc/c }\n',
  'templates/app/defaults.yml':
    'big: "{{ size > 1 }}"\nbigger: "{{ big and size > 9 }}"\nfirst: "{{ pair.x == 1 }}"\nfull: "{{ pair | length > 0 }}"\n',
  'templates/app/a.j2': '{% if bigger or plainly %}{{ plain }}{% endif %}\n',
  'templates/app/b.j2': '{{ size }}{% if big %}{{ list | first }}{% endif %}\n',
  'templates/app/c.j2': '{{ first }} {{ full }}\n',
};
const bytes = new TextEncoder();
const subject = subjectOf(new Map(Object.entries(FILES).map(([path, text]) => [path, bytes.encode(text)])));
const index = new ImpactIndex(subject, () => true);

function impactAt(at: string) {
  const [file, line] = at.split(':') as [string, string];
  return impactOf(subject, index, { file, line: Number(line) });
}

/** `a: h1 h2`, for each file that is reached in any case. */
function shown(reach: Reach): string {
  const parts = [...reach.files()].map(
    ([path, hosts]) => `${path.slice(5)}: ${hosts.map(({ host }) => host.slice(0, 2)).join(' ')}`,
  );
  return parts.join(', ');
}

test.each([
  // Through two of them it is the one that the file asks for; a file that shows the value is reached in any case.
  ['inventories/t/c.yml:2', 'b: h1 h2', { bigger: 'a: h1 h2' }],
  ['templates/app/defaults.yml:1', '', { big: 'b: h1 h2 h3', bigger: 'a: h1 h2 h3' }],
  // What is written as true comes out differently wherever it is altered.
  ['inventories/_default.yml:4', 'a: h1 h2 h3', {}],
  ['inventories/_default.yml:2', 'b: h1 h2', {}],
])('what is decided by whether a variable is true is told apart: %s', (at, value, decided) => {
  const reach = impactAt(at).value;
  const found = reach.byDecision().map(({ variables, reach: one }) => [variables.join(), shown(one)]);
  expect({ value: shown(reach), decided: Object.fromEntries(found) }).toEqual({ value, decided });
});

test('who reads it is told what decides', () => {
  const at = { file: 'templates/app/defaults.yml', line: 1 };
  const impact = impactAt(`${at.file}:${at.line}`);
  const text = impactText(at, impact);
  expect(text).toContain('its value altered: reaches nothing in any case\n');
  expect(text).toContain(
    '  only where `big` comes out differently: 3 files on 3 hosts of 2 clusters\n    /etc/b  ',
  );
  const { value } = JSON.parse(impactJson(at, impact)) as { value: { decided: object[] } };
  expect(value).toMatchObject({ files: [], manifests: [], whole: [] });
  const hosts = ['t/c/h1.x', 't/c/h2.x', 't/d/h3.x'];
  expect(value.decided[0]).toEqual({ variables: ['big'], files: [{ path: '/etc/b', hosts }], manifests: [] });
});

test('an edit that reaches no more by more that it decides is told of', () => {
  const at = { file: 'inventories/_default.yml', line: 6 };
  const text = impactText(at, impactAt(`${at.file}:${at.line}`));
  const [value, edit] = text.split('\n\n').slice(1) as [string, string];
  expect(value).toContain('  only where `first` comes out differently: 3 files');
  expect(edit).toMatch(/^removed, .*: reaches nothing in any case\n/);
  expect(edit).toContain('  only where `first` or `full` comes out differently: 3 files');
});
