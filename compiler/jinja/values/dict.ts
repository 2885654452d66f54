import { PythonError } from '../errors.ts';
import { enter, step, steps, used, willMake } from '../limits.ts';
import { Float } from './float.ts';
import { Tuple } from './tuple.ts';
import { PyText, type Value } from './value.ts';

/** A key that Python could not hash: `TypeError: unhashable type: 'list'`. */
export class UnhashableError extends PythonError {
  constructor(message: string) {
    super('TypeError', message);
  }
}

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
    return this.#entries.get(hashKey(key))?.value;
  }

  /** `get`, for who only carries the value on: no mapping counts that as reading. */
  peek(key: Value): Value | undefined {
    return this.#entries.get(hashKey(key))?.value;
  }

  has(key: Value): boolean {
    return this.#entries.has(hashKey(key));
  }

  set(key: Value, value: Value): this {
    const hash = hashKey(key);
    const entry = this.#entries.get(hash);
    if (entry) entry.value = value;
    else this.#entries.set(hash, { key, value });
    return this;
  }

  delete(key: Value): boolean {
    return this.#entries.delete(hashKey(key));
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

  /** Sets the entry at `key`, which `other` has, as it is there; to carry it over is not to read it. */
  take(other: Dict, key: Value): this {
    return this.set(key, other.get(key)!);
  }

  /** A shallow copy. */
  copy(): Dict {
    return new Dict(this);
  }
}

/** Throws UnhashableError where Python's hash() would. */
export function checkHashable(key: Value): void {
  hashKey(key);
}

const NONE = Symbol('None');

/**
 * What a Map compares keys by: equal exactly when Python says that the keys are. Ints and floats are numbers, so that
 * they meet; texts are strings; a tuple is a string that starts with NUL and a letter no text's hash starts with.
 */
export function hashKey(key: Value): unknown {
  if (typeof key === 'string') return key.charCodeAt(0) === 0 ? `\u0000s${key}` : key;
  if (typeof key === 'number') return key;
  if (typeof key === 'bigint') return bigHash(key);
  if (typeof key === 'boolean') return key ? 1 : 0;
  if (key === null) return NONE;
  if (key instanceof Float) {
    if (Number.isNaN(key.value)) return key;
    if (!Number.isInteger(key.value) || Number.isSafeInteger(key.value)) return key.value + 0;
    return Number.isFinite(key.value) ? bigHash(BigInt(key.value)) : key.value;
  }
  if (key instanceof Tuple) return tupleHash(key);
  if (Array.isArray(key)) throw new UnhashableError("unhashable type: 'list'");
  if (key instanceof Dict) throw new UnhashableError("unhashable type: 'dict'");
  if (key instanceof PyText) return hashKey(key.text);
  return key.pyHash ? key.pyHash() : key;
}

/** A text, because V8's Map tells bigints apart by their lowest 64 bits, and a chain of like ones takes quadratic time. */
function bigHash(key: bigint): string {
  const digits = key.toString(16);
  steps(digits.length >> 6);
  return `\u0000i${digits}`;
}

/** The hashes of the items, each with its length before it, so that no other tuple has the same text. */
function tupleHash(tuple: Tuple): string {
  let text = '\u0000t';
  enter();
  for (const item of tuple.items) {
    const part = hashText(item);
    text += `${part.length}:${part}`;
    willMake(text.length);
  }
  used.depth--;
  step();
  return text;
}

/** hashKey as text: its type and its text, so that no two differ only in type. */
export function hashText(item: Value): string {
  const hash = hashKey(item);
  if ((typeof hash === 'object' && hash !== null) || typeof hash === 'function')
    return `object:${identity(hash)}`;
  return `${typeof hash}:${String(hash)}`;
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** A number for an object, for as long as it lives; never printed. */
function identity(object: object): number {
  const known = identities.get(object);
  if (known !== undefined) return known;
  identities.set(object, ++lastIdentity);
  return lastIdentity;
}
