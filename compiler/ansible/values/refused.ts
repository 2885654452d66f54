import { PyObject, UnsupportedError, type Value } from '../../jinja/jinja.ts';

/** A value that depends on the moment or the machine: it may be asked whether it is defined, and nothing else. */
export class Refused extends PyObject {
  readonly typeName = 'str';
  readonly #why: string;

  /** @param why what it is, and what to do instead */
  constructor(why: string) {
    super();
    this.#why = why;
  }

  #fail(): never {
    throw new UnsupportedError(this.#why);
  }

  override pyStr(): string {
    return this.#fail();
  }

  override pyRepr(): string {
    return this.#fail();
  }

  override pyTruth(): boolean {
    return this.#fail();
  }

  override pyLength(): number {
    return this.#fail();
  }

  override pyIterate(): Iterable<Value> {
    return this.#fail();
  }

  override pyEquals(): boolean {
    return this.#fail();
  }

  override pyCompare(): number {
    return this.#fail();
  }

  override pyGetAttribute(): Value {
    return this.#fail();
  }

  override pyGetItem(): Value {
    return this.#fail();
  }

  override pyContains(): boolean {
    return this.#fail();
  }

  override pyOperate(): Value {
    return this.#fail();
  }
}
