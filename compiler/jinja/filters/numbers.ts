import { FilterArgumentError, PythonError, typeError, valueError } from '../errors.ts';
import { willCompute } from '../limits.ts';
import { Undefined } from '../runtime/undefined.ts';
import { flag, indexOr } from '../values/arguments.ts';
import { Float } from '../values/float.ts';
import { fixed, roundFloat } from '../values/float-text.ts';
import { pyFunction } from '../values/function.ts';
import { typeName } from '../values/inspect.ts';
import {
  asInt,
  asNumber,
  asText,
  bitsOf,
  type Int,
  int,
  parseFloatText,
  parseIntText,
  powInt,
  toDouble,
  wantIndex,
} from '../values/numbers.ts';
import { div, mul, pow } from '../values/operators.ts';
import { truncate } from '../values/percent-format.ts';
import { reprText } from '../values/text.ts';
import { PyObject, type Value } from '../values/value.ts';

/** Python's float(value); undefined where that raises ValueError or TypeError. */
function toFloat(value: Value): number | undefined {
  if (value instanceof Undefined) value.fail();
  const number = asNumber(value);
  if (number !== undefined) return toDouble(number);
  const text = asText(value);
  return text === undefined ? undefined : parseFloatText(text);
}

/** Python's float(value). */
function wantFloat(value: Value): number {
  const number = toFloat(value);
  if (number !== undefined) return number;
  const text = asText(value);
  if (text !== undefined) throw valueError(`could not convert string to float: ${reprText(text)}`);
  throw typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`);
}

/** A float cut to an int, or undefined for NaN (ValueError) and, when asked, infinity (OverflowError). */
function cut(value: number): Int | undefined {
  return Number.isFinite(value) ? truncate(value) : undefined;
}

function toInt(value: Value, otherwise: Value, base: number): Value {
  if (value instanceof Undefined) value.fail();
  const number = asNumber(value);
  if (number instanceof Float) {
    // int(nan) is a ValueError, which the filter catches; int(inf) is an OverflowError, which it doesn't.
    if (Number.isNaN(number.value)) return otherwise;
    return truncate(number.value);
  }
  if (number !== undefined) return number;
  const text = asText(value);
  if (text === undefined) return otherwise;
  if (base !== 0 && (base < 2 || base > 36)) return orFloat(text, otherwise);
  const whole = safeInt(text, base);
  return whole === undefined ? orFloat(text, otherwise) : whole;
}

// The limit of 4,300 digits is a ValueError as well, after which the filter tries a float.
function safeInt(text: string, base: number): Int | undefined {
  try {
    return parseIntText(text, base);
  } catch (error) {
    if (error instanceof PythonError && error.name === 'ValueError') return undefined;
    throw error;
  }
}

function orFloat(text: string, otherwise: Value): Value {
  const number = parseFloatText(text);
  const whole = number === undefined ? undefined : cut(number);
  return whole === undefined ? otherwise : whole;
}

const DECIMAL = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
const BINARY = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];

function fileSize(value: Value, binary: boolean): string {
  const bytes = wantFloat(value);
  const base = binary ? 1024 : 1000;
  const units = binary ? BINARY : DECIMAL;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${truncate(bytes)} Bytes`;
  let index = 0;
  // Not `>=`: a nan is below no unit and ends with the last.
  while (index < units.length - 1 && !(bytes < unitSize(base, index))) index++;
  const size = (base * bytes) / unitSize(base, index);
  const text = Number.isNaN(size) ? 'nan' : Number.isFinite(size) ? fixed(size, 1) : 'inf';
  return `${text} ${units[index]}`;
}

function unitSize(base: number, index: number): number {
  return Number(powInt(base, index + 2));
}

/** Python's round() of a number, ints staying ints. */
function roundCommon(value: Value, precision: Value): Value {
  const number = asNumber(value);
  if (number === undefined) {
    if (value instanceof Undefined) throw typeError("type Undefined doesn't define __round__ method");
    throw typeError(`type ${typeName(value)} doesn't define __round__ method`);
  }
  const places = precision === null ? null : wantIndex(precision);
  if (number instanceof Float) {
    if (places === null) return truncate(roundFloat(number.value, 0));
    const rounded = roundFloat(number.value, places);
    if (!Number.isFinite(rounded) && Number.isFinite(number.value)) {
      throw new PythonError('OverflowError', 'rounded value too large to represent');
    }
    return new Float(rounded);
  }
  return places === null || places >= 0 ? number : roundInt(number, -places);
}

function roundInt(value: Int, places: number): Int {
  const bits = bitsOf(value);
  if (places > bits) return 0;
  willCompute(bits);
  const unit = 10n ** BigInt(places);
  const number = BigInt(value);
  const down = number - (((number % unit) + unit) % unit);
  const twice = (number - down) * 2n;
  const up = twice > unit || (twice === unit && (down / unit) % 2n !== 0n);
  return int(up ? down + unit : down);
}

function round(value: Value, precision: Value, method: Value): Value {
  const name = asText(method);
  if (name !== 'common' && name !== 'ceil' && name !== 'floor') {
    throw new FilterArgumentError('method must be common, ceil or floor');
  }
  if (name === 'common') return roundCommon(value, precision);
  const scale = pow(10, precision);
  const scaled = mul(value, scale);
  const number = asNumber(scaled);
  if (number === undefined) throw typeError(`must be real number, not ${typeName(scaled)}`);
  const whole =
    number instanceof Float
      ? truncate(name === 'ceil' ? Math.ceil(number.value) : Math.floor(number.value))
      : number;
  return div(whole, scale);
}

function abs(value: Value): Value {
  const number = asNumber(value);
  if (number instanceof Float) return new Float(Math.abs(number.value));
  if (number !== undefined) return number < 0 ? int(-BigInt(number)) : number;
  if (value instanceof PyObject && value instanceof Undefined) {
    throw typeError(`bad operand type for abs(): '${value.typeName}'`);
  }
  throw typeError(`bad operand type for abs(): '${typeName(value)}'`);
}

/** Jinja's filters of numbers. */
export const NUMBER_FILTERS = {
  abs: pyFunction('x /', abs),
  float: pyFunction('value default?', (value: Value, otherwise: Value = new Float(0)) => {
    const number = toFloat(value);
    return number === undefined ? otherwise : new Float(number);
  }),
  int: pyFunction('value default? base?', (value: Value, otherwise: Value = 0, base: Value = 10) =>
    // A base that is no int makes int() raise, which the filter takes for a text that is no number.
    toInt(
      value,
      otherwise,
      asText(value) === undefined ? 10 : asInt(base) === undefined ? 1 : indexOr(base, 10),
    ),
  ),
  round: pyFunction(
    'value precision? method?',
    (value: Value, precision: Value = 0, method: Value = 'common') => round(value, precision, method),
  ),
  filesizeformat: pyFunction('value binary?', (value: Value, binary?: Value) =>
    fileSize(value, flag(binary)),
  ),
};
