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

// What str.splitlines() splits at in Python.
const BREAK = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;
const OTHER_BREAK = /[\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/** Takes a text line by line as Python's `splitlines` splits it, each line stripped as `strip` does. */
export function eachLine(source: string, take: (line: SourceLine) => void): void {
  let start = 0;
  let line = 1;
  let lineStart = 0;
  const takeUpTo = (end: number): void => {
    let first = start;
    while (first < end && isSpace(source.charCodeAt(first))) first++;
    let last = end;
    while (last > first && isSpace(source.charCodeAt(last - 1))) last--;
    take({ text: source.slice(first, last), line, column: first - lineStart + 1 });
  };
  if (!OTHER_BREAK.test(source)) {
    for (let end = source.indexOf('\n'); end !== -1; end = source.indexOf('\n', start)) {
      takeUpTo(end);
      start = end + 1;
      lineStart = start;
      line++;
    }
  } else
    for (const match of source.matchAll(BREAK)) {
      takeUpTo(match.index);
      start = match.index + match[0].length;
      if (LINE_END.test(match[0])) {
        line++;
        lineStart = start;
      }
    }
  if (start < source.length) takeUpTo(source.length);
}

/** Python's `strip()`. */
export function stripSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

const SPACE = /[\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** What str.strip() takes off in Python. */
function isSpace(code: number): boolean {
  if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) return true;
  return (code < 0x20 || code > 0x7e) && SPACE.test(String.fromCharCode(code));
}
