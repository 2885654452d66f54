import { UnsupportedError } from '../../jinja/errors.ts';
import { repr } from '../../jinja/values/inspect.ts';
import { PySet } from '../../jinja/values/set.ts';
import type { Value } from '../../jinja/values/value.ts';

/**
 * A set that a person wrote. Its order differs from run to run in Python, so whatever would show the order of two or
 * more items is refused; membership, size, truth and equality are not.
 */
export class WrittenSet extends PySet {
  override copy(): WrittenSet {
    return new WrittenSet(this.members().keys());
  }

  override pyIterate(): Iterable<Value> {
    return this.#ordered();
  }

  override pyRepr(): string {
    return this.pyLength() === 0 ? 'set()' : `{${this.#ordered().map(repr).join(', ')}}`;
  }

  #ordered(): Value[] {
    const items = [...this.members().keys()];
    if (items.length < 2) return items;
    // In CPython's table of eight these stand at their own value.
    if (items.length < 5 && items.every((item) => typeof item === 'number' && item >= 0 && item < 8)) {
      return items.toSorted((a, b) => Number(a) - Number(b));
    }
    throw new UnsupportedError('the order of a set differs from run to run; write a list, or sort it');
  }
}
