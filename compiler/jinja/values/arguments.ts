import { PythonError, typeError } from '../errors.ts';
import { truth, typeName } from './inspect.ts';
import { asInt, asText, wantIndex, wantInt } from './numbers.ts';
import type { Value } from './value.ts';

/** An argument that must be a str. */
export function wantText(value: Value, what = 'argument'): string {
  const text = asText(value);
  if (text === undefined) throw typeError(`${what} must be str, not ${typeName(value)}`);
  return text;
}

/** An argument that may be left out or None. */
export function wantTextOrNone(value: Value | undefined, what: string): string | undefined {
  return value === undefined || value === null ? undefined : wantText(value, what);
}

/** An optional int argument. */
export function indexOr(value: Value | undefined, otherwise: number): number {
  return value === undefined ? otherwise : wantIndex(value);
}

/** An optional flag that CPython reads as an int: the `reverse` of a sort, the `keepends` of splitlines. */
export function intFlag(value: Value | undefined): boolean {
  if (value === undefined) return false;
  const number = wantInt(value);
  if (BigInt.asIntN(32, BigInt(number)) !== BigInt(number))
    throw new PythonError('OverflowError', 'Python int too large to convert to C int');
  return number !== 0;
}

/** An optional flag: any value, by its truth. */
export function flag(value: Value | undefined): boolean {
  return value !== undefined && truth(value);
}

/**
 * The bounds that `count`, `find` and the like take, as slice indices of a text of that length. A start behind the end
 * stays there: not even the empty text is found then.
 */
export function bounds(length: number, start: Value | undefined, end: Value | undefined): [number, number] {
  return [
    clamp(start ?? null, 0, { length, most: length + 1 }),
    clamp(end ?? null, length, { length, most: length }),
  ];
}

function clamp(value: Value, otherwise: number, { length, most }: { length: number; most: number }): number {
  if (value === null) return otherwise;
  if (asInt(value) === undefined)
    throw typeError('slice indices must be integers or None or have an __index__ method');
  const index = wantIndex(value);
  return index < 0 ? Math.max(0, index + length) : Math.min(index, most);
}
