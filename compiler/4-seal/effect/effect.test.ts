import { expect, test } from 'vitest';
import type { Format } from '../../1-load/component.ts';
import { effectOf } from './effect.ts';

const property = (name: string, value: string) =>
  `<property><name>${name}</name><value>${value}</value></property>`;
const conf = (...parts: string[]) => `<configuration>${parts.join('')}</configuration>`;

const SAME: [Format, string, string][] = [
  [
    'xml',
    conf(property('a', '1')),
    `<?xml version="1.0"?>\n<!-- c -->\n${conf('\n  ', property('a', '1'), '\n')}\n`,
  ],
  ['xml', conf(property('a', '1'), property('b', '2')), conf(property('b', '2'), property('a', '1'))],
  ['xml', '<a x="1" y="2"/>', "<a y='2' x='1'></a>"],
  ['xml', '<a>12</a>', '<a>1<!-- c -->2</a>'],
  ['xml', '<a>&lt;</a>', '<a><![CDATA[<]]></a>'],
  ['json', '{"a": 1, "b": [1, 2]}', '{\n"b":[1,2],"a":1}'],
  ['yaml', 'a: 1\nb: [x]\n', '# c\nb:\n  - x\na: 1 # c\n'],
  ['ini', '[a]\nx = 1\ny=2\n[b]\n', '; c\n[b]\n[a]\ny=2\nx: 1\n'],
  ['properties', 'a=1\nb = 2\n', '# c\nb: 2\n\na 1\n'],
  ['properties', 'a=1,2\n', 'a=1,\\\n   2\n'],
];

test.each(SAME)('%s: %j means the same as %j', (format, a, b) => {
  expect(effectOf(a, format)).toBe(effectOf(b, format));
});

const DIFFERENT: [Format, string, string][] = [
  ['xml', conf(property('a', '1')), conf(property('a', '2'))],
  ['xml', conf(property('a', '1')), conf(property('a', ' 1'))],
  ['xml', conf(property('a', '')), conf(property('a', ' '))],
  ['xml', conf(property('a', '1'), property('a', '2')), conf(property('a', '2'), property('a', '1'))],
  [
    'xml',
    conf(property('a', '1'), '<x/>', property('b', '2')),
    conf(property('b', '2'), '<x/>', property('a', '1')),
  ],
  ['xml', '<allocations><a/><b/></allocations>', '<allocations><b/><a/></allocations>'],
  ['xml', '<a>text<b/></a>', '<a><b/>text</a>'],
  ['json', '{"a": 1}', '{"a": "1"}'],
  ['json', '{"a": [1, 2]}', '{"a": [2, 1]}'],
  ['json', '{"a": 1, "a": 2}', '{"a": 2, "a": 1}'],
  ['yaml', 'a: yes\n', 'a: "yes"\n'],
  ['yaml', 'a: 1\n', 'a: !!str 1\n'],
  ['yaml', 'a: &x 1\nb: *x\n', 'a: &x 1\nb: 1\n'],
  ['ini', '[a]\nx=1\n', '[b]\nx=1\n'],
  ['ini', 'x=1\nx=2\n', 'x=2\nx=1\n'],
  ['properties', 'a=1\na=2\n', 'a=2\na=1\n'],
  ['properties', 'a=1 \n', 'a=1\n'],
  ['text', 'a\nb\n', 'b\na\n'],
  ['text', '# c\n', ''],
];

test.each(DIFFERENT)('%s: %j does not mean the same as %j', (format, a, b) => {
  expect(effectOf(a, format)).not.toBe(effectOf(b, format));
});

test('a bomb of aliases costs no more than its text', () => {
  const levels = Array.from({ length: 40 }, (_, i) => `l${i + 1}: &l${i + 1} [*l${i}, *l${i}]`);
  expect(effectOf(['l0: &l0 [x]', ...levels].join('\n'), 'yaml')).toMatch(/^[0-9a-f]{64}$/);
});
