import { UndefinedError, type Value } from '../../jinja/jinja.ts';
import { Refused } from '../values/refused.ts';
import { eachText } from './each-text.ts';

/** How the error begins of who uses what `hostvars` cannot give. */
export const UNDEFINED_THERE =
  "this value of hostvars names what is undefined among that host's own variables";

interface Variable {
  readonly name: string;
  readonly template: (text: string) => Value;
}

/** A value with the texts in it templated; of what one names that is undefined, whoever uses that text is told. */
export function forOthers(value: Value, { name, template }: Variable): Value {
  return eachText(value, (text) => {
    try {
      return template(text);
    } catch (error) {
      if (!(error instanceof UndefinedError)) throw error;
      const why = `${UNDEFINED_THERE}: ${error.message} (in the variable '${name}')`;
      return new Refused(why, { isText: true });
    }
  });
}
