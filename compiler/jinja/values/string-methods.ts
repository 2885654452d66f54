import { typeError, UnsupportedError, valueError } from '../errors.ts';
import { used, willHold, willMake } from '../limits.ts';
import { bounds, indexOr, intFlag, wantText, wantTextOrNone } from './arguments.ts';
import { Dict } from './dict.ts';
import { functionTable, pyFunction } from './function.ts';
import { iterateOrUndefined, str, toArray, typeName } from './inspect.ts';
import { swapCase, title } from './letter-case.ts';
import { Markup } from './markup.ts';
import { asInt, asText, wantIndex } from './numbers.ts';
import { markupOf } from './operators.ts';
import { count, replace, split, splitFromEnd, strip } from './split.ts';
import { formatMap, formatText } from './str-format.ts';
import { STRING_PREDICATES } from './string-predicates.ts';
import { capitalize, codePoints, escapeText, lengthOf, splitLines } from './text.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

const text = (self: Value) => asText(self)!;

/** `width` columns with the text left, right, or in the middle. */
export function justify(
  self: string,
  side: 'left' | 'right' | 'center',
  [width, fill = ' ']: [number, string?],
): string {
  if (lengthOf(fill) !== 1) throw typeError('The fill character must be exactly one character long');
  const missing = width - lengthOf(self);
  if (missing <= 0) return self;
  willMake(width);
  if (side === 'left') return self + fill.repeat(missing);
  if (side === 'right') return fill.repeat(missing) + self;
  // CPython puts the odd column left when the width is odd.
  const left = (missing >> 1) + (missing & width & 1);
  return fill.repeat(left) + self + fill.repeat(missing - left);
}

function justifyMethod(side: 'left' | 'right' | 'center') {
  return pyFunction('width fillchar? /', (self: Value, width: Value, fill?: Value) => {
    const char = fill === undefined ? undefined : wantText(fill, 'The fill character');
    return justify(text(self), side, [
      wantIndex(width),
      self instanceof Markup && char ? escapeText(char) : char,
    ]);
  });
}

function stripMethod(ends: 1 | 2 | 3) {
  return pyFunction('chars? /', (self: Value, chars?: Value) =>
    strip(text(self), wantTextOrNone(chars, 'strip arg'), ends),
  );
}

/** The index in code points of a part, or -1. */
function find(self: Value, part: string, options: { start?: Value; end?: Value; last?: boolean }): number {
  const points = codePoints(text(self));
  const [start, end] = bounds(points.length, options.start, options.end);
  if (start > end) return -1;
  const window = typeof points === 'string' ? points.slice(start, end) : points.slice(start, end).join('');
  const at = options.last ? window.lastIndexOf(part) : window.indexOf(part);
  return at === -1 ? -1 : start + lengthOf(window.slice(0, at));
}

function findMethod(last: boolean, mustExist: boolean) {
  return pyFunction('sub start? end? /', (self: Value, sub: Value, start?: Value, end?: Value) => {
    const index = find(self, wantText(sub), { start, end, last } as {
      start?: Value;
      end?: Value;
      last: boolean;
    });
    if (index === -1 && mustExist) throw valueError('substring not found');
    return index;
  });
}

/** startswith and endswith: one part, or any of a tuple. */
function affixMethod(method: 'startsWith' | 'endsWith') {
  const name = method.toLowerCase();
  return pyFunction('prefix start? end? /', (self: Value, affix: Value, start?: Value, end?: Value) => {
    const points = codePoints(text(self));
    const [from, to] = bounds(points.length, start, end);
    const affixes = affix instanceof Tuple ? affix.items : [affix];
    return affixes.some((item) => {
      const part = asText(item);
      if (part === undefined) {
        throw typeError(`${name} first arg must be str or a tuple of str, not ${typeName(item)}`);
      }
      if (from > to) return false;
      const window = typeof points === 'string' ? points.slice(from, to) : points.slice(from, to).join('');
      return window[method](part);
    });
  });
}

