/** Python's repr of a float. */
export function reprFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) return `${mantissa}e${exponentSuffix(exponent)}`;
  const text =
    exponent < 0 ? value.toFixed(Math.max(0, digitsAfterPoint(mantissa) - exponent)) : String(value);
  return text.includes('.') ? text : `${text}.0`;
}

function digitsAfterPoint(mantissa: string): number {
  const point = mantissa.indexOf('.');
  return point === -1 ? 0 : mantissa.length - point - 1;
}

/** An exponent as Python writes it: a sign and at least two digits. */
function exponentSuffix(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A finite float as an exact fraction. */
export function fraction(value: number): { numerator: bigint; denominator: bigint } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const stored = bits & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? stored : stored | 0x10000000000000n;
  const sign = value < 0 ? -1n : 1n;
  const shift = BigInt(Math.max(exponent, 1) - 1075);
  if (shift >= 0n) return { numerator: sign * (mantissa << shift), denominator: 1n };
  return { numerator: sign * mantissa, denominator: 1n << -shift };
}

/** numerator / denominator rounded half to even; both non-negative. */
function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) return quotient + 1n;
  return quotient;
}

/** The absolute value of a finite float with exactly `places` digits after the point, rounded half to even (`%.2f`). */
export function fixed(value: number, places: number): string {
  const { numerator, denominator } = fraction(Math.abs(value));
  const scaled = divideRounded(numerator * 10n ** BigInt(places), denominator).toString();
  if (places === 0) return scaled;
  const digits = scaled.padStart(places + 1, '0');
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** The absolute value of a finite float as `digits` significant digits and the decimal exponent of the first. */
export function significant(value: number, digits: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: '0'.repeat(digits), exponent: 0 };
  const { numerator, denominator } = fraction(Math.abs(value));
  let exponent = Number(Math.abs(value).toExponential().split('e')[1]);
  const scale = digits - 1 - exponent;
  const rounded =
    scale >= 0
      ? divideRounded(numerator * 10n ** BigInt(scale), denominator)
      : divideRounded(numerator, denominator * 10n ** BigInt(-scale));
  let text = rounded.toString();
  if (text.length > digits) {
    text = text.slice(0, digits);
    exponent++;
  }
  return { digits: text, exponent };
}

/** `%e`: the absolute value of a finite float with `places` digits after the point. */
export function exponential(value: number, places: number): string {
  const { digits, exponent } = significant(value, places + 1);
  const mantissa = places === 0 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return `${mantissa}e${exponentSuffix(exponent)}`;
}

/** `%g`: at most `precision` significant digits, the shorter of both notations; trailing zeros only with `keepZeros`. */
export function general(value: number, precision: number, keepZeros = false): string {
  const wanted = Math.max(precision, 1);
  const { digits, exponent } = significant(value, wanted);
  const trim = (text: string) => (keepZeros || !text.includes('.') ? text : text.replace(/\.?0+$/, ''));
  if (exponent < -4 || exponent >= wanted) {
    const alone = keepZeros ? `${digits}.` : digits;
    const mantissa = digits.length === 1 ? alone : `${digits[0]}.${digits.slice(1)}`;
    return `${trim(mantissa)}e${exponentSuffix(exponent)}`;
  }
  if (exponent < 0) return trim(`0.${'0'.repeat(-exponent - 1)}${digits}`);
  if (digits.length <= exponent + 1) return keepZeros ? `${digits}.` : digits;
  return trim(`${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`);
}

/** Python's round(value, places) of a float: to the nearest, halves to even, by the float's exact value. */
export function roundFloat(value: number, places: number): number {
  if (!Number.isFinite(value) || value === 0 || places > 330) return value;
  if (places < -310) return value < 0 ? -0 : 0;
  const sign = value < 0 ? -1 : 1;
  if (places >= 0) return sign * Number(fixed(value, places));
  const { numerator, denominator } = fraction(Math.abs(value));
  const unit = 10n ** BigInt(-places);
  return sign * Number(divideRounded(numerator, denominator * unit) * unit);
}
