import { PythonError, typeError, valueError } from '../errors.ts';
import { willMake } from '../limits.ts';
import { Dict } from './dict.ts';
import { Float } from './float.ts';
import { exponential, fixed, general } from './float-text.ts';
import { isMapping, repr, str, typeName } from './inspect.ts';
import { Markup } from './markup.ts';
import { asInt, asNumber, asText, type Int, intText, parseFloatText, toDouble } from './numbers.ts';
import { escapeText, lengthOf, reprText } from './text.ts';
import { Tuple } from './tuple.ts';
import { PyObject, type PyText, type Value } from './value.ts';

const CONVERSION =
  /%(?:\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+)?)?([hlL])?([\s\S]?)/y;

interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

/** Python's `format % values`; a Markup format escapes its values and gives Markup. */
export function percentFormat(format: string | PyText, values: Value): Value {
  const text = typeof format === 'string' ? format : format.text;
  const safe = format instanceof Markup;
  const result = new Formatter(text, values, safe).run();
  return safe ? new Markup(result) : result;
}

class Formatter {
  readonly #text: string;
  readonly #values: Value;
  readonly #positional: readonly Value[];
  readonly #safe: boolean;
  #next = 0;
  #named = false;

  constructor(text: string, values: Value, safe: boolean) {
    this.#text = text;
    this.#values = values;
    this.#positional = values instanceof Tuple ? values.items : [values];
    this.#safe = safe;
  }

