/** A word of a host's line, with its quotes removed. */
export interface HostToken {
  readonly text: string;
  /** Where it begins in the line, in UTF-16 code units from 0. */
  readonly start: number;
  /** Just after its last character, quotes included. */
  readonly end: number;
}

export type HostLine =
  | { readonly ok: true; readonly tokens: readonly HostToken[] }
  | { readonly ok: false; readonly message: string };

/** Splits a host's line into words as Python's `shlex.split(line, comments=True)` does, with its error messages. */
export function splitHostLine(line: string): HostLine {
  const tokens: HostToken[] = [];
  let at = 0;
  while (at < line.length) {
    const code = line.charCodeAt(at);
    if (isSpace(code)) at++;
    else if (code === HASH) at = endOfLine(line, at);
    else {
      const read = readToken(line, at);
      if (typeof read === 'string') return { ok: false, message: read };
      if (read.token) tokens.push(read.token);
      at = read.next;
    }
  }
  return { ok: true, tokens };
}

const HASH = 0x23;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

function isQuote(code: number): boolean {
  return code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
}

function endOfLine(line: string, at: number): number {
  const end = line.indexOf('\n', at);
  return end === -1 ? line.length : end + 1;
}

/** @returns the token that begins at `start` (none where it is empty without quotes), or the error. */
function readToken(line: string, start: number): { token: HostToken | undefined; next: number } | string {
  let text = '';
  let quoted = false;
  let at = start;
  while (at < line.length) {
    const code = line.charCodeAt(at);
    if (endsWord(code)) break;
    if (isQuote(code)) {
      const read = readQuoted(line, at);
      if (typeof read === 'string') return read;
      text += read.text;
      at = read.next;
      quoted = true;
    } else if (code === BACKSLASH) {
      if (at + 1 >= line.length) return 'No escaped character';
      text += line[at + 1];
      at += 2;
    } else {
      const from = at;
      do at++;
      while (at < line.length && isOrdinary(line.charCodeAt(at)));
      text += line.slice(from, at);
    }
  }
  const token = text !== '' || quoted ? { text, start, end: at } : undefined;
  return { token, next: at };
}

// Python ends a word at a # within it, too.
function endsWord(code: number): boolean {
  return isSpace(code) || code === HASH;
}

function isOrdinary(code: number): boolean {
  return !(endsWord(code) || isQuote(code) || code === BACKSLASH);
}

function readQuoted(line: string, start: number): { text: string; next: number } | string {
  const quote = line[start]!;
  let text = '';
  for (let at = start + 1; at < line.length; at++) {
    const char = line[at]!;
    if (char === quote) return { text, next: at + 1 };
    if (char === '\\' && quote === '"') {
      const next = line[at + 1];
      if (next === undefined) return 'No escaped character';
      text += next === '"' || next === '\\' ? next : char + next;
      at++;
    } else text += char;
  }
  return 'No closing quotation';
}
