import {
  atDocumentMark,
  type Cursor,
  codeAt,
  failHere,
  isBlank,
  isBlankOrEnd,
  isBreak,
  placeOf,
  readBreak,
} from './cursor.ts';
import { YamlFailure, type YamlPlace } from './problem.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\x08',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\x0b',
  f: '\x0c',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Reads a scalar in single or double quotes, from its opening quote; gives its text with lines folded. */
export function scanQuoted(cursor: Cursor): string {
  const start = placeOf(cursor);
  const quote = codeAt(cursor);
  cursor.at++;
  let text = '';
  for (;;) {
    if (atDocumentMark(cursor)) {
      throw unclosed(start, placeOf(cursor), 'a document mark stands within a quoted text');
    }
    if (cursor.at >= cursor.text.length) {
      throw unclosed(start, placeOf(cursor), 'the file ends within a quoted text');
    }
    let folded = false;
    for (;;) {
      const run = cursor.at;
      let code = codeAt(cursor);
      while (!isBlankOrEnd(code) && code !== quote && (quote === 0x27 || code !== 0x5c)) {
        cursor.at++;
        code = codeAt(cursor);
      }
      text += cursor.text.slice(run, cursor.at);
      if (code === quote && quote === 0x27 && codeAt(cursor, 1) === quote) {
        text += "'";
        cursor.at += 2;
      } else if (quote === 0x22 && code === 0x5c && isBreak(codeAt(cursor, 1))) {
        cursor.at++;
        readBreak(cursor);
        folded = true;
        break;
      } else if (quote === 0x22 && code === 0x5c) text += readEscape(cursor);
      else break;
    }
    if (codeAt(cursor) === quote) break;
    text += readSpace(cursor, folded);
  }
  cursor.at++;
  return text;
}

/** Blanks and breaks between two words. After an escaped break, the first one is already read and means nothing. */
function readSpace(cursor: Cursor, escapedBreak: boolean): string {
  const start = cursor.at;
  let first: string | undefined = escapedBreak ? '' : undefined;
  let end = start;
  let more = '';
  for (;;) {
    const code = codeAt(cursor);
    if (isBlank(code)) {
      cursor.at++;
      if (first === undefined) end = cursor.at;
    } else if (isBreak(code)) {
      const read = readBreak(cursor);
      if (first === undefined) first = read;
      else more += read;
    } else break;
  }
  if (first === undefined) return cursor.text.slice(start, end);
  if (first === '\n') return more === '' ? ' ' : more;
  return first + more;
}

function readEscape(cursor: Cursor): string {
  const start = placeOf(cursor);
  const letter = cursor.text[cursor.at + 1] ?? '';
  const simple = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  if (simple !== undefined) {
    cursor.at += 2;
    return simple;
  }
  const digits = Object.hasOwn(HEX_DIGITS, letter) ? HEX_DIGITS[letter] : undefined;
  if (digits === undefined) {
    throw new YamlFailure({
      place: start,
      message: `found unknown escape character ${JSON.stringify(letter)} in a double-quoted text`,
      hint: 'write a backslash as \\\\, or put the text in single quotes',
    });
  }
  cursor.at += 2;
  const hex = cursor.text.slice(cursor.at, cursor.at + digits);
  if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length < digits) {
    failHere(cursor, `expected ${digits} hexadecimal digits after \\${letter}`);
  }
  const code = Number.parseInt(hex, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    failHere(cursor, `found invalid Unicode character escape code ${hex}`);
  }
  cursor.at += digits;
  return String.fromCodePoint(code);
}

function unclosed(start: YamlPlace, place: YamlPlace, message: string): YamlFailure {
  return new YamlFailure({
    place: start,
    message: `this quoted text is not closed: ${message}`,
    related: { place, message: 'the place where it should have ended by' },
  });
}
