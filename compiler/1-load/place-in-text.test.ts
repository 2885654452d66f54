import { expect, test } from 'vitest';
import { placeInText } from './place-in-text.ts';

// A file, the place of its key, and the text that it holds there: where does the `!` of the text stand?
test.each([
  ['that: a ! b', [1, 1], 'that', 'a ! b', [1, 9]],
  ['x: { that: "a ! b" }', [1, 6], 'that', 'a ! b', [1, 15]],
  ['"that" : \'a ! b\'', [1, 1], 'that', 'a ! b', [1, 13]],
  ['that: >-\n    a\n    ! b', [1, 1], 'that', 'a ! b', [3, 5]],
  ['that: |2+\r\n    a\r\n    ! b\r\n', [1, 1], 'that', '  a\n  ! b\n', [3, 5]],
  ['that:\n  - a\n  - b ! c', [3, 5], 1, 'b ! c', [3, 7]],
  // A key that is like the beginning of its text.
  ['web: web !', [1, 1], 'web', 'web !', [1, 10]],
  // At its end.
  ['that: "1 + "\nb: c', [1, 1], 'that', '1 +!', [1, 11]],
] as const)('%j', (file, [line, column], name, text, [atLine, atColumn]) => {
  const before = text.slice(0, text.indexOf('!')).split('\n');
  const place = placeInText(
    {
      lines: file.split(/\r?\n/),
      key: { file: 'f', line, column },
      path: ['rule', name],
      text: text === '1 +!' ? '1 +' : text,
    },
    { line: before.length, column: before.at(-1)!.length + 1 },
  );
  expect(place).toEqual({ file: 'f', line: atLine, column: atColumn });
});

test.each([
  ['that: "a \\u0021 b"', 'a ! b'],
  ['that: *other\nother: a ! b', 'a ! b'],
  ['that: ""', ''],
])('%j has the text in other characters', (file, text) => {
  const key = { file: 'f', line: 1, column: 1 };
  expect(
    placeInText({ lines: file.split('\n'), key, path: ['that'], text }, { line: 1, column: 1 }),
  ).toBeUndefined();
});
