import {
  atDocumentMark,
  type Cursor,
  codeAt,
  columnOf,
  failHere,
  isBlank,
  isBlankOrEnd,
  isBreak,
  readBreak,
} from './cursor.ts';

export interface PlainScalar {
  readonly text: string;
  /** Whether it ended at a new line, where a key may start. */
  readonly endsLine: boolean;
}

/**
 * Reads a scalar without quotes.
 * @param indent columns that a further line must have at least, outside brackets.
 * @param inFlow whether it stands within brackets.
 */
export function scanPlain(cursor: Cursor, indent: number, inFlow: boolean): PlainScalar {
  let text = '';
  let space = '';
  let first: string | undefined;
  let more = '';
  for (;;) {
    if (atDocumentMark(cursor) || codeAt(cursor) === 0x23) break;
    const start = cursor.at;
    skipWord(cursor, inFlow);
    if (cursor.at > start) {
      if (first === undefined) text += space;
      else text += first === '\n' ? more || ' ' : first + more;
      text += cursor.text.slice(start, cursor.at);
      space = '';
      first = undefined;
      more = '';
    }
    const code = codeAt(cursor);
    if (!isBlank(code) && !isBreak(code)) break;
    const blanks = cursor.at;
    let blanksEnd = blanks;
    for (;;) {
      const next = codeAt(cursor);
      if (isBlank(next)) {
        if (first !== undefined && next === 0x09 && columnOf(cursor) < indent) {
          failHere(
            cursor,
            'found a tab character that violates indentation',
            'indent with spaces; YAML forbids tabs for indentation',
          );
        }
        cursor.at++;
        if (first === undefined) blanksEnd = cursor.at;
      } else if (isBreak(next)) {
        const read = readBreak(cursor);
        if (first === undefined) first = read;
        else more += read;
      } else break;
    }
    if (first === undefined) space = cursor.text.slice(blanks, blanksEnd);
    if (!inFlow && columnOf(cursor) < indent) break;
  }
  return { text, endsLine: first !== undefined };
}

function skipWord(cursor: Cursor, inFlow: boolean): void {
  for (;;) {
    const code = codeAt(cursor);
    if (isBlankOrEnd(code)) return;
    if (code === 0x3a) {
      const next = codeAt(cursor, 1);
      if (isBlankOrEnd(next)) return;
      if (inFlow && (next === 0x2c || next === 0x3f || isBracket(next))) {
        failHere(cursor, "found unexpected ':'", 'put a space after the colon, or the text in quotes');
      }
    } else if (inFlow && (code === 0x2c || isBracket(code))) return;
    cursor.at++;
  }
}

function isBracket(code: number): boolean {
  return code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}
