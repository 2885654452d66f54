import { expect, test } from 'vitest';
import { allReads, keyOf, ReadRecorder, readsApart, Templar } from '../ansible.ts';

const VARIABLES = {
  one: 1,
  two: '{{ one + 1 }}',
  low: { a: { x: 1, y: 2 }, b: { x: 3 } },
  high: { a: { y: '{{ one }}' } },
  both: '{{ low | combine(high, recursive=True) }}',
  list: ['{{ two }}', 2],
  broken: { a: '{{ nowhere }}', b: 1 },
  made: { a: "{{ lookup('file', 'data.txt') }}", b: 1 },
  picked: { a: '{{ ports[which] }}', b: 1 },
  ports: { http: 80, rpc: 90 },
  which: 'http',
  named: { a: '{{ same }}-{{ ports.http | string }}', b: 1 },
  same: '{{ one }}',
  counted: { a: '{{ same_list.0 }}', b: 1 },
  same_list: '{{ list }}',
};
const TEXTS = new Map([
  ['t/data.txt', 'x'],
  ['t/main', ''],
  ['t/part', '{{ two }}'],
  ['t/macros', '{% macro m(x) %}{{ x }}{{ one }}{% endmacro %}'],
]);

/** What the rendering of a text reads, each as `kind name path`, but for outputs and the text itself. */
function readsOf(source: string): string[] {
  const recorder = new ReadRecorder();
  const options = { variables: VARIABLES, texts: TEXTS, env: { HOME: '/' } };
  const templar = new Templar({ ...options, record: { recorder, scope: '' } });
  const { value, node } = recorder.run(() => templar.renderFile(source, { name: 't/main' }));
  expect(value).toBe(new Templar(options).renderFile(source, { name: 't/main' }));
  return allReads(node)
    .filter((read) => read.kind !== 'output' && !(read.kind === 'text' && read.path === 't/main'))
    .map((read) =>
      keyOf(read).replaceAll('\u0000string:', ' s').replaceAll('\u0000', ' ').replace(/ {2}/, ' '),
    )
    .sort();
}

test.each<[string, string[]]>([
  ['text', []],
  ['{{ one }}', ['value one']],
  // Through variables that are templates.
  ['{{ two }}', ['value one', 'value two']],
  // A branch that is not taken reads nothing.
  ['{% if one == 2 %}{{ two }}{% endif %}', ['value one']],
  // A part of a mapping, and that it is there.
  ['{{ low.b.x }}', ['presence low', 'presence low sb', 'presence low sb sx', 'value low sb sx']],
  ['{{ low.c is defined }}', ['presence low', 'presence low sc']],
  ['{{ low | length }}', ['keys low', 'presence low']],
  ['{% for k in low %}{{ k }}{% endfor %}', ['keys low', 'presence low']],
  ['{{ nowhere | default(1) }}', ['value nowhere']],
  ['{% set one = 3 %}{{ one }}', []],
  ["{{ lookup('vars', 'one') }}", ['value lookup', 'value one']],
  ["{{ lookup('varnames', 'l.st') }}", ['names ', 'value lookup']],
  ["{{ lookup('env', 'HOME') }}", ['env HOME', 'value lookup']],
  ["{% include 'part' %}", ['absent t/templates/part', 'text t/part', 'value one', 'value two']],
  [
    "{% from 'macros' import m with context %}{{ m(2) }}",
    ['absent t/templates/macros', 'text t/macros', 'value one'],
  ],
  [
    "{% include 'none' ignore missing %}",
    ['absent none', 'absent t/none', 'absent t/templates/none', 'absent templates/none'],
  ],
  ['{{ list[1] }}', ['value list', 'value one', 'value two']],
  ['{{ ansible_managed }}', ['managed', 'value ansible_managed']],
])('%s reads %j', (source, expected) => {
  expect(readsOf(source)).toEqual(expected);
});

test('a merge depends on what is used of it, even through the text that it becomes', () => {
  const values = (source: string) => readsOf(source).filter((read) => read.startsWith('value'));
  expect(values('{{ both.a.x }}')).toEqual(['value both', 'value low sa sx']);
  expect(values('{{ both.a.y }}')).toEqual(['value both', 'value high sa sy', 'value one']);
  expect(values('{{ both }}')).toEqual([
    'value both',
    'value high sa sy',
    'value low sa sx',
    'value low sb sx',
    'value one',
  ]);
});

