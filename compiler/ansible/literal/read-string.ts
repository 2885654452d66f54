import { Bytes } from '../values/bytes.ts';
import { type LiteralCursor, LiteralFailure } from './cursor.ts';

const START = /(?:[rR][bB]?|[bB][rR]?|[uU])?(?="|')/y;

/** Whether one of Python's strings or bytes begins here. */
export function isStringStart(text: string, at: number): boolean {
  START.lastIndex = at;
  return START.test(text);
}

/** Reads one of Python's strings or bytes, which begins at the cursor. */
export function readString(cursor: LiteralCursor): string | Bytes {
  START.lastIndex = cursor.at;
  const prefix = START.exec(cursor.text)![0].toLowerCase();
  cursor.at += prefix.length;
  const quote = cursor.text[cursor.at]!;
  const long = cursor.text.startsWith(quote.repeat(3), cursor.at);
  const end = long ? quote.repeat(3) : quote;
  cursor.at += end.length;
  const bytes = prefix.includes('b');
  const raw = prefix.includes('r');
  let value = '';
  while (!cursor.text.startsWith(end, cursor.at)) {
    const char = cursor.text[cursor.at];
    if (char === undefined || (char === '\n' && !long)) fail('unterminated string literal');
    if (char !== '\\') {
      if (bytes && char > '\x7f') fail('bytes can only contain ASCII literal characters');
      value += char;
      cursor.at++;
    } else if (raw) {
      const next = cursor.text[cursor.at + 1];
      if (next === undefined) fail('unterminated string literal');
      if (bytes && next > '\x7f') fail('bytes can only contain ASCII literal characters');
      value += char + next;
      cursor.at += 2;
    } else value += readEscape(cursor, bytes);
  }
  cursor.at += end.length;
  return bytes ? new Bytes(Uint8Array.from(value, (char) => char.charCodeAt(0))) : value;
}

const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function readEscape(cursor: LiteralCursor, bytes: boolean): string {
  const letter = cursor.text[cursor.at + 1];
  if (letter === undefined) fail('unterminated string literal');
  const octal = /^[0-7]{1,3}/.exec(cursor.text.slice(cursor.at + 1, cursor.at + 4))?.[0];
  if (octal !== undefined) {
    cursor.at += 1 + octal.length;
    const code = Number.parseInt(octal, 8);
    return String.fromCharCode(bytes ? code & 0xff : code);
  }
  if (Object.hasOwn(SIMPLE, letter)) {
    cursor.at += 2;
    return SIMPLE[letter]!;
  }
  const length = letter === 'x' ? 2 : bytes ? 0 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  if (length > 0) return readHex(cursor, length);
  if (letter === 'N' && !bytes) {
    throw new LiteralFailure('error', 'a character by its name (\\N{…}); write the character itself');
  }
  if (bytes && letter > '\x7f') fail('bytes can only contain ASCII literal characters');
  cursor.at += 2;
  return `\\${letter}`;
}

function readHex(cursor: LiteralCursor, length: number): string {
  const hex = cursor.text.slice(cursor.at + 2, cursor.at + 2 + length);
  if (hex.length < length || !/^[0-9a-fA-F]+$/.test(hex)) fail('truncated \\x, \\u or \\U escape');
  const code = Number.parseInt(hex, 16);
  if (code > 0x10ffff) fail('illegal Unicode character');
  if (code >= 0xd800 && code <= 0xdfff) cursor.half ??= cursor.text.slice(cursor.at, cursor.at + 2 + length);
  cursor.at += 2 + length;
  return String.fromCodePoint(code);
}

function fail(message: string): never {
  throw new LiteralFailure('no literal', message);
}
