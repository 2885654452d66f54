import { UnsupportedError } from '../../jinja/jinja.ts';
import { FailingObject } from './failing-object.ts';

/**
 * A value that cannot be had here: it may be asked whether it is defined, and whether it is a text where that is known,
 * and nothing else.
 */
export class Refused extends FailingObject {
  readonly typeName = 'str';
  override readonly isUnknownText: boolean;
  readonly #why: string;

  /** @param why what it is, and what to do instead */
  constructor(why: string, { isText = false } = {}) {
    super();
    this.#why = why;
    this.isUnknownText = isText;
  }

  protected override fail(): never {
    throw new UnsupportedError(this.#why);
  }
}
