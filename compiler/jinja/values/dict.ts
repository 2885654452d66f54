import { Float } from './float.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

/** A key that Python could not hash: `TypeError: unhashable type: 'list'`. */
export class UnhashableError extends Error {}

interface Entry {
  readonly key: Value;
  value: Value;
}

/**
 * A Python dict: keeps the order of insertion, takes any hashable key, and finds `1`, `1.0` and `True` at one place.
 * Of equal keys the first stays and the last value wins, as in Python. Strings, the common case, cost one Map look-up.
 */
export class Dict {
  readonly #entries = new Map<unknown, Entry>();

  /** @param entries pairs of key and value, later ones overwriting earlier ones. */
  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value at `key`, or JavaScript's undefined when there is none. */
  get(key: Value): Value | undefined {
    return this.#entries.get(typeof key === 'string' ? key : hashKey(key))?.value;
  }

  has(key: Value): boolean {
    return this.#entries.has(typeof key === 'string' ? key : hashKey(key));
  }

  set(key: Value, value: Value): this {
    const hash = typeof key === 'string' ? key : hashKey(key);
    const entry = this.#entries.get(hash);
    if (entry) entry.value = value;
    else this.#entries.set(hash, { key, value });
    return this;
  }

  delete(key: Value): boolean {
    return this.#entries.delete(typeof key === 'string' ? key : hashKey(key));
  }

  clear(): void {
    this.#entries.clear();
  }

  *keys(): IterableIterator<Value> {
    for (const entry of this.#entries.values()) yield entry.key;
  }

  *values(): IterableIterator<Value> {
    for (const entry of this.#entries.values()) yield entry.value;
  }

  *[Symbol.iterator](): IterableIterator<[Value, Value]> {
    for (const entry of this.#entries.values()) yield [entry.key, entry.value];
  }

  /** A shallow copy. */
  copy(): Dict {
    return new Dict(this);
  }
}

const NONE = Symbol('None');

/** What a Map compares keys by: a primitive that is equal exactly when Python says that the keys are. */
function hashKey(key: Value): unknown {
  if (typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint') return key;
  if (typeof key === 'boolean') return key ? 1 : 0;
  if (key === null) return NONE;
  if (key instanceof Float) {
    if (!Number.isInteger(key.value)) return `\u0000float:${key.value}`;
    return Number.isSafeInteger(key.value) ? key.value + 0 : BigInt(key.value);
  }
  if (key instanceof Tuple) return `\u0000tuple:${JSON.stringify(key.items.map(hashText))}`;
  if (Array.isArray(key)) throw new UnhashableError("unhashable type: 'list'");
  if (key instanceof Dict) throw new UnhashableError("unhashable type: 'dict'");
  return key;
}

/** hashKey as text, for the items of a tuple. */
function hashText(item: Value): string {
  const hash = hashKey(item);
  return hash === NONE ? 'None' : `${typeof hash}:${String(hash)}`;
}
