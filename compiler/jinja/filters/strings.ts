import { FilterArgumentError, PythonError } from '../errors.ts';
import { made, willHold, willMake } from '../limits.ts';
import type { Context } from '../runtime/context.ts';
import { escapeHtml } from '../runtime/runtime.ts';
import { Undefined } from '../runtime/undefined.ts';
import { flag, wantTextOrNone } from '../values/arguments.ts';
import { Dict } from '../values/dict.ts';
import { contextFunction, pyFunction } from '../values/function.ts';
import { isHtml, iterate, length, str, toArray, truth, typeName } from '../values/inspect.ts';
import { Markup } from '../values/markup.ts';
import { asText, wantIndex } from '../values/numbers.ts';
import { add, mul } from '../values/operators.ts';
import { percentFormat } from '../values/percent-format.ts';
import { SliceValue, sliceValue } from '../values/slice.ts';
import { splitFromEnd, strip } from '../values/split.ts';
import { join as joinMethod, joinTexts, justify, replaceCounted } from '../values/string-methods.ts';
import { capitalize, escapeText, SPACE, sliceText, splitLines } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { PyText, type Value } from '../values/value.ts';
import { attributeReader } from './attributes.ts';
import { wrapText } from './text-wrap.ts';

/** The text of any value, and whether it was Markup, which its changes stay. */
function soft(value: Value): { text: string; wrap: (text: string) => Value } {
  const wrap = value instanceof Markup ? (text: string) => new Markup(text) : (text: string) => text;
  return { text: str(value), wrap };
}

/** A filter that changes a text, and keeps Markup Markup. */
function change(parameters: string, by: (text: string, ...args: Value[]) => string) {
  return pyFunction(parameters, (value: Value, ...args: Value[]) => {
    const { text, wrap } = soft(value);
    return wrap(by(text, ...args));
  });
}

const WORD_START = new RegExp(`([-${SPACE}({[<]+)`, 'u');

function title(text: string): string {
  return text
    .split(WORD_START)
    .map((word) => {
      const [first] = word;
      return first === undefined ? '' : first.toUpperCase() + word.slice(first.length).toLowerCase();
    })
    .join('');
}

/** The lines of a text, counted. */
function counted(text: string): string[] {
  const lines = splitLines(text);
  willHold(lines.length);
  return lines;
}

/** The text of a value on which Jinja calls a method of str. */
function wantMethod(value: Value, method: string): string {
  const text = asText(value);
  if (text !== undefined) return text;
  if (value instanceof Undefined) value.fail();
  throw new PythonError('AttributeError', `'${typeName(value)}' object has no attribute '${method}'`);
}

function indent(value: Value, width: Value, options: { first: boolean; blank: boolean }): Value {
  const safe = value instanceof Markup;
  const indention = asText(width) ?? str(mul(' ', width));
  const lines = counted(wantMethod(Array.isArray(value) ? value : add(value, '\n'), 'splitlines'));
  if (width instanceof Markup && !safe) return indentByMarkup(lines, indention, options);
  const prefix = (line: string, index: number) => {
    if (index === 0) return options.first ? indention + line : line;
    return options.blank || line !== '' ? indention + line : line;
  };
  let length = lines.length;
  for (const line of lines) length += line.length + indention.length;
  willMake(length);
  const result = lines.map(prefix).join('\n');
  return safe ? new Markup(result) : result;
}

/** A plain text indented by a Markup: as in Python, what the Markup is joined to is escaped, and only that. */
function indentByMarkup(
  lines: readonly string[],
  indention: string,
  options: { first: boolean; blank: boolean },
): Value {
  const safe = new Markup(indention);
  const result: Value = options.blank
    ? new Markup(joinTexts(lines.map(escapeText), `\n${indention}`))
    : joinTexts(
        lines.map((line, index) => (index === 0 || line === '' ? line : indention + escapeText(line))),
        '\n',
      );
  return options.first ? add(safe, result) : result;
}

/** An int that Jinja computes with: what is undefined fails as such. */
function wantLength(value: Value): number {
  return value instanceof Undefined ? value.fail() : wantIndex(value);
}

function truncate(
  context: Context,
  value: Value,
  options: { length: Value; kill: boolean; end: Value; leeway: Value },
) {
  const text = asText(value);
  const limit = wantLength(options.length);
  const leeway =
    options.leeway === null ? context.environment.policies.truncateLeeway : wantLength(options.leeway);
  const endLength = length(options.end);
  if (limit < endLength) {
    throw new PythonError('AssertionError', `expected length >= ${endLength}, got ${limit}`);
  }
  if (leeway < 0) throw new PythonError('AssertionError', `expected leeway >= 0, got ${leeway}`);
  if (length(value) <= limit + leeway) return value;
  if (text === undefined) {
    const cut = sliceValue(value, new SliceValue(null, limit - endLength, null));
    return options.kill ? add(cut, options.end) : wantMethod(cut, 'rsplit');
  }
  const cut = sliceText(text, 0, limit - endLength);
  const kept = options.kill ? cut : splitFromEnd(cut, ' ', 1)[0]!;
  return add(value instanceof Markup ? new Markup(kept) : kept, options.end);
}

