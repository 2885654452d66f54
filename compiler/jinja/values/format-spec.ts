import { PythonError, typeError, valueError } from '../errors.ts';
import { steps, willMake } from '../limits.ts';
import { Float } from './float.ts';
import { general, reprFloat } from './float-text.ts';
import { str, typeName } from './inspect.ts';
import { asInt, asNumber, asText, type Int, intText, toDouble } from './numbers.ts';
import { realDigits } from './percent-format.ts';
import { lengthOf } from './text.ts';
import type { Value } from './value.ts';

/** A parsed format specification: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`. */
interface Spec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  /** `z`: a zero has no sign. */
  readonly unsignedZero: boolean;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
  readonly whole: string;
}

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([\s\S])?$/u;

function parseSpec(text: string, value: Value): Spec {
  const match = SPEC.exec(text);
  if (!match) {
    if (/\.(?!\d)/.test(text)) throw valueError('Format specifier missing precision');
    throw valueError(`Invalid format specifier '${text}' for object of type '${typeName(value)}'`);
  }
  const [, fill, align, sign, unsignedZero, alternate, zero, width, grouping, precision, type] = match;
  return {
    fill: fill ?? (zero ? '0' : ' '),
    align: align ?? (zero ? '=' : ''),
    sign: sign ?? '',
    unsignedZero: unsignedZero !== undefined,
    alternate: alternate !== undefined,
    zero: zero !== undefined,
    width: Number(width ?? 0),
    grouping: grouping ?? '',
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? '',
    whole: text,
  };
}

