import { UnsupportedError } from '../../jinja/jinja.ts';
import { FailingObject } from './failing-object.ts';

/** A value that depends on the moment or the machine: it may be asked whether it is defined, and nothing else. */
export class Refused extends FailingObject {
  readonly typeName = 'str';
  readonly #why: string;

  /** @param why what it is, and what to do instead */
  constructor(why: string) {
    super();
    this.#why = why;
  }

  protected override fail(): never {
    throw new UnsupportedError(this.#why);
  }
}
