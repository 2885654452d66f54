import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_CHARACTERS, MOST_LINES, previewFile } from './file-preview.ts';
import { visible } from './visible.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([
  ['nothing', '', '', 0, 0],
  ['one line', 'a\n', 'a', 1, 1],
  ['a last line without its line feed', 'a\nb', 'a\nb', 2, 2],
  ['empty lines at the start and the end', '\n\na\n\n', '\n\na\n', 4, 4],
  ['carriage returns', 'a\r\nb\r\n', 'a␍\nb␍', 2, 2],
  ['a tab and markup, as they are', '\t<a href="x">&amp;</a>\n', '\t<a href="x">&amp;</a>', 1, 1],
  ['a byte order mark', '\ufeffa\n', '⟨U+FEFF⟩a', 1, 1],
  ['an escape and bidirectional marks', '\u001b[31m\u202eroot\u2066\n', '␛[31m⟨U+202E⟩root⟨U+2066⟩', 1, 1],
  ['letters of other scripts', 'größe 大 😀\n', 'größe 大 😀', 1, 1],
])('text: %s', (_, content, text, lines, shown) => {
  expect(previewFile(bytes(content))).toEqual({ kind: 'text', text, lines, shown, whole: true });
});

test.each([
  ['bytes that are not UTF-8', Uint8Array.of(0xff, 0xfe, 0x41)],
  ['a NUL', bytes('a\0b')],
])('no text: %s', (_, content) => {
  expect(previewFile(content)).toEqual({ kind: 'binary' });
});

test('a long file is cut at the end of a line', () => {
  const preview = previewFile(bytes('abc\n'.repeat(MOST_LINES + 5)));
  expect(preview).toMatchObject({ lines: MOST_LINES + 5, shown: MOST_LINES, whole: false });
  const wide = previewFile(bytes(`${'x'.repeat(MOST_CHARACTERS - 10)}\n${'y'.repeat(20)}\nz\n`));
  expect(wide).toEqual({
    kind: 'text',
    text: 'x'.repeat(MOST_CHARACTERS - 10),
    lines: 3,
    shown: 1,
    whole: false,
  });
});

test('a first line that is longer than a page shows is cut within', () => {
  const preview = previewFile(bytes('x'.repeat(MOST_CHARACTERS * 2)));
  expect(preview).toEqual({
    kind: 'text',
    text: `${'x'.repeat(MOST_CHARACTERS)} …`,
    lines: 1,
    shown: 1,
    whole: false,
  });
});

test('whatever the bytes, a preview is bounded and holds no control character but tab and line feed', () => {
  const content = fc.oneof(fc.uint8Array(), fc.string({ unit: 'binary' }).map(bytes));
  fc.assert(
    fc.property(content, (value) => {
      const preview = previewFile(value);
      if (preview.kind !== 'text') return;
      expect(preview.text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(preview.text.isWellFormed()).toBe(true);
      if (preview.shown > 0) expect(preview.text.split('\n').length).toBe(preview.shown);
    }),
  );
});

test('what is visible already stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      expect(visible(text)).toBe(text);
    }),
  );
});
