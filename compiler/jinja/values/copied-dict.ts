import { Dict, hashKey } from './dict.ts';
import type { Value } from './value.ts';

/**
 * A copy of a mapping whose lists and mappings are copied when they are first asked for; to whoever reads or changes it, it
 * is a copy to any depth. What it was made of must not change.
 */
export class CopiedDict extends Dict {
  /** The hashes of keys whose values are still those of the original. */
  readonly #shared = new Set<unknown>();
  readonly #copied: (value: Value) => Value;

  /** @param copied gives a copy of a value, to any depth */
  constructor(original: Dict, copied: (value: Value) => Value) {
    super();
    this.#copied = copied;
    for (const [key, value] of original) {
      super.set(key, value);
      if (typeof value === 'object' && value !== null) this.#shared.add(hashKey(key));
    }
  }

  override get(key: Value): Value | undefined {
    return this.#own(key, super.get(key));
  }

  override peek(key: Value): Value | undefined {
    return this.get(key);
  }

  override set(key: Value, value: Value): this {
    if (this.#shared.size > 0) this.#shared.delete(hashKey(key));
    return super.set(key, value);
  }

  override delete(key: Value): boolean {
    if (this.#shared.size > 0) this.#shared.delete(hashKey(key));
    return super.delete(key);
  }

  override clear(): void {
    this.#shared.clear();
    super.clear();
  }

  override *values(): IterableIterator<Value> {
    for (const [, value] of this) yield value;
  }

  override *[Symbol.iterator](): IterableIterator<[Value, Value]> {
    for (const [key, value] of super[Symbol.iterator]()) yield [key, this.#own(key, value)!];
  }

  #own(key: Value, value: Value | undefined): Value | undefined {
    if (value === undefined || this.#shared.size === 0 || !this.#shared.delete(hashKey(key))) return value;
    const own = this.#copied(value);
    super.set(key, own);
    return own;
  }
}
