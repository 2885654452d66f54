import { PyText, repr } from '../../jinja/jinja.ts';

/** What `to_json` and other filters that make texts give: a text that never turns into a list, mapping or boolean. */
export class NativeText extends PyText {
  readonly typeName = 'NativeJinjaText';

  override pyRepr(): string {
    return repr(this.text);
  }
}
