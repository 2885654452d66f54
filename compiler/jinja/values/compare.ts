import { typeError } from '../errors.ts';
import { enter, step, steps, used } from '../limits.ts';
import { Dict } from './dict.ts';
import { failIfClosed } from './fail-if-closed.ts';
import { Float } from './float.ts';
import { iterateOrUndefined, truth, typeName } from './inspect.ts';
import { asNumber, asText } from './numbers.ts';
import { compareText } from './text.ts';
import { Tuple } from './tuple.ts';
import { PyObject, PyText, type Value } from './value.ts';

/** Python's `==`. */
export function equals(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length > 1024 && a.length === b.length) steps(a.length >> 8);
    return a === b;
  }
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  if (a instanceof PyObject && a.pyEquals) {
    // As in Python, the other one is asked where the first knows nothing of its type: one that is undefined tells so.
    const isOfOther = b instanceof PyObject && b.pyEquals !== undefined && a.constructor !== b.constructor;
    return a.pyEquals(b) || (isOfOther && b.pyEquals!(a));
  }
  if (b instanceof PyObject && b.pyEquals) return b.pyEquals(a);
  const number = asNumber(a);
  if (number !== undefined) return equalNumbers(number, b);
  if (typeof a === 'string' || a instanceof PyText) return asText(a) === asText(b);
  if (Array.isArray(a)) return Array.isArray(b) && equalItems(a, b);
  if (a instanceof Tuple) return b instanceof Tuple && equalItems(a.items, b.items);
  if (a instanceof Dict) return b instanceof Dict && equalDicts(a, b);
  return a === b;
}

/** `is` or `==`, which is how Python's containers compare their items. */
export function same(a: Value, b: Value): boolean {
  // What can only be printed is not even compared with itself.
  return (a === b && !(a instanceof PyObject && a.pyOutput)) || equals(a, b);
}

function equalNumbers(a: number | bigint | Float, b: Value): boolean {
  const other = asNumber(b);
  if (other === undefined) return false;
  // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint are compared by value, and exactly
  return plain(a) == plain(other);
}

function plain(value: number | bigint | Float): number | bigint {
  return value instanceof Float ? value.value : value;
}

function equalItems(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  enter();
  steps(a.length);
  const equal = a.every((item, index) => same(item, b[index]!));
  used.depth--;
  return equal;
}

function equalDicts(a: Dict, b: Dict): boolean {
  if (a.size !== b.size) return false;
  enter();
  steps(a.size);
  let equal = true;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !same(value, other)) {
      equal = false;
      break;
    }
  }
  used.depth--;
  return equal;
}

export type Comparison = '<' | '<=' | '>' | '>=';

/** Python's ordering comparison; `TypeError` where the types have no order. */
export function compare(a: Value, b: Value, operator: Comparison): boolean {
  if (typeof a === 'number' && typeof b === 'number') return decide(a - b, operator);
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x !== undefined && y !== undefined) {
    if (typeof x === 'bigint' || typeof y === 'bigint') steps(8);
    return compareNumbers(plain(x), plain(y), operator);
  }
  const [left, right] = [asText(a), asText(b)];
  if (left !== undefined && right !== undefined) {
    if (left.length > 1024) steps(left.length >> 6);
    return decide(compareText(left, right), operator);
  }
  if (Array.isArray(a) && Array.isArray(b)) return compareItems(a, b, operator);
  if (a instanceof Tuple && b instanceof Tuple) return compareItems(a.items, b.items, operator);
  const order = compareObjects(a, b);
  if (order !== undefined) return decide(order, operator);
  throw typeError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

function compareObjects(a: Value, b: Value): number | undefined {
  if (a instanceof PyObject && a.pyCompare) return a.pyCompare(b);
  if (!(b instanceof PyObject) || !b.pyCompare) return undefined;
  const order = b.pyCompare(a);
  return order === undefined ? undefined : -order;
}

function compareNumbers(a: number | bigint, b: number | bigint, operator: Comparison): boolean {
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function decide(order: number, operator: Comparison): boolean {
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function compareItems(a: readonly Value[], b: readonly Value[], operator: Comparison): boolean {
  const length = Math.min(a.length, b.length);
  steps(length);
  for (let index = 0; index < length; index++) {
    if (same(a[index]!, b[index]!)) continue;
    enter();
    const decided = compare(a[index]!, b[index]!, operator);
    used.depth--;
    return decided;
  }
  return decide(a.length - b.length, operator);
}

/** Python's `in`: `item in container`. */
export function contains(container: Value, item: Value): boolean {
  const text = asText(container);
  if (text !== undefined) {
    const part = asText(item);
    if (part === undefined && item instanceof PyObject && item.pyStr === undefined) failContains(item);
    if (part === undefined) failContains(item);
    if (text.length > 1024) steps(text.length >> 5);
    return text.includes(part);
  }
  if (container instanceof Dict) return container.has(item);
  if (item instanceof PyObject && item.pyWithin) {
    if (Array.isArray(container)) return item.pyWithin(container);
    if (container instanceof Tuple) return item.pyWithin(container.items);
    failIfClosed(item);
  }
  if (container instanceof PyObject && container.pyContains) return container.pyContains(item);
  const items = iterateOrUndefined(container);
  if (items === undefined) throw typeError(`argument of type '${typeName(container)}' is not iterable`);
  for (const candidate of items) {
    step();
    if (same(candidate, item)) return true;
  }
  return false;
}

function failContains(item: Value): never {
  // What can only be printed raises its own error.
  if (item instanceof PyObject && item.pyOutput) truth(item);
  throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
}

/**
 * Python's sorted(): stable, by `<` alone, errors included. `keyOf` is called once for each item.
 * @returns a fresh array
 */
export function sorted<T>(items: readonly T[], keyOf: (item: T) => Value, reverse = false): T[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  steps(items.length * Math.max(1, Math.ceil(Math.log2(items.length + 1))));
  if (reverse) keyed.reverse();
  const done = mergeSort(keyed);
  if (reverse) done.reverse();
  return done.map((entry) => entry.item);
}

interface Keyed<T> {
  readonly item: T;
  readonly key: Value;
}

// A merge sort of our own: Array.prototype.sort may not call the comparison in a way that an inconsistent order
// (nan, or errors of mixed types) shows alike everywhere.
function mergeSort<T>(items: Keyed<T>[]): Keyed<T>[] {
  if (items.length < 2) return items;
  const run = runLength(items);
  if (run === items.length) return items;
  const middle = items.length >> 1;
  const left = mergeSort(items.slice(0, middle));
  const right = mergeSort(items.slice(middle));
  const merged: Keyed<T>[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    merged.push(compare(right[j]!.key, left[i]!.key, '<') ? right[j++]! : left[i++]!);
  }
  while (i < left.length) merged.push(left[i++]!);
  while (j < right.length) merged.push(right[j++]!);
  return merged;
}

/** How many items from the start are in order already; also makes each neighbour be compared, as Python does first. */
function runLength<T>(items: readonly Keyed<T>[]): number {
  for (let index = 1; index < items.length; index++) {
    if (compare(items[index]!.key, items[index - 1]!.key, '<')) return index;
  }
  return items.length;
}
