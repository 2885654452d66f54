import { repr } from '../../jinja/values/inspect.ts';
import { PyText } from '../../jinja/values/value.ts';

/** A text marked `!unsafe`: it is never read as a template, whatever it holds. */
export class UnsafeText extends PyText {
  readonly typeName = 'AnsibleUnsafeText';

  override pyRepr(): string {
    return repr(this.text);
  }
}
