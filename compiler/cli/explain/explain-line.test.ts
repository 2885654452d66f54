import { expect, test } from 'vitest';
import { explainFile, filesOf } from './explain-file.ts';
import { fileText } from './file-text.ts';
import { subjectOf, viewsOf } from './subject.ts';

const FILES = {
  'khp.yml': 'env:\n  ZONE: z1\nansible_managed: By khp\n',
  'inventories/t/c.yml':
    'release: r\na: 1\nb: 2\nc: 3\nd: 4\nkey: q\nopts: { x: 10, y: 20 }\nnames: { h1: alpha }\nlist: [p, q]\nempty: ""\n',
  'inventories/t/c.ini': '[web]\nh1 rack=/r1\nh2 rack=/r2\n',
  'releases/r.yml': 'release: r\ncomponents:\n  app: { version: "1" }\n',
  'releases/r.md': '',
  'templates/app/_t.j2': 'T {{ key }}\n',
  'templates/app/_m.j2':
    "{% set shared = a %}\n{% macro show(x, y=b) %}\n{% if c %}\nx {{ x }}\n{% endif %}\n{% if d %}\ny {{ y }}\n{% endif %}\n{% endmacro %}\n{% macro deep(n) %}\n{% if names['h' ~ n] is defined %}\n{{ n }}\n{% endif %}\n{% if n < 2 %}\n{{ deep(n + 1) }}\n{% endif %}\nback {{ n }}\n{% endmacro %}\n",
  'templates/app/_i.j2': 'included {{ given }}\n',
  'templates/app/_base.j2':
    '{% if a %}\nbase {{ b }}\n{% block body %}\nold {{ c }}\n{% endblock %}\n{% endif %}\n',
};
const bytes = new TextEncoder();

/** What stands below `with:` and behind it, of the first line of a template's text that has a text in it. */
function readBy(
  template: string,
  text: string,
  host = 'h1',
): { names: string[]; unset: readonly string[]; shown: string } {
  const files = {
    ...FILES,
    'templates/app/component.yml':
      'component: app\nroles: { web: {} }\nfiles:\n  - { template: a.j2, path: /etc/a }\n',
    'templates/app/a.j2': template,
  };
  const subject = subjectOf(new Map(Object.entries(files).map(([path, one]) => [path, bytes.encode(one)])));
  const of = subject.inventory.clusters[0]!.hosts.find((one) => one.host === host)!;
  const file = filesOf(viewsOf(subject, of))[0]!;
  const rendered = file.view.templar.renderFile(template, { name: file.template });
  const line = rendered.split('\n').findIndex((one) => (text === '' ? one === '' : one.includes(text))) + 1;
  if (line === 0) throw new Error(`no line with ${text}:\n${rendered}`);
  const explanation = explainFile(subject, file, line)!;
  expect(explanation.line!.writers.length).toBeGreaterThan(0);
  const names = explanation.variables.map(({ variable }) => variable);
  return { names, unset: explanation.unset, shown: fileText(explanation) };
}

