import { Dict } from './dict.ts';
import { Float } from './float.ts';
import { int } from './numbers.ts';
import { Tuple } from './tuple.ts';
import { PyObject, type Value } from './value.ts';

/**
 * Plain JSON as Python's values: a whole number is an int, a fraction a Float, an object a Dict. Values among it stay
 * as they are, and so does an array that holds nothing else.
 */
export function fromJson(json: unknown): Value {
  if (typeof json === 'string' || typeof json === 'boolean' || json === null || json === undefined)
    return json ?? null;
  if (typeof json === 'number') return fromNumber(json);
  if (typeof json === 'bigint') return int(json);
  if (Array.isArray(json)) return fromArray(json);
  if (json instanceof Float || json instanceof Dict || json instanceof Tuple || json instanceof PyObject)
    return json;
  if (typeof json !== 'object') throw new TypeError(`a ${typeof json} is not JSON`);
  const dict = new Dict();
  for (const key of Object.keys(json)) dict.set(key, fromJson((json as Record<string, unknown>)[key]));
  return dict;
}

function fromNumber(number: number): Value {
  if (Number.isSafeInteger(number)) return number + 0;
  return Number.isInteger(number) ? BigInt(number) : new Float(number);
}

function fromArray(array: unknown[]): Value[] {
  let items: Value[] | undefined;
  for (let index = 0; index < array.length; index++) {
    const item = fromJson(array[index]);
    if (items) items.push(item);
    else if (item !== array[index]) items = [...(array.slice(0, index) as Value[]), item];
  }
  return items ?? (array as Value[]);
}

/** Values as plain JSON; undefined where JSON has nothing for one (NaN, a key that isn't a text, an object). */
export function toJson(value: Value): unknown {
  if (value instanceof Float) return Number.isFinite(value.value) ? value.value : undefined;
  if (value instanceof Tuple) return allJson(value.items);
  if (Array.isArray(value)) return allJson(value);
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof PyObject) return undefined;
  if (!(value instanceof Dict)) return value;
  const entries: [string, unknown][] = [];
  for (const [key, item] of value) {
    const json = toJson(item);
    if (typeof key !== 'string' || json === undefined) return undefined;
    entries.push([key, json]);
  }
  return Object.fromEntries(entries);
}

function allJson(items: readonly Value[]): unknown {
  const all = items.map(toJson);
  return all.includes(undefined) ? undefined : all;
}
