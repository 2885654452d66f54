import { expect, test } from 'vitest';
import type { Format } from '../../1-load/component.ts';
import { checkFormat } from './check-format.ts';

const GOOD: [Format, string][] = [
  [
    'xml',
    '<?xml version="1.0"?>\n<!-- c -->\n<configuration><property><name>a</name></property></configuration>\n',
  ],
  ['xml', '<a b="c">&lt;&amp;&#x41;</a>'],
  ['json', '{"a": [1, 2.5, null]}\n'],
  ['yaml', 'a: 1\nb: [x, y]\n---\nc: {}\n'],
  ['ini', '# c\ntop = 1\n[a]\nk: v\n  continued\n; c\nk2=\n'],
  [
    'properties',
    '# c\n! c\na=1\nb : 2\nspark.x   y z\nlong = a,\\\n   b\npath=C\\:\\\\users\nu=\\u00e9\na=2\n',
  ],
  ['text', '<&{'],
];

test.each(GOOD)('%s accepts %j', (format, text) => {
  expect(checkFormat(text, format)).toBeUndefined();
});

const BAD: [Format, string, number, number, RegExp][] = [
  ['xml', '<a>\n  <b>\n</a>\n', 3, 4, /unexpected close tag|unmatched/i],
  ['xml', '<a>1 & 2</a>', 1, 6, /bare "&"/],
  ['xml', '<a>&unknown;</a>', 1, 4, /entity/i],
  ['xml', '', 1, 1, /root element/i],
  ['xml', '<a></a><b></b>', 1, 10, /root|outside|text/i],
  ['xml', '\n<?xml version="1.0"?><a/>', 2, 6, /declaration/i],
  ['xml', '<!DOCTYPE a [<!ENTITY x "y">]>\n<a/>', 1, 30, /document type/],
  ['json', '{"a": 1,\n}', 2, 1, /property name|JSON/i],
  ['json', '{"a": ', 1, 7, /end of JSON/i],
  ['yaml', 'a: 1\n b: 2\n', 1, 4, /./],
  ['yaml', 'a: 1\na: 2\n', 2, 1, /unique/i],
  ['ini', '[a]\nk = v\nnonsense\n', 3, 1, /neither/],
  ['ini', '[]\n', 1, 1, /neither/],
  ['properties', 'a=1\nb=\\u12\n', 2, 1, /escape/],
  ['properties', 'a=1\n\nlonely\n', 3, 1, /lonely/],
];

test.each(BAD)('%s refuses %j', (format, text, line, column, message) => {
  const problem = checkFormat(text, format);
  expect(problem?.message).toMatch(message);
  expect({ line: problem?.line, column: problem?.column }).toEqual({ line, column });
});
