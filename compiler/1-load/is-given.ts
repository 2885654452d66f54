import { SecretText } from '../ansible/values/secret-text.ts';
import { truth } from '../jinja/values/inspect.ts';
import type { Value } from '../jinja/values/value.ts';

/** Whether a value that a file holds is true to Python; a secret, which nobody looks into here, is. */
export function isGiven(value: Value): boolean {
  return value instanceof SecretText || truth(value);
}
