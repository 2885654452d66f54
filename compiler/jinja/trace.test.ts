import { expect, test } from 'vitest';
import { DictLoader, Environment, placeOfOffset, readTrace } from './jinja.ts';

const SOURCES = {
  main: '{% import "m" as m %}\n<a>\n{% for x in xs %}\n  <b>{{ x }}</b>\n{% endfor %}\n{% include "part" %}\n{{ m.tag("c") }}\n</a>\n',
  part: '<!-- part of\n  {{ xs | length }} -->',
  m: '{% macro tag(name) %}<{{ name }}/>{% endmacro %}',
};

/** The place that wrote a text of the output: `template:line:column`. */
function placeOf(needle: string): string {
  const options = { trimBlocks: true, loader: new DictLoader(SOURCES) };
  const plain = new Environment(options).getTemplate('main').render({ xs: [1, 2] });
  const marked = new Environment({ ...options, traced: true }).getTemplate('main').render({ xs: [1, 2] });
  const traced = readTrace(marked);
  expect(traced.text).toBe(plain);
  const { template, line, column } = placeOfOffset(traced, plain.indexOf(needle))!;
  return `${template}:${line}:${column}`;
}

test.each([
  ['<a>', 'main:2:1'],
  ['1</b>', 'main:4:9'],
  ['2</b>', 'main:4:9'],
  ['</b>', 'main:4:13'],
  ['<!--', 'part:1:1'],
  ['2 -->', 'part:2:11'],
  ['c/>', 'm:1:26'],
  ['</a>', 'main:8:1'],
  ['of\n', 'part:1:11'],
])('%j was written at %s', (needle, place) => {
  expect(placeOf(needle)).toBe(place);
});

/** What a template's traced render gives, and whether it is that of a plain one. */
function traceOf(source: string) {
  const options = { trimBlocks: true, loader: new DictLoader({ ...SOURCES, main: source }) };
  const render = (traced: boolean) =>
    new Environment({ ...options, traced }).getTemplate('main').render({ xs: ['<'] });
  const traced = readTrace(render(true));
  return { traced, plain: render(false) };
}

test.each([
  '{% set x %}\n{{ xs[0] }}\n{% endset %}{{ x | trim }}{% if x == "<\\n" %}same{% endif %}',
  '{% set x | upper %}a{{ xs[0] }}{% endset %}{{ x }}',
  '{% set x %}{% for y in [] %}{{ y }}{% endfor %}{% if no %}{{ no }}{% endif %}{{ "" }}{% endset %}{{ "some" if x }}',
  '{% filter escape %}{% import "m" as m %}{{ m.tag("c") }}{{ xs[0] }}{% endfilter %}',
  '{% import "m" as m %}{{ m.tag("c") | e }} {{ m.tag("c") | length }} {{ (m.tag("c") ~ "d") | replace("c", "") | urlencode }}',
  '{% import "m" as m %}{{ [m.tag("c")] | join(",") | upper }}',
])('%j is the same with marks', (source) => {
  const { traced, plain } = traceOf(source);
  expect(traced.text).toBe(plain);
});

test('a text that was set is written where it is printed', () => {
  const { traced } = traceOf('{% set x %}\n{{ xs[0] }}\n{% endset %}\n<a>{{ x | e }}</a>');
  expect(placeOfOffset(traced, traced.text.indexOf('&lt;'))).toEqual({
    template: 'main',
    line: 4,
    column: 11,
  });
});

test.each([
  // A filter makes another text of a block, which the statement writes.
  [
    'a\n{% filter upper %}\nb\n{{ xs[0] }} c\n{% endfilter %}\nd',
    { B: 'main:2:4', C: 'main:2:4', d: 'main:6:1' },
  ],
  [
    '{% macro twice() %}\n{{ caller() }}{{ caller() }}/\n{% endmacro %}\n{% call twice() %}\nb\n{% endcall %}\nd',
    { b: 'main:5:1', '/': 'main:2:29', d: 'main:7:1' },
  ],
])('what the statements of %j write', (source, places) => {
  const { traced, plain } = traceOf(source);
  expect(traced.text).toBe(plain);
  const found = Object.keys(places).map((needle) => {
    const { template, line, column } = placeOfOffset(traced, plain.indexOf(needle))!;
    return [needle, `${template}:${line}:${column}`];
  });
  expect(Object.fromEntries(found)).toEqual(places);
});

test('a mark that was changed stays in the text', () => {
  const changed = '\u{F1CE0}[&#34;main&#34;,1,2,false]\u{F1CE1}text';
  expect(readTrace(changed)).toEqual({ text: changed, pieces: [] });
});

test('a part of the output of another one tells which', () => {
  const { traced } = traceOf('{% import "m" as m %}{{ m.tag(xs[0]) }}{{ "x" }}{{ m.tag(m.tag("y")) }}z');
  const around = (needle: string) => {
    const { pieces, text } = traced;
    const found = pieces.findLast(({ offset }) => offset <= text.indexOf(needle))!;
    const outer = found.within === undefined ? undefined : pieces[found.within]!;
    return [found.column, outer?.column];
  };
  expect(traced.text).toBe('<</>x<<y/>/>z');
  expect(['/>x', 'x', 'y', 'z'].map(around)).toEqual([
    [33, 27],
    [43, undefined],
    [26, 26],
    [72, undefined],
  ]);
});
