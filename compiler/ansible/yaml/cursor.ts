import { YamlFailure, type YamlPlace } from './problem.ts';

/** The next character to read of a YAML text, and the line that it is on. */
export interface Cursor {
  readonly text: string;
  /** Index of the next character. */
  at: number;
  /** Lines before it. */
  line: number;
  /** Index of the first character of its line. */
  lineStart: number;
}

/** The code of the character `ahead` of the next one; 0 past the end. */
export function codeAt(cursor: Cursor, ahead = 0): number {
  const index = cursor.at + ahead;
  return index < cursor.text.length ? cursor.text.charCodeAt(index) : 0;
}

/** Characters before the next one on its line. */
export function columnOf(cursor: Cursor): number {
  return cursor.at - cursor.lineStart;
}

export function placeOf(cursor: Cursor): YamlPlace {
  return { line: cursor.line + 1, column: columnOf(cursor) + 1 };
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** The five line breaks of YAML 1.1. */
export function isBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBreakOrEnd(code: number): boolean {
  return code === 0 || isBreak(code);
}

export function isBlankOrEnd(code: number): boolean {
  return code === 0x20 || code === 0x09 || isBreakOrEnd(code);
}

/** A letter, a digit, `_` or `-`: what the names of anchors and tag handles are made of. */
export function isWord(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === 0x2d
  );
}

/** Reads the line break that is next and gives what a scalar keeps of it. */
export function readBreak(cursor: Cursor): string {
  const code = codeAt(cursor);
  cursor.at += code === 0x0d && codeAt(cursor, 1) === 0x0a ? 2 : 1;
  cursor.line++;
  cursor.lineStart = cursor.at;
  return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
}

export function skipToBreak(cursor: Cursor): void {
  while (!isBreakOrEnd(codeAt(cursor))) cursor.at++;
}

/** Whether `---` or `...` stands alone at the start of this line. */
export function atDocumentMark(cursor: Cursor): boolean {
  if (cursor.at !== cursor.lineStart) return false;
  const code = codeAt(cursor);
  if (code !== 0x2d && code !== 0x2e) return false;
  return codeAt(cursor, 1) === code && codeAt(cursor, 2) === code && isBlankOrEnd(codeAt(cursor, 3));
}

/** Fails at the next character. */
export function failHere(cursor: Cursor, message: string, hint?: string): never {
  throw new YamlFailure({ place: placeOf(cursor), message, ...(hint ? { hint } : {}) });
}