function replaceFilter(context: Context, value: Value, [old, by]: [Value, Value], limit: Value): Value {
  const times = limit === null ? -1 : wantIndex(limit);
  if (!context.autoescape) return replaceCounted(str(value), [str(old), str(by)], times);
  const escapes = isHtml(old) || (isHtml(by) && !isHtml(value));
  const safe = escapes || value instanceof Markup;
  const text = escapes ? escapeHtml(value) : str(value);
  const replacement = safe ? escapeHtml(by) : str(by);
  const result = replaceCounted(text, [str(old), replacement], times);
  return safe ? new Markup(result) : result;
}

function join(context: Context, value: Value, separator: Value, attribute: Value): Value {
  const read = attribute === null ? undefined : attributeReader(context.environment, attribute);
  const items = read ? Array.from(iterate(value), read) : value;
  if (!context.autoescape) return joinTexts(toArray(items).map(str), str(separator));
  const parts = toArray(items);
  if (isHtml(separator) || !parts.some(isHtml)) {
    const texts = parts.map((part) => (asText(part) === undefined ? str(part) : part));
    if (!(separator instanceof Markup)) return joinTexts(texts.map(str), str(separator));
    return new Markup(joinMethod(separator, texts));
  }
  return new Markup(joinTexts(parts.map(escapeHtml), escapeHtml(separator)));
}

function format(value: Value, args: readonly Value[], keywords: ReadonlyMap<string, Value>): Value {
  if (args.length > 0 && keywords.size > 0) {
    throw new FilterArgumentError("can't handle positional and keyword arguments at the same time");
  }
  const values = keywords.size > 0 ? new Dict(keywords) : new Tuple(args);
  return percentFormat(value instanceof PyText ? value : str(value), values);
}

/** Python's str.splitlines, each line wrapped on its own. */
function wordWrap(context: Context, value: Value, options: WrapArguments): Value {
  const separator =
    wantTextOrNone(options.wrapstring, 'wrapstring') ?? context.environment.syntax.newlineSequence;
  const wrap = {
    width: wantLength(options.width),
    breakLong: options.breakLong,
    onHyphens: options.onHyphens,
  };
  const safe = options.wrapstring instanceof Markup;
  const lines = counted(wantMethod(value, 'splitlines')).map((line) => {
    const wrapped = wrapText(line, wrap);
    return (safe ? wrapped.map(escapeText) : wrapped).join(separator);
  });
  const text = made(lines.join(separator));
  return safe ? new Markup(text) : text;
}

interface WrapArguments {
  readonly width: Value;
  readonly breakLong: boolean;
  readonly wrapstring: Value;
  readonly onHyphens: boolean;
}

/** Jinja's filters of texts. */
export const STRING_FILTERS = {
  capitalize: change('s', capitalize),
  center: change('value width?', (text, width = 80) => justify(text, 'center', [wantIndex(width)])),
  lower: change('s', (text) => text.toLowerCase()),
  upper: change('s', (text) => text.toUpperCase()),
  title: pyFunction('s', (value: Value) => title(str(value))),
  trim: change('value chars?', (text, chars) => strip(text, wantTextOrNone(chars, 'strip arg'), 3)),
  string: pyFunction('object /', (value: Value) => (value instanceof PyText ? value : str(value))),
  safe: pyFunction('value', (value: Value) => new Markup(value instanceof Markup ? value.text : str(value))),
  escape: pyFunction('s /', (value: Value) => new Markup(escapeHtml(value))),
  forceescape: pyFunction('value', (value: Value) => new Markup(escapeText(str(value)))),
  wordcount: pyFunction('s', (value: Value) => str(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  replace: contextFunction(
    's old new count?',
    (context: Context, value: Value, old: Value, by: Value, limit: Value = null) =>
      replaceFilter(context, value, [old, by], limit),
  ),
  format: pyFunction('value *args **kwargs', format),
  join: contextFunction(
    'value d? attribute?',
    (context: Context, value: Value, separator: Value = '', attribute: Value = null) =>
      join(context, value, separator, attribute),
  ),
  indent: pyFunction(
    's width? first? blank?',
    (value: Value, width: Value = 4, first?: Value, blank?: Value) =>
      indent(value, width, { first: flag(first), blank: flag(blank) }),
  ),
  truncate: contextFunction(
    's length? killwords? end? leeway?',
    (
      context: Context,
      value: Value,
      length: Value = 255,
      kill: Value = false,
      end: Value = '...',
      leeway: Value = null,
    ) => truncate(context, value, { length, kill: truth(kill), end, leeway }),
  ),
  wordwrap: contextFunction(
    's width? break_long_words? wrapstring? break_on_hyphens?',
    (
      context: Context,
      value: Value,
      width: Value = 79,
      long: Value = true,
      wrapstring: Value = null,
      hyphens: Value = true,
      // textwrap asks whether break_on_hyphens is True itself, not whether it is true.
    ) => wordWrap(context, value, { width, breakLong: truth(long), wrapstring, onHyphens: hyphens === true }),
  ),
};
