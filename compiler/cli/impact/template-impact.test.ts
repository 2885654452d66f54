import { expect, test } from 'vitest';
import { subjectOf } from '../explain/subject.ts';
import { impactOf } from './impact.ts';
import { ImpactIndex } from './impact-index.ts';

const BASE = {
  'khp.yml': 'paths: [/etc]\n',
  'inventories/t/c.yml': 'release: r\nport: 1\n',
  'inventories/t/c.ini': '[web]\nh1\n',
  'releases/r.yml': 'release: r\ncomponents:\n  app: { version: "1" }\n',
  'releases/r.md': '',
  'templates/app/component.yml':
    'component: app\nroles: { web: {} }\nfiles:\n  - { template: a.j2, path: /etc/a }\n',
};
const bytes = new TextEncoder();

/** For each line of a template whether an alteration of its value reaches the file. */
function reachedLines(template: string, main = template): boolean[] {
  const files = { ...BASE, 'templates/app/part.j2': template, 'templates/app/a.j2': main };
  const subject = subjectOf(new Map(Object.entries(files).map(([path, text]) => [path, bytes.encode(text)])));
  const index = new ImpactIndex(subject, () => true);
  const file = `templates/app/${main === template ? 'a' : 'part'}.j2`;
  return template
    .replace(/\n$/, '')
    .split('\n')
    .map((_, at) => {
      const { value } = impactOf(subject, index, { file, line: at + 1 });
      return value.files().size > 0;
    });
}

test.each<[string, boolean[]]>([
  ['{# a\n  note #}\n{{ port }}\n', [false, false, true]],
  // What opens no comment.
  ['{% raw %}n=${#arr[@]}{% endraw %}\n{% if port == 1 %}\none\n{% endif %}\n', [true, true, true, true]],
  ["{{ '{#' }}\n{% if port == 1 %}one{% endif %}\n", [true, true]],
  [
    '#jinja2: comment_start_string: "<#", comment_end_string: "#>"\n{#\n{% if port == 1 %}x{% endif %}\n',
    [true, true, true],
  ],
  [
    '#jinja2: comment_start_string: "<#", comment_end_string: "#>"\n<#\na\n#>\n{{ port }}\n',
    [true, true, false, true, true],
  ],
  // What is written in front of a comment and behind it.
  ['a {# b\nc\nd #} e\n', [true, false, true]],
  ['{# b #}{{ port }}\n', [true]],
  ['{% if port == 1 -%}\n\n  a\n{%- endif %}\n', [true, true, true, true]],
])('%j', (template, expected) => {
  expect(reachedLines(template)).toEqual(expected);
});

test('a template that another one includes is read by the header of that', () => {
  const part = '{% if port == 1 %}\none\n{% endif %}\n{{ port }}\ntwo\n';
  expect(reachedLines(part, "{% include 'part.j2' %}")).toEqual([true, true, true, true, true]);
  expect(reachedLines(part, "{% if port == 2 %}{% include 'part.j2' %}{% endif %}")).not.toContain(true);
  const header = '#jinja2: variable_start_string: "[[", variable_end_string: "]]"\n';
  expect(reachedLines(part, `${header}{% include 'part.j2' %}`)).toEqual([true, true, true, true, true]);
  expect(reachedLines('{{ port }}\nx\n', `${header}{% include 'part.j2' %}`)).toEqual([true, true]);
});
