import { Float } from '../../jinja/values/float.ts';
import { Tuple } from '../../jinja/values/tuple.ts';
import type { Value } from '../../jinja/values/value.ts';

const BITS = 61n;
const MODULUS = 2n ** BITS - 1n;
const HASH_OF_INFINITY = 314_159n;

// The constants of CPython's tuplehash, which is xxHash's.
const PRIME_1 = 11_400_714_785_074_694_791n;
const PRIME_2 = 14_029_467_366_897_019_727n;
const PRIME_5 = 2_870_177_450_012_600_261n;
const LENGTH_MARK = PRIME_5 ^ 3_527_539n;
const ALL_ONES = 2n ** 64n - 1n;
const HASH_OF_ALL_ONES = 1_546_275_796n;

/** CPython's hash() of a number or of a tuple of such; undefined where it differs from run to run, as that of a text. */
export function pythonHash(value: Value): bigint | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number' || typeof value === 'bigint') return hashOfInt(BigInt(value));
  if (value instanceof Float) return hashOfFloat(value.value);
  return value instanceof Tuple ? hashOfTuple(value.items) : undefined;
}

export function hashOfInt(int: bigint): bigint {
  return notError(int % MODULUS);
}

/** -1 is how C functions tell of an error. */
function notError(hash: bigint): bigint {
  return hash === -1n ? -2n : hash;
}

/** That of the fraction modulo MODULUS, where a half is 2 ** 60. */
function hashOfFloat(float: number): bigint | undefined {
  if (Number.isNaN(float)) return undefined;
  if (!Number.isFinite(float)) return float > 0 ? HASH_OF_INFINITY : -HASH_OF_INFINITY;
  let mantissa = Math.abs(float);
  let halves = 0n;
  // Doubling is exact but for numbers so large that they are whole.
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    halves++;
  }
  const hash = (BigInt(mantissa) << ((BITS - (halves % BITS)) % BITS)) % MODULUS;
  return notError(float < 0 ? -hash : hash);
}

function hashOfTuple(items: readonly Value[]): bigint | undefined {
  let sum = PRIME_5;
  for (const item of items) {
    const hash = pythonHash(item);
    if (hash === undefined) return undefined;
    sum = BigInt.asUintN(64, sum + BigInt.asUintN(64, hash) * PRIME_2);
    sum = BigInt.asUintN(64, ((sum << 31n) | (sum >> 33n)) * PRIME_1);
  }
  sum = BigInt.asUintN(64, sum + (BigInt(items.length) ^ LENGTH_MARK));
  return sum === ALL_ONES ? HASH_OF_ALL_ONES : BigInt.asIntN(64, sum);
}