/** Python's format(value, spec). */
export function formatSpec(value: Value, text: string): string {
  if (text === '') return str(value);
  const plain = asText(value);
  const number = plain === undefined ? asNumber(value) : undefined;
  if (plain === undefined && number === undefined)
    throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`);
  const spec = parseSpec(text, value);
  willMake(spec.width + (spec.precision ?? 0));
  checkGrouping(spec);
  if (number === undefined) return formatString(plain!, spec);
  if (typeof value === 'boolean' && spec.type === '') return formatInt(asInt(value)!, { ...spec, type: 'd' });
  if (number instanceof Float) return formatFloat(number.value, spec);
  return 'eEfFgG%'.includes(spec.type) && spec.type !== ''
    ? formatFloat(toDouble(number), spec)
    : formatInt(number, spec);
}

function checkGrouping({ grouping, type }: Spec): void {
  if (grouping === '' || 'deEfFgG%'.includes(type)) return;
  if (grouping === '_' && 'boxX'.includes(type)) return;
  throw valueError(`Cannot specify '${grouping}' with '${type}'.`);
}

function unknownCode(spec: Spec, type: string): never {
  throw valueError(`Unknown format code '${spec.type}' for object of type '${type}'`);
}

function formatString(text: string, spec: Spec): string {
  if (spec.type !== '' && spec.type !== 's') unknownCode(spec, 'str');
  if (spec.unsignedZero) {
    throw valueError('Negative zero coercion (z) not allowed in string format specifier');
  }
  if (spec.sign !== '') throw valueError('Sign not allowed in string format specifier');
  if (spec.alternate) throw valueError('Alternate form (#) not allowed in string format specifier');
  if (spec.grouping !== '') throw valueError(`Cannot specify '${spec.grouping}' with 's'.`);
  if (spec.align === '=' && !spec.zero)
    throw valueError("'=' alignment not allowed in string format specifier");
  const cut = spec.precision === undefined ? text : Array.from(text).slice(0, spec.precision).join('');
  return align(cut, { ...spec, align: spec.align === '=' ? '<' : spec.align || '<' });
}

function align(text: string, { width, fill, align: side }: Spec): string {
  const missing = width - lengthOf(text);
  if (missing <= 0) return text;
  const left = side === '<' ? 0 : side === '^' ? missing >> 1 : missing;
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

function formatInt(value: Int, spec: Spec): string {
  if (spec.precision !== undefined) throw valueError('Precision not allowed in integer format specifier');
  if (spec.unsignedZero) {
    throw valueError('Negative zero coercion (z) not allowed in format specifier with integer type');
  }
  if (spec.type === 'c' && spec.sign !== '') {
    throw valueError("Sign not allowed with integer format specifier 'c'");
  }
  if (spec.type === 'c' && spec.alternate) {
    throw valueError("Alternate form (#) not allowed with integer format specifier 'c'");
  }
  const [digits, prefix] = intDigits(value, spec);
  const every = 'box'.includes(spec.type.toLowerCase()) && spec.type !== '' ? 4 : 3;
  if (spec.grouping === ',' && every === 4) throw valueError(`Cannot specify ',' with '${spec.type}'.`);
  return number({ negative: value < 0, prefix, digits, every }, spec);
}

function intDigits(value: Int, spec: Spec): [string, string] {
  const prefix = (text: string) => (spec.alternate ? text : '');
  const radix = (base: number) => value.toString(base).replace('-', '');
  switch (spec.type) {
    case '':
    case 'd':
    case 'n':
      return [intText(value).replace('-', ''), ''];
    case 'b':
      return [radix(2), prefix('0b')];
    case 'o':
      return [radix(8), prefix('0o')];
    case 'x':
      return [radix(16), prefix('0x')];
    case 'X':
      return [radix(16).toUpperCase(), prefix('0X')];
    case 'c':
      if (value < 0 || value > 0x10ffff)
        throw new PythonError('OverflowError', '%c arg not in range(0x110000)');
      return [String.fromCodePoint(Number(value)), ''];
  }
  return unknownCode(spec, 'int');
}

function formatFloat(value: number, spec: Spec): string {
  let negative = value < 0 || Object.is(value, -0);
  const digits = floatDigits(Math.abs(value), spec);
  if (spec.unsignedZero && /^[0.]+(?:e[-+]0+)?%?$/i.test(digits)) negative = false;
  return number({ negative, prefix: '', digits, every: 3 }, spec);
}

function floatDigits(value: number, spec: Spec): string {
  const { precision, type, alternate } = spec;
  switch (type) {
    case 'e':
    case 'f':
    case 'g':
      return realDigits(value, type, precision ?? 6, alternate);
    case 'E':
    case 'F':
    case 'G':
      return realDigits(value, type.toLowerCase(), precision ?? 6, alternate).toUpperCase();
    case 'n':
      return realDigits(value, 'g', precision ?? 6, alternate);
    case '%':
      return `${realDigits(value * 100, 'f', precision ?? 6, alternate)}%`;
    case '':
      return precision === undefined || !Number.isFinite(value)
        ? reprFloat(value)
        : shortest(value, precision, alternate);
  }
  return unknownCode(spec, 'float');
}

/** The notation without a type: like `g`, but with a digit after the point, and exponents one digit earlier. */
function shortest(value: number, precision: number, alternate: boolean): string {
  const wanted = Math.max(precision, 1);
  const text = general(value, wanted);
  const exponent = value === 0 ? 0 : Number(value.toExponential(Math.min(100, wanted - 1)).split('e')[1]);
  if (alternate) {
    return exponent >= wanted - 1 ? realDigits(value, 'e', wanted - 1, true) : general(value, wanted, true);
  }
  if (!text.includes('e') && exponent >= wanted - 1 && wanted <= exponent + 1 && !text.includes('.')) {
    return exponent === wanted - 1 ? scientific(value, wanted) : text;
  }
  return text.includes('e') || text.includes('.') ? text : `${text}.0`;
}

function scientific(value: number, digits: number): string {
  return realDigits(value, 'e', digits - 1, false).replace(/\.0+(?=e)|(?<=\.\d*[1-9])0+(?=e)/, '');
}

interface NumberParts {
  readonly negative: boolean;
  readonly prefix: string;
  readonly digits: string;
  /** How many digits stand between separators. */
  readonly every: number;
}

function number({ negative, prefix, digits, every }: NumberParts, spec: Spec): string {
  const sign = negative ? '-' : spec.sign === '+' || spec.sign === ' ' ? spec.sign : '';
  const head = sign + prefix;
  const room = spec.fill === '0' && spec.align === '=' ? spec.width - head.length : 0;
  const finite = /^[0-9a-fA-F]/.test(digits);
  const body =
    spec.grouping === '' || !finite ? digits : group(digits, { separator: spec.grouping, every, room });
  if (spec.align === '=') return head + align(body, { ...spec, align: '>', width: spec.width - head.length });
  return align(head + body, { ...spec, align: spec.align || '>' });
}

/** Parts the whole digits in groups; zeros fill up to `room` columns, grouped as well. */
function group(
  text: string,
  { separator, every, room }: { separator: string; every: number; room: number },
): string {
  const [, whole = '', rest = ''] = /^([0-9a-fA-F]*)([\s\S]*)$/.exec(text) ?? [];
  const cut = /^\d*$/.test(whole) || every === 4 ? whole : (/^\d*/.exec(text)![0] ?? '');
  const tail = text.slice(cut.length) || (cut === whole ? rest : '');
  // As many digits as fill the room with a separator before each full group but the first; a separator never leads.
  const columns = room - tail.length;
  const wanted = columns - Math.floor((columns - 1) / (every + 1));
  return separate(cut.padStart(wanted, '0'), separator, every) + tail;
}

function separate(digits: string, separator: string, every: number): string {
  steps(digits.length >> 1);
  const parts: string[] = [];
  const first = digits.length % every;
  if (first > 0) parts.push(digits.slice(0, first));
  for (let at = first; at < digits.length; at += every) parts.push(digits.slice(at, at + every));
  return parts.join(separator);
}