/** Python's str.join; Markup joins what it escaped. */
export function join(separator: Value, items: Value): string {
  const iterable = iterateOrUndefined(items);
  if (iterable === undefined) throw typeError('can only join an iterable');
  const parts = toArray(items).map((item, index) => {
    const part = asText(item);
    if (separator instanceof Markup) return part === undefined ? escapeText(str(item)) : markupOf(item);
    if (part === undefined)
      throw typeError(`sequence item ${index}: expected str instance, ${typeName(item)} found`);
    return part;
  });
  return joinTexts(parts, text(separator));
}

/** Joins texts, counting what that makes first. */
export function joinTexts(parts: readonly string[], separator: string): string {
  let length = separator.length * Math.max(0, parts.length - 1);
  for (const part of parts) length += part.length;
  willMake(length);
  return parts.join(separator);
}

/** Python's str.casefold: lower case, and the letters that have no one lower case spelled out. */
function caseFold(self: string): string {
  return Array.from(self, (char) => {
    if (char === 'ς') return 'σ';
    if (char === 'ſ') return 's';
    if (char === 'ẞ') return 'ss';
    const upper = char.toUpperCase();
    return upper.length > char.length && char !== 'ŉ' && !/\p{Lu}/u.test(char)
      ? upper.toLowerCase()
      : char.toLowerCase();
  }).join('');
}

function expandTabs(self: string, size: number): string {
  let column = 0;
  let out = '';
  for (const char of self) {
    if (char === '\t') {
      const missing = size > 0 ? size - (column % size) : 0;
      willMake(out.length + missing);
      out += ' '.repeat(missing);
      column += missing;
    } else {
      out += char;
      column = char === '\n' || char === '\r' ? 0 : column + 1;
    }
  }
  return out;
}

function translate(self: string, table: Value): string {
  if (!(table instanceof Dict)) throw typeError(`'${typeName(table)}' object is not subscriptable`);
  let out = '';
  for (const char of self) {
    const to = table.get(char.codePointAt(0)!);
    const code = to === undefined || to === null ? undefined : asInt(to);
    if (to === undefined) out += char;
    else if (code !== undefined) out += String.fromCodePoint(Number(code));
    else if (to !== null) out += wantText(to, 'character mapping');
    if (out.length > used.limits.maxString) willMake(out.length);
  }
  return out;
}

function makeTranslation(from: Value, to?: Value, remove?: Value): Dict {
  const table = new Dict();
  if (to === undefined) {
    if (!(from instanceof Dict))
      throw typeError('if you give only one argument to maketrans it must be a dict');
    for (const [key, value] of from) table.set(typeof key === 'string' ? key.codePointAt(0)! : key, value);
    return table;
  }
  const [keys, values] = [Array.from(wantText(from)), Array.from(wantText(to))];
  if (keys.length !== values.length)
    throw valueError('the first two maketrans arguments must have equal length');
  keys.forEach((key, index) => {
    table.set(key.codePointAt(0)!, values[index]!.codePointAt(0)!);
  });
  for (const char of wantText(remove ?? '')) table.set(char.codePointAt(0)!, null);
  return table;
}

function partition(self: Value, separator: Value, last: boolean): Tuple {
  const part = wantText(separator);
  if (part === '') throw valueError('empty separator');
  const whole = text(self);
  const at = last ? whole.lastIndexOf(part) : whole.indexOf(part);
  if (at === -1) return new Tuple(last ? ['', '', whole] : [whole, '', '']);
  return new Tuple([whole.slice(0, at), part, whole.slice(at + part.length)]);
}

const plain = (change: (self: string) => string) => pyFunction('/', (self: Value) => change(text(self)));

