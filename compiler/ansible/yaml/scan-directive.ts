import {
  type Cursor,
  codeAt,
  failHere,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isWord,
  readBreak,
  skipToBreak,
} from './cursor.ts';
import { scanTagHandle, scanTagUri } from './scan-tag.ts';
import type { Directive } from './token.ts';

/** Reads a directive and its line, from the `%`. */
export function scanDirective(cursor: Cursor): Directive {
  cursor.at++;
  const start = cursor.at;
  while (isWord(codeAt(cursor))) cursor.at++;
  const name = cursor.text.slice(start, cursor.at);
  if (name === '') failHere(cursor, 'expected the name of a directive after %');
  if (!isBlankOrEnd(codeAt(cursor)))
    failHere(cursor, 'found an unexpected character in the name of a directive');
  const directive = readDirective(cursor, name);
  skipBlanks(cursor);
  if (codeAt(cursor) === 0x23) skipToBreak(cursor);
  if (!isBreakOrEnd(codeAt(cursor)))
    failHere(cursor, 'expected a comment or a line break after the directive');
  if (isBreak(codeAt(cursor))) readBreak(cursor);
  return directive;
}

function readDirective(cursor: Cursor, name: string): Directive {
  skipBlanks(cursor);
  if (name === 'YAML') {
    const major = readNumber(cursor);
    if (codeAt(cursor) !== 0x2e) failHere(cursor, "expected a digit or '.' in the version");
    cursor.at++;
    return { name, major, minor: readNumber(cursor) };
  }
  if (name === 'TAG') {
    const handle = scanTagHandle(cursor, true);
    if (!isBlank(codeAt(cursor))) failHere(cursor, 'expected a space after the tag handle');
    skipBlanks(cursor);
    const prefix = scanTagUri(cursor, { brackets: true, head: '' });
    if (!isBlankOrEnd(codeAt(cursor))) failHere(cursor, 'expected a space or a line break after the tag');
    return { name, handle, prefix };
  }
  return failHere(cursor, `found unknown directive name %${name}`, 'put a text that begins with % in quotes');
}

function readNumber(cursor: Cursor): number {
  const start = cursor.at;
  while (codeAt(cursor) >= 0x30 && codeAt(cursor) <= 0x39 && cursor.at - start < 9) cursor.at++;
  if (cursor.at === start) failHere(cursor, 'expected a version number');
  return Number(cursor.text.slice(start, cursor.at));
}

function skipBlanks(cursor: Cursor): void {
  while (isBlank(codeAt(cursor))) cursor.at++;
}
