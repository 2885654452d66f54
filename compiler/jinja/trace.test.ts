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