  run(): string {
    let out = '';
    let at = 0;
    while (true) {
      const percent = this.#text.indexOf('%', at);
      if (percent === -1) break;
      out += this.#text.slice(at, percent);
      CONVERSION.lastIndex = percent;
      const match = CONVERSION.exec(this.#text)!;
      out += this.#convert(match, percent);
      willMake(out.length);
      at = percent + match[0].length;
    }
    this.#checkAllUsed();
    return out + this.#text.slice(at);
  }

  #convert(match: RegExpExecArray, percent: number): string {
    const [, name, flags = '', width, precision, , type] = match;
    if (type === '' && this.#text[percent + 1] === '(' && name === undefined)
      throw valueError('incomplete format key');
    if (type === '') throw valueError('incomplete format');
    const fromMapping = name === undefined ? undefined : this.#item(name);
    const minimum = width === '*' ? this.#star() : Number(width ?? 0);
    const hasPoint =
      /\.(\*|\d+)?[hlL]?[\s\S]?$/.test(match[0]) && match[0].includes('.', match[0].indexOf(flags));
    const digits =
      precision === '*'
        ? this.#star()
        : precision === undefined
          ? hasPoint
            ? 0
            : undefined
          : Number(precision);
    if (type === '%') {
      if (match[0] === '%%') return '%';
      // Python takes an argument for it before it refuses it.
      if (fromMapping === undefined) this.#argument();
      failType(type);
    }
    const conversion = {
      flags: minimum < 0 ? `${flags}-` : flags,
      width: Math.abs(minimum),
      precision: digits === undefined ? undefined : Math.max(0, digits),
      type: type!,
    };
    willMake(conversion.width + (conversion.precision ?? 0));
    return formatValue(fromMapping === undefined ? this.#argument() : fromMapping, conversion, this.#safe);
  }

  #item(name: string): Value {
    this.#named = true;
    refuseUndefined(this.#values);
    if (!isMapping(this.#values)) throw typeError('format requires a mapping');
    const value = this.#values instanceof Dict ? this.#values.get(name) : this.#values.pyGetItem?.(name);
    if (value === undefined) throw new PythonError('KeyError', reprText(name));
    return value;
  }

  #argument(): Value {
    if (this.#next >= this.#positional.length) throw typeError('not enough arguments for format string');
    return this.#positional[this.#next++]!;
  }

  #star(): number {
    const value = asInt(this.#argument());
    if (value === undefined) throw typeError('* wants int');
    return Number(value);
  }

  #checkAllUsed(): void {
    const values = this.#values;
    if (this.#named || this.#next >= this.#positional.length) return;
    if (this.#next === 0 && !(values instanceof Tuple) && takesItems(values)) return;
    throw typeError('not all arguments converted during string formatting');
  }
}

/** What Python accepts as a mapping here: anything with items but str and tuple. */
function takesItems(value: Value): boolean {
  return (
    Array.isArray(value) ||
    value instanceof Dict ||
    (value instanceof PyObject && value.pyGetItem !== undefined)
  );
}

function formatValue(value: Value, conversion: Conversion, safe: boolean): string {
  const { type } = conversion;
  if (type === 's' || type === 'r' || type === 'a') return pad(textOf(value, conversion, safe), conversion);
  if (type === 'c') return pad(charOf(value), conversion);
  if ('diu'.includes(type)) return padNumber(...signed(wholeOf(value, type)), conversion);
  if ('oxX'.includes(type)) return radix(value, conversion);
  if ('eEfFgG'.includes(type)) return real(value, conversion);
  return failType(type);
}

function failType(type: string): never {
  throw valueError(`unsupported format character '${type}' (0x${type.codePointAt(0)!.toString(16)})`);
}

function textOf(value: Value, { type, precision }: Conversion, safe: boolean): string {
  let text = type === 's' ? str(value) : type === 'r' ? repr(value) : ascii(repr(value));
  if (safe && !(type === 's' && value instanceof Markup)) text = escapeText(text);
  return precision === undefined ? text : Array.from(text).slice(0, precision).join('');
}

/** Python's ascii() of a repr: what isn't ASCII as an escape. */
export function ascii(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, (char) => {
    const code = char.codePointAt(0)!;
    if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code <= 0xffff
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : `\\U${code.toString(16).padStart(8, '0')}`;
  });
}

function charOf(value: Value): string {
  const text = asText(value);
  if (text !== undefined && lengthOf(text) === 1) return text;
  const code = asInt(value);
  if (code === undefined) throw typeError('%c requires int or char');
  if (code < 0 || code > 0x10ffff) throw new PythonError('OverflowError', '%c arg not in range(0x110000)');
  return String.fromCodePoint(Number(code));
}

function wholeOf(value: Value, type: string): Int {
  const number = asNumber(value);
  if (number instanceof Float) return truncate(number.value);
  if (number !== undefined) return number;
  refuseUndefined(value);
  throw typeError(`%${type} format: a real number is required, not ${typeName(value)}`);
}

/** A float cut to an int. */
export function truncate(value: number): Int {
  if (Number.isNaN(value)) throw valueError('cannot convert float NaN to integer');
  if (!Number.isFinite(value))
    throw new PythonError('OverflowError', 'cannot convert float infinity to integer');
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole);
}

function signed(value: Int): [string, string] {
  const text = intText(value);
  return text.startsWith('-') ? ['-', text.slice(1)] : ['', text];
}

function radix(value: Value, conversion: Conversion): string {
  const number = asInt(value);
  const { type, flags } = conversion;
  if (number === undefined)
    throw typeError(`%${type} format: an integer is required, not ${typeName(value)}`);
  const digits = number.toString(type === 'o' ? 8 : 16).replace('-', '');
  const prefix = flags.includes('#') ? `0${type === 'o' ? 'o' : 'x'}` : '';
  const sign = number < 0 ? '-' : '';
  const [all, start] = type === 'X' ? [digits.toUpperCase(), prefix.toUpperCase()] : [digits, prefix];
  return padNumber(sign, all, conversion, start);
}

function real(value: Value, conversion: Conversion): string {
  const double = doubleOf(value);
  const { type, flags } = conversion;
  const negative = double < 0 || Object.is(double, -0);
  const text = realDigits(
    Math.abs(double),
    type.toLowerCase(),
    conversion.precision ?? 6,
    flags.includes('#'),
  );
  const digits = type >= 'a' ? text : text.toUpperCase();
  return padNumber(negative ? '-' : '', digits, { ...conversion, precision: undefined });
}

/** Lets an undefined value say that it can't become a number. */
function refuseUndefined(value: Value): void {
  if (value instanceof PyObject) value.pyOperate?.('float', value, false);
}

function doubleOf(value: Value): number {
  const number = asNumber(value);
  if (number !== undefined) return toDouble(number);
  refuseUndefined(value);
  const text = asText(value);
  if (text !== undefined && parseFloatText(text) === undefined)
    throw typeError('must be real number, not str');
  throw typeError(`must be real number, not ${typeName(value)}`);
}

/** The digits of a non-negative float in `e`, `f` or `g` notation. */
export function realDigits(value: number, type: string, precision: number, alternate: boolean): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return 'inf';
  willMake(precision);
  if (type === 'g') return general(value, precision, alternate);
  const text = type === 'e' ? exponential(value, precision) : fixed(value, precision);
  return alternate && precision === 0 ? text.replace(/^(\d+)/, '$1.') : text;
}

function pad(text: string, { flags, width }: Conversion): string {
  const missing = width - lengthOf(text);
  if (missing <= 0) return text;
  return flags.includes('-') ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
}

function padNumber(sign: string, digits: string, conversion: Conversion, prefix = ''): string {
  const { flags, width, precision } = conversion;
  const head = (sign || (flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '')) + prefix;
  const all = precision === undefined ? digits : digits.padStart(precision, '0');
  const missing = width - head.length - all.length;
  if (missing <= 0) return head + all;
  if (flags.includes('-')) return head + all + ' '.repeat(missing);
  return flags.includes('0') ? head + '0'.repeat(missing) + all : ' '.repeat(missing) + head + all;
}
