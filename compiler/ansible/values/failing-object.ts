import { PyObject, type Value } from '../../jinja/values/value.ts';

/** A value that no operation of a template may look into: each of them fails with the error of the subclass. */
export abstract class FailingObject extends PyObject {
  override readonly isClosed = true;

  protected abstract fail(): never;

  override pyStr(): string {
    return this.fail();
  }

  override pyRepr(): string {
    return this.fail();
  }

  override pyTruth(): boolean {
    return this.fail();
  }

  override pyLength(): number {
    return this.fail();
  }

  override pyIterate(): Iterable<Value> {
    return this.fail();
  }

  override pyEquals(): boolean {
    return this.fail();
  }

  override pyCompare(): number {
    return this.fail();
  }

  override pyGetAttribute(): Value {
    return this.fail();
  }

  override pyGetItem(): Value {
    return this.fail();
  }

  override pyContains(): boolean {
    return this.fail();
  }

  override pyOperate(): Value {
    return this.fail();
  }
}