/** The methods of str; the first argument of each body is the text itself. */
export const STRING_METHODS = functionTable({
  ...STRING_PREDICATES,
  capitalize: plain(capitalize),
  casefold: plain(caseFold),
  center: justifyMethod('center'),
  count: pyFunction('sub start? end? /', (self: Value, sub: Value, start?: Value, end?: Value) => {
    const points = codePoints(text(self));
    const [from, to] = bounds(points.length, start, end);
    if (from > to) return 0;
    return count(
      typeof points === 'string' ? points.slice(from, to) : points.slice(from, to).join(''),
      wantText(sub),
    );
  }),
  encode: pyFunction('encoding? errors?', () => {
    throw new UnsupportedError('bytes are not supported in templates, so str.encode is not');
  }),
  endswith: affixMethod('endsWith'),
  expandtabs: pyFunction('tabsize?', (self: Value, size?: Value) => expandTabs(text(self), indexOr(size, 8))),
  find: findMethod(false, false),
  format: pyFunction('*args **kwargs', (self: Value, args: Value[], keywords: Map<string, Value>) =>
    formatText(self, args, keywords),
  ),
  format_map: pyFunction('mapping /', (self: Value, mapping: Value) => formatMap(self, mapping)),
  index: findMethod(false, true),
  join: pyFunction('iterable /', (self: Value, items: Value) => join(self, items)),
  ljust: justifyMethod('left'),
  lower: plain((self) => self.toLowerCase()),
  lstrip: stripMethod(1),
  maketrans: pyFunction('x y? z? /', (_: Value, from: Value, to?: Value, remove?: Value) =>
    makeTranslation(from, to, remove),
  ),
  partition: pyFunction('sep /', (self: Value, separator: Value) => partition(self, separator, false)),
  removeprefix: pyFunction('prefix /', (self: Value, prefix: Value) => {
    const [whole, part] = [text(self), wantText(prefix)];
    return whole.startsWith(part) ? whole.slice(part.length) : whole;
  }),
  removesuffix: pyFunction('suffix /', (self: Value, suffix: Value) => {
    const [whole, part] = [text(self), wantText(suffix)];
    return part !== '' && whole.endsWith(part) ? whole.slice(0, -part.length) : whole;
  }),
  replace: pyFunction('old new count? /', (self: Value, old: Value, by: Value, limit?: Value) => {
    const replacement = wantText(by, 'replace() argument 2');
    const pair = [
      wantText(old, 'replace() argument 1'),
      self instanceof Markup ? markupOf(by) : replacement,
    ] as const;
    return replaceCounted(text(self), pair, indexOr(limit, -1));
  }),
  rfind: findMethod(true, false),
  rindex: findMethod(true, true),
  rjust: justifyMethod('right'),
  rpartition: pyFunction('sep /', (self: Value, separator: Value) => partition(self, separator, true)),
  rsplit: pyFunction('sep? maxsplit?', (self: Value, separator?: Value, limit?: Value) =>
    counted(splitFromEnd(text(self), wantTextOrNone(separator, 'sep'), indexOr(limit, -1))),
  ),
  rstrip: stripMethod(2),
  split: pyFunction('sep? maxsplit?', (self: Value, separator?: Value, limit?: Value) =>
    counted(split(text(self), wantTextOrNone(separator, 'sep'), indexOr(limit, -1))),
  ),
  splitlines: pyFunction('keepends?', (self: Value, keep?: Value) =>
    counted(splitLines(text(self), intFlag(keep))),
  ),
  startswith: affixMethod('startsWith'),
  strip: stripMethod(3),
  swapcase: plain(swapCase),
  title: plain(title),
  translate: pyFunction('table /', (self: Value, table: Value) => translate(text(self), table)),
  upper: plain((self) => self.toUpperCase()),
  zfill: pyFunction('width /', (self: Value, width: Value) => {
    const whole = text(self);
    const missing = wantIndex(width) - lengthOf(whole);
    if (missing <= 0) return whole;
    willMake(wantIndex(width));
    const sign = /^[+-]/.test(whole) ? whole[0]! : '';
    return sign + '0'.repeat(missing) + whole.slice(sign.length);
  }),
});

function counted(parts: string[]): Value[] {
  willHold(parts.length);
  return parts;
}

/** Python's str.replace, its result counted before it is made. */
export function replaceCounted(whole: string, pair: readonly [string, string], limit: number): string {
  const [old, by] = pair;
  if (by.length > old.length) {
    const times = limit < 0 ? count(whole, old) : Math.min(limit, count(whole, old));
    willMake(whole.length + times * (by.length - old.length));
  }
  return replace(whole, pair, limit);
}
