import { type Cursor, codeAt, failHere, isBlankOrEnd, isWord } from './cursor.ts';

/** A tag as written: `!!int` has handle `!!`, suffix `int`; a verbatim tag and `!` have the handle ''. */
export interface Tag {
  readonly handle: string;
  readonly suffix: string;
}

const URI = new Set(";/?:@&=+$.%!~*'()_-");

/** Reads a tag, from its `!`. */
export function scanTag(cursor: Cursor, inFlow: boolean): Tag {
  const tag = readTag(cursor);
  if (!isBlankOrEnd(codeAt(cursor)) && !(inFlow && codeAt(cursor) === 0x2c)) {
    failHere(cursor, 'expected a space or a line break after the tag');
  }
  return tag;
}

function readTag(cursor: Cursor): Tag {
  if (codeAt(cursor, 1) === 0x3c) {
    cursor.at += 2;
    const suffix = scanTagUri(cursor, { brackets: true, head: '' });
    if (codeAt(cursor) !== 0x3e) failHere(cursor, "expected '>' at the end of the tag");
    cursor.at++;
    return { handle: '', suffix };
  }
  const handle = scanTagHandle(cursor, false);
  if (handle.length > 1 && handle.endsWith('!')) {
    return { handle, suffix: scanTagUri(cursor, { brackets: false, head: '' }) };
  }
  const suffix = scanTagUri(cursor, { brackets: false, head: handle });
  return suffix === '' ? { handle: '', suffix: '!' } : { handle: '!', suffix };
}

/** Reads `!`, `!!` or `!name!`; outside a directive, also the `!name` of a tag without handle. */
export function scanTagHandle(cursor: Cursor, inDirective: boolean): string {
  const start = cursor.at;
  if (codeAt(cursor) !== 0x21) failHere(cursor, "expected '!'");
  cursor.at++;
  while (isWord(codeAt(cursor))) cursor.at++;
  if (codeAt(cursor) === 0x21) cursor.at++;
  else if (inDirective && cursor.at !== start + 1) failHere(cursor, "expected '!'");
  return cursor.text.slice(start, cursor.at);
}

interface UriRules {
  /** Whether `,` and brackets belong to it. */
  readonly brackets: boolean;
  /** What was read of it, `!` included, while looking for a handle. */
  readonly head: string;
}

/** Reads the rest of a tag, with `%xx` decoded. */
export function scanTagUri(cursor: Cursor, { brackets, head }: UriRules): string {
  let uri = head.slice(1);
  for (;;) {
    const code = codeAt(cursor);
    const char = String.fromCharCode(code);
    if (code === 0x25) uri += readEscapes(cursor);
    else if (isWord(code) || URI.has(char) || (brackets && (char === ',' || char === '[' || char === ']'))) {
      uri += char;
      cursor.at++;
    } else break;
  }
  if (uri === '' && head === '') failHere(cursor, 'expected the rest of the tag');
  return uri;
}

function readEscapes(cursor: Cursor): string {
  const bytes: number[] = [];
  while (codeAt(cursor) === 0x25) {
    const hex = cursor.text.slice(cursor.at + 1, cursor.at + 3);
    if (!/^[0-9a-fA-F]{2}$/.test(hex)) failHere(cursor, 'expected two hexadecimal digits after %');
    bytes.push(Number.parseInt(hex, 16));
    cursor.at += 3;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return failHere(cursor, 'the escapes in the tag are not UTF-8');
  }
}
