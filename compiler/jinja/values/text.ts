import { steps } from '../limits.ts';

/** Python's white space, as the inside of a character class: what str.strip, str.split and `\s` take. */
export const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const SURROGATE = /[\ud800-\udfff]/;
const LEADING = new RegExp(`^[${SPACE}]+`);
const ONE_SPACE = new RegExp(`[${SPACE}]`);

/** The number of code points, Python's len. */
export function lengthOf(text: string): number {
  if (!hasSurrogates(text)) return text.length;
  steps(text.length >> 4);
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The text as something that indexes by code point: itself where it has no surrogates. */
export function codePoints(text: string): string | string[] {
  if (!hasSurrogates(text)) return text;
  steps(text.length >> 2);
  return Array.from(text);
}

/** Whether some characters take two code units. */
function hasSurrogates(text: string): boolean {
  steps(text.length >> 9);
  return SURROGATE.test(text);
}

/** The code points from `start` to `end`, both non-negative. */
export function sliceText(text: string, start: number, end?: number): string {
  const points = codePoints(text);
  return typeof points === 'string' ? points.slice(start, end) : points.slice(start, end).join('');
}

export function isSpace(char: string): boolean {
  return ONE_SPACE.test(char);
}

export function stripStart(text: string): string {
  return text.replace(LEADING, '');
}

/** Python's rstrip; a loop, because a regular expression anchored at the end takes quadratic time. */
export function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1]!)) end--;
  return text.slice(0, end);
}

const LINE_BREAK = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/** Python's str.splitlines. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const match of text.matchAll(LINE_BREAK)) {
    lines.push(text.slice(start, keepEnds ? match.index + match[0].length : match.index));
    start = match.index + match[0].length;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

/** Python's str.split without a separator: at runs of white space. */
export function splitSpace(text: string, limit = -1): string[] {
  const parts: string[] = [];
  let rest = stripStart(text);
  while (rest !== '' && limit !== 0) {
    const found = ONE_SPACE.exec(rest);
    if (!found) break;
    parts.push(rest.slice(0, found.index));
    rest = stripStart(rest.slice(found.index));
    limit--;
  }
  if (rest !== '') parts.push(rest);
  return parts;
}

/** Orders texts by code point, as Python does. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointOrder(left) - codePointOrder(right);
  }
  return a.length - b.length;
}

/** compareText for these texts: nearly always a faster one, for texts without surrogates. */
export function textOrder(texts: readonly string[]): (a: string, b: string) => number {
  return texts.some((text) => SURROGATE.test(text)) ? compareText : compareUnits;
}

function compareUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Code units ordered so that surrogates, which stand for high code points, come after the rest. */
function codePointOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

const NOT_PRINTABLE = /[\p{C}\p{Z}]/u;

/** Python's str.isprintable of one code point. */
export function isPrintable(char: string): boolean {
  return char === ' ' || !NOT_PRINTABLE.test(char);
}

/**
 * Each `old`, which is not empty, replaced. Several times as fast as replaceAll where there are millions: what V8 makes
 * then is a rope of as many parts.
 */
export function replaceText(text: string, old: string, replacement: string): string {
  return text.includes(old) ? text.split(old).join(replacement) : text;
}

const NAMED_ESCAPES = [
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
] as const;

/** What repr writes as an escape once the quote, the backslash and the named ones are written. */
const UNPRINTABLE = /(?! )[\p{C}\p{Z}]/gu;

/** Python's repr of a string. */
export function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  if (/^[ !#-&(-[\]-~]*$/.test(text)) return quote + text + quote;
  let escaped = text;
  for (const [char, written] of [['\\', '\\\\'], [quote, `\\${quote}`], ...NAMED_ESCAPES] as const) {
    escaped = replaceText(escaped, char, written);
  }
  return quote + escaped.replace(UNPRINTABLE, escapeOf) + quote;
}

function escapeOf(char: string): string {
  const code = char.codePointAt(0)!;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** Markup's escape of the five characters. */
export function escapeText(text: string): string {
  if (!/[&<>'"]/.test(text)) return text;
  let escaped = text;
  for (const [char, entity] of ENTITIES) escaped = replaceText(escaped, char, entity);
  return escaped;
}

const ENTITIES = [
  ['&', '&amp;'],
  ['>', '&gt;'],
  ['<', '&lt;'],
  ["'", '&#39;'],
  ['"', '&#34;'],
] as const;

/** Python's upper case of the first letter of a title: not always its upper case (`ǆ`, `ß`). */
export function titleChar(char: string): string {
  const special = TITLE_CASE.get(char);
  if (special !== undefined) return special;
  const code = char.codePointAt(0)!;
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8);
  const upper = char.toUpperCase();
  if (upper.length <= char.length) return upper;
  const [first, ...rest] = upper;
  return first + rest.join('').toLowerCase();
}

const TITLE_CASE = new Map([
  ...['Ǆ', 'ǅ', 'ǆ'].map((char) => [char, 'ǅ'] as const),
  ...['Ǉ', 'ǈ', 'ǉ'].map((char) => [char, 'ǈ'] as const),
  ...['Ǌ', 'ǋ', 'ǌ'].map((char) => [char, 'ǋ'] as const),
  ...['Ǳ', 'ǲ', 'ǳ'].map((char) => [char, 'ǲ'] as const),
  ['ᾳ', 'ᾼ'],
  ['ῃ', 'ῌ'],
  ['ῳ', 'ῼ'],
]);

/** The lone letters that str.capitalize and str.lower need: Python's lower case of a whole text. */
export function capitalize(text: string): string {
  const [first] = text;
  return first === undefined ? '' : titleChar(first) + text.slice(first.length).toLowerCase();
}
