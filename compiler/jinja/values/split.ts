import { valueError } from '../errors.ts';
import { isSpace, replaceText, splitSpace, stripEnd } from './text.ts';

/** Python's str.split. @param limit how often at most, negative for always */
export function split(text: string, separator: string | undefined, limit: number): string[] {
  if (separator === undefined) return splitSpace(text, limit);
  if (separator === '') throw valueError('empty separator');
  const parts = text.split(separator);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

/** Python's str.rsplit. */
export function splitFromEnd(text: string, separator: string | undefined, limit: number): string[] {
  if (limit < 0) return split(text, separator, limit);
  if (separator === undefined) return splitSpaceFromEnd(text, limit);
  if (separator === '') throw valueError('empty separator');
  const parts: string[] = [];
  let end = text.length;
  while (parts.length < limit) {
    const at = end < separator.length ? -1 : text.lastIndexOf(separator, end - separator.length);
    if (at === -1) break;
    parts.push(text.slice(at + separator.length, end));
    end = at;
  }
  parts.push(text.slice(0, end));
  return parts.reverse();
}

function splitSpaceFromEnd(text: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = stripEnd(text);
  while (rest !== '' && parts.length < limit) {
    let start = rest.length;
    while (start > 0 && !isSpace(rest[start - 1]!)) start--;
    parts.push(rest.slice(start));
    rest = stripEnd(rest.slice(0, start));
  }
  let start = 0;
  while (start < rest.length && isSpace(rest[start]!)) start++;
  if (start < rest.length) parts.push(rest.slice(start));
  return parts.reverse();
}

/** Python's str.strip family. @param ends which ends: 1 the start, 2 the end, 3 both */
export function strip(text: string, chars: string | undefined, ends: 1 | 2 | 3): string {
  const set = chars === undefined ? undefined : new Set(chars);
  const strips = (char: string) => (set ? set.has(char) : isSpace(char));
  const points = set && /[\ud800-\udfff]/.test(text + chars) ? Array.from(text) : text;
  let [start, end] = [0, points.length];
  if (ends & 1) while (start < end && strips(points[start]!)) start++;
  if (ends & 2) while (end > start && strips(points[end - 1]!)) end--;
  return typeof points === 'string' ? points.slice(start, end) : points.slice(start, end).join('');
}

/** Python's str.replace. @param limit how often at most, negative for always */
export function replace(text: string, [old, replacement]: readonly [string, string], limit: number): string {
  if (limit < 0 && old !== '') return replaceText(text, old, replacement);
  if (old === '') return insertEverywhere(text, replacement, limit);
  const parts = text.split(old);
  if (limit >= parts.length - 1) return parts.join(replacement);
  return parts.slice(0, limit + 1).join(replacement) + [''].concat(parts.slice(limit + 1)).join(old);
}

function insertEverywhere(text: string, replacement: string, limit: number): string {
  let left = limit < 0 ? Number.POSITIVE_INFINITY : limit;
  let out = '';
  for (const char of text) out += (left-- > 0 ? replacement : '') + char;
  return left > 0 ? out + replacement : out;
}

/** How often a part occurs, without overlap. */
export function count(text: string, part: string): number {
  if (part === '') return Array.from(text).length + 1;
  return text.split(part).length - 1;
}