test('who uses a part of a mapping that went through its text depends on what can be read back of the others', () => {
  const literals = (source: string) => readsOf(source).filter((read) => read.startsWith('literal'));
  expect(literals('{{ both.a.x }}')).toEqual([
    'literal high sa sy',
    'literal low',
    'literal low sa',
    'literal low sa sx',
    'literal low sb',
    'literal low sb sx',
    'literal one',
  ]);
  expect(literals('{{ low.a.x }}')).toEqual([]);
});

test('a mapping of which one part cannot be evaluated is undefined as a whole', () => {
  const reads = (name: string) =>
    readsOf(`{{ ${name}.b | default(7) }}`).filter(
      (read) => !/^absent|^value lookup/.test(read) && !read.includes(` ${name}`),
    );
  expect(reads('broken')).toEqual(['value nowhere']);
  expect(reads('made')).toEqual(['text t/data.txt']);
  // What picks a part decides whether there is one; what is only named counts but in that it is there.
  expect(reads('picked')).toEqual([
    'presence ports',
    'presence ports shttp',
    'value ports shttp',
    'value which',
  ]);
  expect(reads('named')).toEqual([
    'evaluable one',
    'evaluable ports shttp',
    'evaluable same',
    'presence ports',
    'presence ports shttp',
  ]);
  expect(reads('counted')).toEqual(['value list', 'value one', 'value same_list', 'value two']);
});

test('what only decides whether a variable is true is apart', () => {
  const recorder = new ReadRecorder();
  const variables = { ...VARIABLES, is: "{{ two == '2' and not_at_all is undefined }}", flag: true };
  const templar = new Templar({ variables, texts: TEXTS, env: {}, record: { recorder, scope: '' } });
  const apart = (source: string) => {
    const { direct, switches } = readsApart(
      recorder.run(() => templar.renderFile(source, { name: 't/main' })).node,
    );
    const names = (reads: ReadonlyMap<string, unknown>) =>
      [...reads.keys()].filter((key) => key.startsWith('value')).map((key) => key.split('\u0000')[2]);
    return [names(direct), ...switches.map(({ results, reads }) => [...results, ...names(reads)])];
  };
  expect(apart('{{ is }}')).toEqual([[], [true, 'is', 'two', 'not_at_all', 'one']]);
  expect(apart('{{ is }}{{ one }}')).toEqual([['one'], [true, 'is', 'two', 'not_at_all', 'one']]);
  expect(apart('{{ flag }}{{ two }}')).toEqual([['flag', 'two', 'one']]);
});

test('a variable that comes out true and false in one render has the reads of both', () => {
  const recorder = new ReadRecorder();
  const variables = { one: 1, two: 2, is: "{{ (which == 'a' and one > 1) or (which == 'b' and two > 1) }}" };
  const texts = new Map([['t/inner', '{{ is }}']]);
  const templar = new Templar({ variables, texts, env: {}, record: { recorder, scope: '' } });
  const inner = (which: string) => `{{ lookup('template', 'inner', template_vars={'which': '${which}'}) }}`;
  const source = inner('a') + inner('b');
  const { switches } = readsApart(recorder.run(() => templar.renderFile(source, { name: 't/main' })).node);
  expect(switches.map(({ results, reads }) => [results, [...reads.keys()]])).toEqual([
    [[false, true], ['is', 'which', 'one', 'two'].map((name) => `value\u0000\u0000${name}`)],
  ]);
});

test('a variable that fails was read, for who ignores the error of a lookup goes on', () => {
  const recorder = new ReadRecorder();
  const variables = { fails: { a: '{{ reason }}' }, reason: "{{ lookup('file', name) }}", name: 'none' };
  const templar = new Templar({ variables, texts: new Map(), env: {}, record: { recorder, scope: '' } });
  const source = "{{ lookup('vars', 'fails', errors='ignore') }}";
  const { node } = recorder.run(() => templar.renderFile(source, { name: 't/main' }));
  const values = allReads(node).filter(({ kind }) => kind === 'value');
  expect(values.map((read) => keyOf(read).split('\u0000')[2])).toEqual(['lookup', 'fails', 'reason', 'name']);
});
