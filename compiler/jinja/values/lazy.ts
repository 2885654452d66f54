import { UnsupportedError } from '../errors.ts';
import { PyObject, type Value } from './value.ts';

/** A Python iterator or generator: its items can be taken once. */
export class Lazy extends PyObject {
  readonly typeName: string;
  readonly #iterator: Iterator<Value>;

  constructor(typeName: string, items: Iterable<Value>) {
    super();
    this.typeName = typeName;
    this.#iterator = items[Symbol.iterator]();
  }

  // A loop that is left early must not close the iterator: Python's goes on where it was.
  override pyIterate(): Iterable<Value> {
    const iterator = this.#iterator;
    return { [Symbol.iterator]: () => ({ next: () => iterator.next() }) };
  }

  override pyRepr(): string {
    throw new UnsupportedError(
      `the text of a ${this.typeName} holds a memory address, which differs from run to run; make it a list with |list`,
    );
  }
}
