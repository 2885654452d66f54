import { fraction } from '../../jinja/values/float-text.ts';

/** Fractional bits of the fixed-point numbers below. */
const BITS = 160n;
const ONE = 1n << BITS;

/** ln((1 + z) / (1 - z)), z a fixed-point number well below 1. */
function logOfRatio(z: bigint): bigint {
  const square = (z * z) >> BITS;
  let term = z;
  let sum = 0n;
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += term / n;
    term = (term * square) >> BITS;
  }
  return 2n * sum;
}

const LN2 = logOfRatio(ONE / 3n);

/**
 * The natural logarithm of a positive, finite number, to the nearest double as the C library gives it; JavaScript's
 * own may be the next one.
 */
export function exactLog(x: number): number {
  const { numerator, denominator } = fraction(x);
  const exponent = BigInt(numerator.toString(2).length - denominator.toString(2).length);
  // Between 1/2 and 2.
  const mantissa =
    exponent >= 0n
      ? (numerator << BITS) / (denominator << exponent)
      : (numerator << (BITS - exponent)) / denominator;
  const ratio = ((mantissa - ONE) << BITS) / (mantissa + ONE);
  return toNearest(logOfRatio(ratio) + exponent * LN2);
}

/** A fixed-point number as the nearest double. */
function toNearest(fixed: bigint): number {
  const negative = fixed < 0n;
  const size = negative ? -fixed : fixed;
  const drop = BigInt(Math.max(0, size.toString(2).length - 53));
  let kept = size >> drop;
  const rest = size - (kept << drop);
  const half = drop === 0n ? 0n : 1n << (drop - 1n);
  if (drop > 0n && (rest > half || (rest === half && (kept & 1n) === 1n))) kept++;
  const value = Number(kept) * 2 ** (Number(drop) - Number(BITS));
  return negative ? -value : value;
}
