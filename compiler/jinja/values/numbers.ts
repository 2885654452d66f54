import { PythonError, typeError, valueError } from '../errors.ts';
import { steps, used, willCompute } from '../limits.ts';
import { failIfClosed } from './fail-if-closed.ts';
import { Float } from './float.ts';
import { SPACE } from './text.ts';
import { PyText, type Value } from './value.ts';

/** A Python int. */
export type Int = number | bigint;

/** The int as this engine keeps it: a number within the safe integers, a bigint beyond. */
export function int(value: bigint): Int {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** The int that a value is (bool counts), or undefined. */
export function asInt(value: Value): Int | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return undefined;
}

/** The number that a value is, ints and floats told apart, or undefined. */
export function asNumber(value: Value): Int | Float | undefined {
  return value instanceof Float ? value : asInt(value);
}

export function isNumber(value: Value): boolean {
  return asNumber(value) !== undefined;
}

/** The JavaScript number nearest to an int or float; `OverflowError` when an int is too large for a float. */
export function toDouble(value: Int | Float): number {
  if (value instanceof Float) return value.value;
  const double = Number(value);
  if (!Number.isFinite(double)) throw new PythonError('OverflowError', 'int too large to convert to float');
  return double;
}

/** The bits of an int's magnitude. */
export function bitsOf(value: Int): number {
  const hex = (value < 0 ? -value : value).toString(16);
  return value === 0 ? 0 : (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0]!, 16)));
}

/** An argument that must be an int: an index, a count, a width. */
export function wantInt(value: Value): Int {
  const number = asInt(value);
  if (number !== undefined) return number;
  throw typeError(`'${typeNameOf(value)}' object cannot be interpreted as an integer`);
}

/** An int argument as a JavaScript number; huge ones become ±2^53. */
export function wantIndex(value: Value): number {
  const number = wantInt(value);
  if (typeof number === 'number') return number;
  return number > 0n ? Number.MAX_SAFE_INTEGER : -Number.MAX_SAFE_INTEGER;
}

function typeNameOf(value: Value): string {
  failIfClosed(value);
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (value instanceof Float) return 'float';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' && 'typeName' in value ? value.typeName : 'object';
}

/** Decimal digits that Python reads or writes of an int. */
const DIGITS = 4300;

/** The bits that so many digits need at most; a longer int is not written to be counted, which takes quadratic time. */
const DIGITS_BITS = Math.ceil(DIGITS * Math.log2(10));

function tooManyDigits(): never {
  throw valueError(`Exceeds the limit (${DIGITS} digits) for integer string conversion`);
}

/** The decimal digits of an int; Python refuses over 4,300. */
export function intText(value: Int): string {
  if (typeof value === 'number') return String(value);
  const bits = bitsOf(value);
  if (bits > DIGITS_BITS) tooManyDigits();
  steps(bits >> 4);
  const text = value.toString();
  if (text.length > DIGITS + (value < 0n ? 1 : 0)) tooManyDigits();
  return text;
}

/** The int of decimal digits, with a sign or none; Python refuses over 4,300. */
export function intOfDigits(text: string): Int {
  if (text.length <= 15) return Number(text) + 0;
  if (text.length > DIGITS + (/^[-+]/.test(text) ? 1 : 0)) tooManyDigits();
  steps(text.length >> 3);
  return int(BigInt(text));
}

/** Counts a division, which takes time by the length of the divisor and of the quotient. */
function willDivide(a: Int, b: Int): void {
  const [dividend, divisor] = [bitsOf(a), bitsOf(b)];
  willCompute(dividend);
  steps(Math.ceil((Math.max(0, dividend - divisor) * divisor) / 2 ** 20));
}

/** Python's divmod of ints: the quotient rounded down, the remainder with the divisor's sign. */
export function divmodInt(a: Int, b: Int): [Int, Int] {
  if (typeof a === 'number' && typeof b === 'number') {
    const remainder = a % b;
    const modulo = remainder !== 0 && remainder < 0 !== b < 0 ? remainder + b : remainder + 0;
    return [(a - modulo) / b + 0, modulo];
  }
  willDivide(a, b);
  const [x, y] = [BigInt(a), BigInt(b)];
  const remainder = x % y;
  const modulo = remainder !== 0n && remainder < 0n !== y < 0n ? remainder + y : remainder;
  return [int((x - modulo) / y), int(modulo)];
}

/** Python's divmod of floats. */
export function divmodFloat(a: number, b: number): [number, number] {
  let modulo = a % b;
  let quotient = (a - modulo) / b;
  if (modulo !== 0) {
    if (b < 0 !== modulo < 0) {
      modulo += b;
      quotient -= 1;
    }
  } else modulo = Object.is(b, -0) || b < 0 ? -0 : 0;
  if (quotient === 0) return [a / b < 0 || Object.is(a / b, -0) ? -0 : 0, modulo];
  const floor = Math.floor(quotient);
  return [quotient - floor > 0.5 ? floor + 1 : floor, modulo];
}

