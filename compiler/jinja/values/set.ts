import { steps } from '../limits.ts';
import { Dict, UnhashableError } from './dict.ts';
import { repr, toArray } from './inspect.ts';
import { PyObject, type Value } from './value.ts';

/** The order and equality of sets, which the views of a dict share. */
abstract class SetLike extends PyObject {
  abstract members(): Dict;

  override pyEquals(other: Value): boolean {
    return other instanceof SetLike && other.members().size === this.members().size && this.#within(other);
  }

  #within(other: SetLike): boolean {
    const members = other.members();
    steps(members.size);
    return [...this.members().keys()].every((key) => members.has(key));
  }

  /** A set operation: `-`, `|`, `&`, `^`. */
  override pyOperate(operator: string, other: Value, reversed: boolean): Value | undefined {
    if (!(other instanceof SetLike)) return undefined;
    return operator === '-' ? difference(reversed ? other : this, reversed ? this : other) : undefined;
  }
}

function difference(left: SetLike, right: SetLike): PySet {
  steps(left.members().size + right.members().size);
  const members = right.members();
  return new PySet([...left.members().keys()].filter((key) => !members.has(key)));
}

/**
 * Python's set. Items keep the order of insertion here: CPython's order depends on hashes, which for texts differ from
 * run to run.
 */
export class PySet extends SetLike {
  readonly typeName = 'set';
  readonly #members = new Dict();

  constructor(items: Iterable<Value> = []) {
    super();
    for (const item of items) this.#members.set(item, null);
    steps(this.#members.size);
  }

  members(): Dict {
    return this.#members;
  }

  /** Another set of the same kind with the same items. */
  copy(): PySet {
    return new PySet(this.#members.keys());
  }

  override pyRepr(): string {
    if (this.#members.size === 0) return 'set()';
    steps(2 * this.#members.size);
    return `{${Array.from(this.#members.keys(), repr).join(', ')}}`;
  }

  override pyLength(): number {
    return this.#members.size;
  }

  override pyIterate(): Iterable<Value> {
    return this.#members.keys();
  }

  override pyContains(item: Value): boolean {
    return this.#members.has(item);
  }

  override pyHash(): unknown {
    throw new UnhashableError("unhashable type: 'set'");
  }
}

/** What `dict.keys()`, `.values()` and `.items()` give: they show the dict as it is when they are read. */
export class DictView extends SetLike {
  readonly typeName: string;
  readonly #dict: Dict;
  readonly #read: () => Iterable<Value>;

  constructor(typeName: 'dict_keys' | 'dict_values' | 'dict_items', dict: Dict, read: () => Iterable<Value>) {
    super();
    this.typeName = typeName;
    this.#dict = dict;
    this.#read = read;
  }

  members(): Dict {
    return new Dict(toArray(this).map((item) => [item, null] as const));
  }

  override pyRepr(): string {
    return `${this.typeName}([${toArray(this).map(repr).join(', ')}])`;
  }

  override pyLength(): number {
    return this.#dict.size;
  }

  override pyIterate(): Iterable<Value> {
    return this.#read();
  }

  override pyHash(): unknown {
    if (this.typeName === 'dict_values') return this;
    throw new UnhashableError(`unhashable type: '${this.typeName}'`);
  }

  override pyEquals(other: Value): boolean {
    return this.typeName === 'dict_values' ? other === this : super.pyEquals(other);
  }
}
