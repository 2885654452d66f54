import { PythonError, typeError, UnsupportedError } from '../errors.ts';
import { willCompute, willHold, willMake } from '../limits.ts';
import { Dict } from './dict.ts';
import { Float } from './float.ts';
import { typeName } from './inspect.ts';
import { Markup } from './markup.ts';
import {
  asInt,
  asNumber,
  asText,
  bitsOf,
  divideInt,
  divmodFloat,
  divmodInt,
  type Int,
  int,
  powInt,
  toDouble,
} from './numbers.ts';
import { percentFormat } from './percent-format.ts';
import { escapeText } from './text.ts';
import { Tuple } from './tuple.ts';
import { PyObject, PyText, type Value } from './value.ts';

/** Lets an object on either side decide, or raises Python's TypeError. */
function fallback(operator: string, a: Value, b: Value): Value {
  if (a instanceof PyObject && a.pyOperate) {
    const result = a.pyOperate(operator, b, false);
    if (result !== undefined) return result;
  }
  if (b instanceof PyObject && b.pyOperate) {
    const result = b.pyOperate(operator, a, true);
    if (result !== undefined) return result;
  }
  const shown = operator === '**' ? '** or pow()' : operator;
  throw typeError(`unsupported operand type(s) for ${shown}: '${typeName(a)}' and '${typeName(b)}'`);
}

/** Escapes what isn't Markup. */
export function markupOf(value: Value): string {
  return value instanceof Markup ? value.text : escapeText(asText(value) ?? '');
}

/** A text as Markup; any other value as it is. */
export function asMarkup(value: Value): Value {
  const text = asText(value);
  if (text !== undefined) return new Markup(text);
  return value instanceof PyObject && value.pyMarkup ? value.pyMarkup() : value;
}

export function add(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    return Number.isSafeInteger(sum) ? sum : int(BigInt(a) + BigInt(b));
  }
  if (typeof a === 'string' && typeof b === 'string') {
    willMake(a.length + b.length);
    return a + b;
  }
  return addOthers(a, b);
}

function addOthers(a: Value, b: Value): Value {
  const [left, right] = [asText(a), asText(b)];
  if (left !== undefined && right !== undefined) {
    willMake(left.length + right.length);
    if (a instanceof Markup || b instanceof Markup) return new Markup(markupOf(a) + markupOf(b));
    return left + right;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    willHold(a.length + b.length);
    return a.concat(b);
  }
  if (a instanceof Tuple && b instanceof Tuple) {
    willHold(a.items.length + b.items.length);
    return new Tuple([...a.items, ...b.items]);
  }
  return arithmetic('+', a, b);
}

/** `+`, `-` and `*` of numbers. */
function arithmetic(operator: '+' | '-' | '*', a: Value, b: Value): Value {
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x === undefined || y === undefined) return fallback(operator, a, b);
  if (x instanceof Float || y instanceof Float) {
    const [p, q] = [toDouble(x), toDouble(y)];
    return new Float(operator === '+' ? p + q : operator === '-' ? p - q : p * q);
  }
  if (operator === '*') {
    if (typeof x === 'bigint' || typeof y === 'bigint') willCompute(bitsOf(x) + bitsOf(y));
    return int(BigInt(x) * BigInt(y));
  }
  if (typeof x === 'bigint' || typeof y === 'bigint') willCompute(Math.max(bitsOf(x), bitsOf(y)));
  return int(operator === '+' ? BigInt(x) + BigInt(y) : BigInt(x) - BigInt(y));
}

export function sub(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference + 0;
  }
  return arithmetic('-', a, b);
}

export function mul(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  const [count, times] = [asInt(b), asInt(a)];
  if (count !== undefined && isSequence(a)) return repeat(a, count);
  if (times !== undefined && isSequence(b)) return repeat(b, times);
  // Markup has a multiplication of its own, which asks nobody else.
  if (a instanceof Markup) throw typeError(`'${typeName(b)}' object cannot be interpreted as an integer`);
  return arithmetic('*', a, b);
}

function isSequence(value: Value): value is string | PyText | Value[] | Tuple {
  return (
    typeof value === 'string' || Array.isArray(value) || value instanceof Tuple || value instanceof PyText
  );
}

