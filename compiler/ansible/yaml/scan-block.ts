import {
  type Cursor,
  codeAt,
  columnOf,
  failHere,
  isBlank,
  isBreak,
  isBreakOrEnd,
  readBreak,
  skipToBreak,
} from './cursor.ts';

/** Reads a `|` or `>` scalar, from its indicator. @param parent columns of the block around it, -1 where there is none. */
export function scanBlock(cursor: Cursor, parent: number): string {
  const literal = codeAt(cursor) === 0x7c;
  cursor.at++;
  const header = readHeader(cursor);
  while (isBlank(codeAt(cursor))) cursor.at++;
  if (codeAt(cursor) === 0x23) skipToBreak(cursor);
  if (!isBreakOrEnd(codeAt(cursor))) {
    failHere(cursor, `expected a comment or a line break after ${literal ? '|' : '>'}`);
  }
  if (isBreak(codeAt(cursor))) readBreak(cursor);
  const given = header.increment === 0 ? 0 : Math.max(parent, 0) + header.increment;
  const lead = readBreaks(cursor, given, parent);
  const indent = lead.indent;
  let text = '';
  let breaks = lead.breaks;
  let lastBreak = '';
  let lastBlank = false;
  while (columnOf(cursor) === indent && cursor.at < cursor.text.length) {
    const blank = isBlank(codeAt(cursor));
    if (!literal && lastBreak.startsWith('\n') && !lastBlank && !blank) text += breaks === '' ? ' ' : '';
    else text += lastBreak;
    text += breaks;
    lastBlank = blank;
    const start = cursor.at;
    skipToBreak(cursor);
    text += cursor.text.slice(start, cursor.at);
    lastBreak = isBreak(codeAt(cursor)) ? readBreak(cursor) : '';
    breaks = readBreaks(cursor, indent, parent).breaks;
  }
  if (header.chomp !== 'strip') text += lastBreak;
  if (header.chomp === 'keep') text += breaks;
  return text;
}

interface Header {
  readonly chomp: 'clip' | 'strip' | 'keep';
  /** 0 where the first line decides. */
  readonly increment: number;
}

function readHeader(cursor: Cursor): Header {
  let chomp: Header['chomp'] = 'clip';
  let increment = 0;
  const readChomp = (): void => {
    const code = codeAt(cursor);
    if (code !== 0x2b && code !== 0x2d) return;
    chomp = code === 0x2b ? 'keep' : 'strip';
    cursor.at++;
  };
  readChomp();
  const digit = codeAt(cursor) - 0x30;
  if (digit === 0) failHere(cursor, 'the indentation indicator must be 1 to 9');
  if (digit > 0 && digit <= 9) {
    increment = digit;
    cursor.at++;
    if (chomp === 'clip') readChomp();
  }
  return { chomp, increment };
}

/** Reads indentation and empty lines. @param indent 0 where the deepest of them is to decide. */
function readBreaks(cursor: Cursor, indent: number, parent: number): { breaks: string; indent: number } {
  let breaks = '';
  let deepest = 0;
  for (;;) {
    while ((indent === 0 || columnOf(cursor) < indent) && codeAt(cursor) === 0x20) cursor.at++;
    deepest = Math.max(deepest, columnOf(cursor));
    if ((indent === 0 || columnOf(cursor) < indent) && codeAt(cursor) === 0x09) {
      failHere(cursor, 'found a tab character where an indentation space is expected', 'indent with spaces');
    }
    if (!isBreak(codeAt(cursor))) break;
    breaks += readBreak(cursor);
  }
  return { breaks, indent: indent === 0 ? Math.max(deepest, parent + 1, 1) : indent };
}