test.each<[what: string, template: string, text: string, names: string[]]>([
  [
    'a variable of the host of this turn',
    '{% for x in groups.web %}\n{{ hostvars[x].rack }}\n{% endfor %}\n',
    '/r2',
    ['groups.web', "hostvars['h2'].rack"],
  ],
  [
    'variables that are extracted',
    "{{ groups.web | map('extract', hostvars, 'rack') | join }}\n",
    '/r1/r2',
    ['groups.web', "hostvars['h1'].rack", "hostvars['h2'].rack"],
  ],
  [
    'the entry of this turn of a loop over a mapping',
    '{% for k, v in opts.items() %}\n{{ k }}={{ v }}\n{% endfor %}\n',
    'y=20',
    ['opts.y'],
  ],
  [
    'a mapping of which a loop reads the keys alone',
    '{% for k in opts %}\n{{ k }}{{ "," if not loop.last }}\n{% endfor %}\n',
    'x,',
    ['opts.x', 'opts.y'],
  ],
  ['an entry by a method', "{{ names.get('h1') }}\n", 'alpha', ['names.h1']],
  ['an entry by a name', 'x{{ names[inventory_hostname] }}\n', 'alpha', ['inventory_hostname', 'names.h1']],
  ['a lookup of a computed name', "{{ lookup('vars', 'k' ~ 'ey') }}\n", 'q', ['key']],
  ['the managed text', '# {{ ansible_managed }}\n', 'By khp', ['ansible_managed']],
  ['the environment', "{{ lookup('env', 'ZONE') }}\n", 'z1', ['env.ZONE']],
  ['the keys of a mapping', 'n {{ opts | length }}\n', 'n 2', ['opts.x', 'opts.y']],
  [
    'whether a mapping has an entry',
    "{% if 'z' not in opts %}\nnone\n{% endif %}\n",
    'none',
    ['opts.x', 'opts.y'],
  ],
  [
    'the condition that holds, and none behind it',
    '{% if a == 1 %}\none\n{% elif b %}\ntwo\n{% elif c %}\n{% else %}\n{% endif %}\n',
    'one',
    ['a'],
  ],
  [
    'conditions that do not hold before the one that does',
    '{% if a == 2 %}\none\n{% elif b %}\ntwo\n{% elif c %}\n{% endif %}\n',
    'two',
    ['a', 'b'],
  ],
  [
    'conditions before an else',
    '{% if a == 2 %}\n{% elif b == 1 %}\n{% else %}\nelse\n{% endif %}\n',
    'else',
    ['a', 'b'],
  ],
  [
    'a condition of another turn',
    '{% for n in [1, 2] %}\n{% if n == 1 %}\n{% elif b %}\nn {{ n }}\n{% endif %}\n{% if n == 2 or c %}\nm {{ n }}\n{% endif %}\n{% endfor %}\n',
    'm 2',
    [],
  ],
  ['not what only other lines read', '{% set x = a %}\n{{ x }}\nnext {{ b }}\n', 'next', ['b']],
  [
    'an assignment and what decided it',
    '{% if a == 1 %}\n{% set x = b %}\n{% else %}\n{% set x = c %}\n{% endif %}\nx {{ x }}\n',
    'x 2',
    ['a', 'b'],
  ],
  [
    'a condition that left an assignment out',
    '{% set x = 7 %}\n{% if a == 2 %}\n{% set x = c %}\n{% endif %}\nx {{ x }}\n',
    'x 7',
    ['a'],
  ],
  ['an assignment by way of another', '{% set y = a %}\n{% set x = y + 1 %}\nx {{ x }}\n', 'x 2', ['a']],
  ['an assigned block', '{% set x %}{{ a }}{% endset %}\nx {{ x | trim }}\n', 'x 1', ['a']],
  [
    'a namespace',
    '{% set ns = namespace(n=0) %}\n{% for x in list %}\n{% set ns.n = ns.n + b %}\n{% endfor %}\nn {{ ns.n }}\n',
    'n 4',
    ['b', 'list'],
  ],
  [
    'a list that is added to',
    '{% set all = [] %}\n{% for x in groups.web %}\n{% set _ = all.append(hostvars[x].rack) %}\n{% endfor %}\nall {{ all | join }}\n',
    'all /r1/r2',
    ['groups.web', "hostvars['h1'].rack", "hostvars['h2'].rack"],
  ],
  [
    'a macro: its arguments, defaults, conditions around this line of it',
    "{% from '_m.j2' import show with context %}\n{{ show(a) }}\n",
    'y 2',
    ['a', 'b', 'd'],
  ],
  [
    'a macro that a filter took the text of',
    "{% from '_m.j2' import show with context %}\n{{ show(a) | upper }}\n",
    'X 1',
    ['a', 'b', 'c', 'd'],
  ],
  [
    'a macro as an argument of another',
    "{% from '_m.j2' import show with context %}\n{{ show(show(key, 0) | trim) }}\n",
    'y 2',
    ['b', 'c', 'd', 'key'],
  ],
  ['a macro that calls itself', "{% from '_m.j2' import deep with context %}\n{{ deep(1) }}\n", 'back 1', []],
  [
    'an assignment of an import',
    "{% from '_m.j2' import shared as x with context %}\nx {{ x }}\n",
    'x 1',
    ['a'],
  ],
  [
    'what an include is given',
    "{% set given = a %}\n{% if b %}\n{% include '_i.j2' +%}\n{% endif %}\n",
    'included 1',
    ['a', 'b'],
  ],
  [
    'an include in a loop',
    "{% for given in list %}\n{% include '_i.j2' +%}\n{% endfor %}\n",
    'included q',
    ['list'],
  ],
  [
    'other delimiters',
    "#jinja2: variable_start_string:'<<', variable_end_string:'>>'\n{% if a %}\nb << b >>\n{% endif %}\n",
    'b 2',
    ['a', 'b'],
  ],
  ['an output that wrote nothing', 'b{{ empty }}{{ b }}\n', 'b2', ['b', 'empty']],
  ['an output alone that wrote nothing', '{{ a }}\n{{ empty }}\n{{ b }}\n', '', ['empty']],
  ['an attribute of an import', "{% import '_m.j2' as m with context %}\nx {{ m.shared }}\n", 'x 1', ['a']],
  [
    'a macro of an import',
    "{% import '_m.j2' as m with context %}\n{{ m.show(key) }}\n",
    'x q',
    ['c', 'key'],
  ],
  [
    'a block of a template that another one extends',
    "{% extends '_base.j2' %}\n{% block body %}\n{% if d %}\nnew {{ key }}\n{% endif %}\n{{ super() }}{% endblock %}\n",
    'new q',
    ['a', 'd', 'key'],
  ],
  [
    'a block that is extended',
    "{% extends '_base.j2' %}\n{% block body %}\n{% if d %}\nnew {{ key }}\n{% endif %}\n{{ super() }}{% endblock %}\n",
    'old 3',
    ['a', 'c'],
  ],
  [
    'what stands beside a block',
    "{% extends '_base.j2' %}\n{% block body %}{% endblock %}\n",
    'base 2',
    ['a', 'b'],
  ],
  [
    'a loop without a turn',
    '{% for x in list if x == key and false %}\n{% else %}\nnone\n{% endfor %}\n',
    'none',
    ['key', 'list'],
  ],
  [
    'a part of a mapping that is named like an assignment',
    '{% set y = a %}\n{{ y }}\nx {{ opts.y }}\n',
    'x 20',
    ['opts.y'],
  ],
  [
    'a value that a filter gives by name',
    "{{ names | dictsort | map('last') | join }}\n",
    'alpha',
    ['names.h1'],
  ],
  ['text as it stands', '{% if a %}\nplain\n{% endif %}\nx {{ b }}\n', 'plain', ['a']],
  [
    'a text in a loop that recurses',
    '{% for x in [[a, []]] recursive %}\nr {{ x[0] }}{{ loop(x[1]) if x[1] }}\n{% endfor %}\n',
    'r 1',
    ['a'],
  ],
  [
    'a block with a name',
    '{% with x = a %}\n{% filter upper %}\nf{{ x }}{{ key }}\n{% endfilter %}\n{% endwith %}\n',
    'F1Q',
    ['a', 'key'],
  ],
])('a line tells of %s', (_, template, text, names) => {
  const { names: found, unset } = readBy(template, text);
  expect(found.toSorted()).toEqual(names);
  expect(unset).toEqual([]);
});