function repeat(value: string | PyText | Value[] | Tuple, count: Int): Value {
  const times = Math.max(0, Number(count));
  if (typeof value === 'string' || value instanceof PyText) {
    const text = typeof value === 'string' ? value : value.text;
    if (text !== '') willMake(text.length * times);
    const repeated = text === '' ? '' : text.repeat(times);
    return value instanceof Markup ? new Markup(repeated) : repeated;
  }
  const items = Array.isArray(value) ? value : value.items;
  if (items.length > 0) willHold(items.length * times);
  const repeated = items.length === 0 ? [] : Array.from({ length: times }, () => items).flat(1);
  return Array.isArray(value) ? repeated : new Tuple(repeated);
}

export function div(a: Value, b: Value): Value {
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x === undefined || y === undefined) return fallback('/', a, b);
  if (x instanceof Float || y instanceof Float) {
    const [p, q] = [toDouble(x), toDouble(y)];
    if (q === 0) throw new PythonError('ZeroDivisionError', 'float division by zero');
    return new Float(p / q);
  }
  if (y === 0) throw new PythonError('ZeroDivisionError', 'division by zero');
  return new Float(divideInt(x, y));
}

export function floordiv(a: Value, b: Value): Value {
  return divide('//', a, b)[0];
}

export function mod(a: Value, b: Value): Value {
  const format = asText(a);
  if (format !== undefined) return percentFormat(a as string | PyText, b);
  return divide('%', a, b)[1];
}

/** Python's divmod. */
function divide(operator: '//' | '%', a: Value, b: Value): [Value, Value] {
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x === undefined || y === undefined) {
    const result = fallback(operator, a, b);
    return [result, result];
  }
  if (x instanceof Float || y instanceof Float) {
    const [p, q] = [toDouble(x), toDouble(y)];
    const what = operator === '%' ? 'float modulo' : 'float floor division by zero';
    if (q === 0) throw new PythonError('ZeroDivisionError', what);
    const [quotient, modulo] = divmodFloat(p, q);
    return [new Float(quotient), new Float(modulo)];
  }
  if (y === 0) throw new PythonError('ZeroDivisionError', 'integer division or modulo by zero');
  return divmodInt(x, y);
}

export function pow(a: Value, b: Value): Value {
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x === undefined || y === undefined) return fallback('**', a, b);
  if (!(x instanceof Float || y instanceof Float) && y >= 0) return powInt(x, y);
  return new Float(powFloat(toDouble(x), toDouble(y)));
}

function powFloat(base: number, exponent: number): number {
  if (base === 0 && exponent < 0 && Number.isFinite(exponent)) {
    throw new PythonError('ZeroDivisionError', '0.0 cannot be raised to a negative power');
  }
  if (base === 1 || exponent === 0) return 1;
  if (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) return 1;
  if (base < 0 && Number.isFinite(base) && Number.isFinite(exponent) && !Number.isInteger(exponent)) {
    throw new UnsupportedError('the result is a complex number, which templates here do not have');
  }
  const result = base ** exponent;
  if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent)) {
    throw new PythonError('OverflowError', "(34, 'Numerical result out of range')");
  }
  return result;
}

export function neg(value: Value): Value {
  const number = asNumber(value);
  if (number === undefined) return unaryFallback('-', value);
  if (number instanceof Float) return new Float(-number.value);
  return typeof number === 'number' ? 0 - number : int(-number);
}

export function pos(value: Value): Value {
  return asNumber(value) ?? unaryFallback('+', value);
}

function unaryFallback(operator: '+' | '-', value: Value): Value {
  const result = value instanceof PyObject ? value.pyOperate?.(operator, null, false) : undefined;
  if (result !== undefined) return result;
  throw typeError(`bad operand type for unary ${operator}: '${typeName(value)}'`);
}

/** The value of a Dict that a display like `{'a': 1}` makes. */
export function dictOf(items: readonly Value[]): Dict {
  const dict = new Dict();
  for (let index = 0; index < items.length; index += 2) dict.set(items[index]!, items[index + 1]!);
  return dict;
}