/** a ** b for ints, b not negative. */
export function powInt(a: Int, b: Int): Int {
  const base = BigInt(a);
  if (base === 0n || base === 1n) return BigInt(b) === 0n ? 1 : Number(base);
  if (base === -1n) return BigInt(b) % 2n === 0n ? 1 : -1;
  const bits = Number(b) * Math.log2(Math.abs(Number(a)) || 1);
  willCompute(Number.isFinite(bits) ? bits : used.limits.maxBits + 1);
  return int(base ** BigInt(b));
}

/** int / int as Python rounds it: correctly, also where the ints are larger than a float holds exactly. */
export function divideInt(a: Int, b: Int): number {
  if (typeof a === 'number' && typeof b === 'number') return a / b;
  willDivide(a, b);
  const [x, y] = [BigInt(a), BigInt(b)];
  const negative = x < 0n !== y < 0n;
  const [n, d] = [x < 0n ? -x : x, y < 0n ? -y : y];
  const shift = Math.max(0, 66 - (bitsOf(n) - bitsOf(d)));
  const scaled = (n << BigInt(shift)) / d;
  const exact = scaled * d === n << BigInt(shift);
  const quotient = Number(exact ? scaled : scaled | 1n);
  if (!Number.isFinite(quotient))
    throw new PythonError('OverflowError', 'integer division result too large for a float');
  const result = shift > 1000 ? quotient / 2 ** 1000 / 2 ** (shift - 1000) : quotient / 2 ** shift;
  return negative ? -result : result;
}

const INT_TEXT = new RegExp(`^[${SPACE}]*([+-]?)(0[xob])?_?([0-9a-z]+(?:_[0-9a-z]+)*)[${SPACE}]*$`, 'i');
const PREFIX_BASE: Record<string, number> = { '0x': 16, '0o': 8, '0b': 2 };

/** Python's int(text, base), or undefined where that raises ValueError. */
export function parseIntText(text: string, base = 10): Int | undefined {
  const match = INT_TEXT.exec(asciiDigits(text));
  if (!match) return undefined;
  let [, sign, prefix, digits] = match as unknown as [string, string, string | undefined, string];
  let radix = base;
  if (prefix !== undefined) {
    const meant = PREFIX_BASE[prefix.toLowerCase()]!;
    if (base === 0 || base === meant) radix = meant;
    else {
      if (text.includes('_') && /0[xob]_/i.test(text)) return undefined;
      digits = prefix + digits;
    }
  } else if (/^[^0-9a-z]*_/i.test(text.replace(new RegExp(`^[${SPACE}]*[+-]?`), ''))) return undefined;
  if (radix === 0) {
    if (/^0[0_]*[1-9a-z]/i.test(digits)) return undefined;
    radix = 10;
  }
  const plain = digits.replaceAll('_', '').toLowerCase();
  if (Math.log2(radix) % 1 !== 0 && plain.length > DIGITS) tooManyDigits();
  willCompute(plain.length * Math.log2(radix));
  const value = digitsToInt(plain, radix);
  return value === undefined ? undefined : int(sign === '-' ? -value : value);
}

/** Digits that make a number, whatever their radix. */
const CHUNK = 10;

/** The int of lower-case digits, or undefined where one is too large for the radix. */
function digitsToInt(digits: string, radix: number): bigint | undefined {
  const largest = (radix - 1).toString(radix);
  for (const digit of digits) if (digit > largest) return undefined;
  if (radix === 10) return BigInt(digits);
  if (radix === 16) return BigInt(`0x${digits}`);
  let value = 0n;
  for (let at = 0; at < digits.length; at += CHUNK) {
    const chunk = digits.slice(at, at + CHUNK);
    value = value * BigInt(radix) ** BigInt(chunk.length) + BigInt(Number.parseInt(chunk, radix));
  }
  return value;
}

/** The decimal digits of other scripts as ASCII ones, which int() and float() take as well. */
export function asciiDigits(text: string): string {
  if (!/[^\x00-\x7f]/.test(text)) return text;
  return text.replace(/\p{Nd}/gu, (char) => {
    let zero = char.codePointAt(0)!;
    const value = zero;
    while (value - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return String((value - zero) % 10);
  });
}

const FLOAT_TEXT =
  /^[+-]?(?:(?:\d+(?:_\d+)*)(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const FLOAT_WORD = /^([+-]?)(inf|infinity|nan)$/i;
const TRIM = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, 'g');

/** Python's float(text), or undefined where that raises ValueError. */
export function parseFloatText(text: string): number | undefined {
  const trimmed = asciiDigits(text.length > 10_000 ? text : text.replace(TRIM, ''));
  const word = FLOAT_WORD.exec(trimmed);
  if (word) return word[2]!.toLowerCase() === 'nan' ? Number.NaN : word[1] === '-' ? -Infinity : Infinity;
  if (!FLOAT_TEXT.test(trimmed)) return undefined;
  return Number(trimmed.replaceAll('_', ''));
}

/** The text of a str or a subclass of it, or undefined. */
export function asText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof PyText ? value.text : undefined;
}