test('the text of a lookup is named, and where settings are written', () => {
  const { names, shown } = readBy("{{ lookup('env', 'ZONE') }}{{ lookup('template', '_t.j2') }}\n", 'T q');
  expect(names).toEqual(['key', 'env.ZONE']);
  expect(shown).toContain('\nof the text of: templates/app/_t.j2\nwith:\n');
  expect(shown).toContain('env.ZONE = "z1"  (khp.yml:2:3, settings)\n');
  expect(readBy('# {{ ansible_managed }}\n', '# ').shown).toContain(
    'ansible_managed = "By khp"  (khp.yml:3:1, settings)\n',
  );
});

test('names that a loop sets are no variables of the host', () => {
  const loop =
    '{% for n in [1, 2] %}\n{% set id = n %}\n{% set key = n %}\n{{ id }}{{ key }}\n{% endfor %}\n';
  expect(readBy(loop, '22')).toMatchObject({ names: [], unset: [] });
  const sometimes =
    '{% for n in [1, 2] %}\n{% if n == 2 %}{% set id = n %}{% endif %}\nn{{ n }} {{ id | default("-") }}\n{% endfor %}\n';
  expect(readBy(sometimes, 'n1')).toMatchObject({ names: [], unset: ['id'] });
  expect(readBy(sometimes, 'n2')).toMatchObject({ names: [], unset: [] });
});

test('what another host lacks is told', () => {
  const { unset } = readBy(
    "{% for x in groups.web %}\n{{ x }} {{ hostvars[x].nope | default('-') }}\n{% endfor %}\n",
    'h2',
  );
  expect(unset).toEqual(["hostvars['h2'].nope"]);
});
