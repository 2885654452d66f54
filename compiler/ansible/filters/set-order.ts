import { steps, type Value } from '../../jinja/jinja.ts';
import { intTable, isInt } from '../values/hash-table.ts';

/**
 * The result of a set operation as a list. CPython's order of ints is that of its hash table and the same in every
 * run, so it is kept; that of texts differs from run to run, so here it is the order in which they first appear.
 * @param a distinct values @param b distinct values
 */
export function setOrder(
  operation: 'union' | 'intersect' | 'difference' | 'symmetric_difference',
  a: readonly Value[],
  b: readonly Value[],
): Value[] {
  steps(4 * (a.length + b.length));
  const [inA, inB] = [new Set(a.map(keyOf)), new Set(b.map(keyOf))];
  const combined = [...a, ...b.filter((item) => !inA.has(keyOf(item)))];
  const kept = {
    union: combined,
    intersect: a.filter((item) => inB.has(keyOf(item))),
    difference: a.filter((item) => !inB.has(keyOf(item))),
    symmetric_difference: combined.filter((item) => inA.has(keyOf(item)) !== inB.has(keyOf(item))),
  }[operation];
  // An intersection takes its items from the smaller set, the second where they are alike.
  const fromSecond = operation === 'intersect' && b.length <= a.length;
  const originals = new Map((fromSecond ? [...a, ...b] : [...b, ...a]).map((item) => [keyOf(item), item]));
  const restored = (order: readonly number[]) => order.map((item) => originals.get(item)!);
  const [left, right] = [a.map(keyOf), b.map(keyOf)];
  if (operation === 'difference' && left.every(isInt)) {
    return restored(intOrder(operation, left, right.filter(isInt)));
  }
  if (left.every(isInt) && right.every(isInt)) return restored(intOrder(operation, left, right));
  const keys = kept.map(keyOf);
  if (operation !== 'intersect') return kept;
  return keys.every(isInt) ? restored(intTable(keys).items()) : keys.map((key) => originals.get(key)!);
}

/** What tells keys of a dict apart: 1, 1.0 and True are one. */
function keyOf(value: Value): unknown {
  if (typeof value === 'boolean') return Number(value);
  // As a key of a Dict: V8 tells bigints apart by their lowest 64 bits.
  if (typeof value === 'bigint') return `\u0000i${value.toString(16)}`;
  if (typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'number')
    return value.value;
  if (typeof value === 'object' && value !== null && 'text' in value) return value.text;
  if (typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items)) {
    return `tuple:${JSON.stringify(value.items.map(keyOf), (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part))}`;
  }
  return value;
}

function intOrder(operation: string, a: readonly number[], b: readonly number[]): number[] {
  const left = intTable(a);
  const right = intTable(b);
  if (operation === 'union') {
    const result = left.copy();
    result.merge(right);
    return result.items();
  }
  if (operation === 'intersect') {
    // The smaller one is walked, the second where they are alike.
    const [walked, asked] = right.used > left.used ? [left, right] : [right, left];
    return intTable(walked.items().filter((item) => asked.has(item))).items();
  }
  if (operation === 'difference') return left.minus(right);
  const result = right.copy();
  for (const item of left.items()) {
    if (!result.discard(item)) result.add(item);
  }
  return result.items();
}
