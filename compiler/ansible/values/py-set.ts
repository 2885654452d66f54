import { UnsupportedError } from '../../jinja/errors.ts';
import { Dict } from '../../jinja/values/dict.ts';
import { repr } from '../../jinja/values/inspect.ts';
import { PyObject, type Value } from '../../jinja/values/value.ts';

/**
 * Python's set. Its order differs from run to run in Python, so whatever would show the order of two or more items is
 * refused; membership, size, truth and equality are not.
 */
export class PySet extends PyObject {
  readonly typeName = 'set';
  readonly #items = new Dict();

  constructor(items: Iterable<Value>) {
    super();
    for (const item of items) this.#items.set(item, null);
  }

  get size(): number {
    return this.#items.size;
  }

  /** The items in the order in which they were written. */
  items(): Iterable<Value> {
    return this.#items.keys();
  }

  override pyLength(): number {
    return this.#items.size;
  }

  override pyContains(item: Value): boolean {
    return this.#items.has(item);
  }

  override pyEquals(other: Value): boolean {
    return (
      other instanceof PySet &&
      other.size === this.size &&
      [...this.items()].every((item) => other.pyContains(item))
    );
  }

  override pyHash(): unknown {
    throw new UnsupportedError("unhashable type: 'set'");
  }

  override pyIterate(): Iterable<Value> {
    return this.#ordered();
  }

  override pyRepr(): string {
    return this.size === 0 ? 'set()' : `{${this.#ordered().map(repr).join(', ')}}`;
  }

  #ordered(): Value[] {
    const items = [...this.#items.keys()];
    if (items.length < 2) return items;
    // In CPython's table of eight these stand at their own value.
    if (items.length < 5 && items.every((item) => typeof item === 'number' && item >= 0 && item < 8)) {
      return items.toSorted((a, b) => Number(a) - Number(b));
    }
    throw new UnsupportedError('the order of a set differs from run to run; write a list, or sort it');
  }
}
