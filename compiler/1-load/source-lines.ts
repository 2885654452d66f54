import { LINE_END } from '../diagnostics/line-ends.ts';

/** A line as Ansible reads it, and where it stands as an editor counts. */
export interface SourceLine {
  /** Without white space around it. */
  readonly text: string;
  /** The line in the file, from 1, as a Place counts. */
  readonly line: number;
  /** The column of the text's first character, from 1, in UTF-16 code units. */
  readonly column: number;
}

// What str.splitlines() splits at, and what str.strip() takes off, in Python.
const BREAK = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Splits a text into lines as Python's `splitlines` does, each stripped as `strip` does. */
export function* sourceLines(source: string): Generator<SourceLine> {
  let start = 0;
  let line = 1;
  let lineStart = 0;
  const emit = (end: number): SourceLine => {
    const raw = source.slice(start, end);
    const text = stripSpace(raw);
    const indent = raw.length - stripLeft(raw).length;
    return { text, line, column: start + indent - lineStart + 1 };
  };
  for (const match of source.matchAll(BREAK)) {
    yield emit(match.index);
    start = match.index + match[0].length;
    if (LINE_END.test(match[0])) {
      line++;
      lineStart = start;
    }
  }
  if (start < source.length) yield emit(source.length);
}

/** Python's `strip()`. */
export function stripSpace(text: string): string {
  const left = stripLeft(text);
  let end = left.length;
  while (end > 0 && SPACE.test(left.charAt(end - 1))) end--;
  return left.slice(0, end);
}

function stripLeft(text: string): string {
  let start = 0;
  while (start < text.length && SPACE.test(text.charAt(start))) start++;
  return text.slice(start);
}
