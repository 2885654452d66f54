import { PythonError, UnsupportedError, valueError } from '../errors.ts';
import { willCompute } from '../limits.ts';
import { Float } from './float.ts';
import { fraction, reprFloat } from './float-text.ts';
import { functionTable, pyFunction } from './function.ts';
import { asInt, bitsOf, type Int, int } from './numbers.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

/** How many bits of the magnitude are set. */
function bitCount(value: Int): number {
  willCompute(bitsOf(value));
  return value.toString(2).replace(/[-0]/g, '').length;
}

function bytesUnsupported(): never {
  throw new UnsupportedError('bytes are not supported in templates');
}

/** The methods of int and bool. */
export const INT_METHODS = functionTable({
  as_integer_ratio: pyFunction('/', (self: Value) => new Tuple([asInt(self)!, 1])),
  bit_count: pyFunction('/', (self: Value) => bitCount(asInt(self)!)),
  bit_length: pyFunction('/', (self: Value) => bitsOf(asInt(self)!)),
  conjugate: pyFunction('/', (self: Value) => asInt(self)!),
  from_bytes: pyFunction('*args **kwargs', bytesUnsupported),
  to_bytes: pyFunction('*args **kwargs', bytesUnsupported),
});

function ratio(value: number): Tuple {
  if (Number.isNaN(value)) throw valueError('cannot convert NaN to integer ratio');
  if (!Number.isFinite(value))
    throw new PythonError('OverflowError', 'cannot convert Infinity to integer ratio');
  let { numerator, denominator } = fraction(value);
  while (denominator > 1n && numerator % 2n === 0n) {
    numerator /= 2n;
    denominator /= 2n;
  }
  return new Tuple([int(numerator), int(denominator)]);
}

/** Python's float.hex: the sign, the bits of the fraction as hexadecimal digits, and the binary exponent. */
function hexText(value: number): string {
  if (!Number.isFinite(value)) return reprFloat(value);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const sign = bits >> 63n === 1n ? '-' : '';
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const digits = (bits & 0xfffffffffffffn).toString(16).padStart(13, '0');
  if (value === 0) return `${sign}0x0.0p+0`;
  const power = exponent === 0 ? -1022 : exponent - 1023;
  return `${sign}0x${exponent === 0 ? 0 : 1}.${digits}p${power < 0 ? '' : '+'}${power}`;
}

/** The methods of float. */
export const FLOAT_METHODS = functionTable({
  as_integer_ratio: pyFunction('/', (self: Float) => ratio(self.value)),
  conjugate: pyFunction('/', (self: Float) => self),
  fromhex: pyFunction('string /', () => {
    throw new UnsupportedError('float.fromhex is not supported in templates');
  }),
  hex: pyFunction('/', (self: Float) => hexText(self.value)),
  is_integer: pyFunction('/', (self: Float) => Number.isInteger(self.value)),
});

/** The attributes of numbers that aren't methods. */
export function numberAttribute(value: Value, name: string): Int | Float | undefined {
  const whole = asInt(value);
  if (whole === undefined && !(value instanceof Float)) return undefined;
  if (name === 'real') return whole ?? (value as Float);
  if (name === 'imag') return whole === undefined ? new Float(0) : 0;
  if (whole === undefined) return undefined;
  return name === 'numerator' ? whole : name === 'denominator' ? 1 : undefined;
}
