import { expect, it } from 'vitest';
import { eachLine } from './source-lines.ts';

it.each([
  ['', []],
  ['a', [['a', 1, 1]]],
  [
    'a\n\n  b \r\n\tc',
    [
      ['a', 1, 1],
      ['', 2, 1],
      ['b', 3, 3],
      ['c', 4, 2],
    ],
  ],
  ['a\n', [['a', 1, 1]]],
  // Python splits at more characters than an editor: the pieces share a line.
  [
    'a\u2028 b\vc\nd\re',
    [
      ['a', 1, 1],
      ['b', 1, 4],
      ['c', 1, 6],
      ['d', 2, 1],
      ['e', 3, 1],
    ],
  ],
  ['\u00a0a\u3000', [['a', 1, 2]]],
])('%j', (source, expected) => {
  const lines: unknown[] = [];
  eachLine(source, ({ text, line, column }) => lines.push([text, line, column]));
  expect(lines).toEqual(expected);
});
