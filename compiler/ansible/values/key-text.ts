import { JinjaError } from '../../jinja/errors.ts';
import { str, typeName } from '../../jinja/values/inspect.ts';
import type { Value } from '../../jinja/values/value.ts';

/** A key of a mapping as Python shows it (`None`, `1.5`), for a message; its type where it is too long for Python. */
export function keyText(key: Value): string {
  try {
    return str(key);
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    return `(${typeName(key)})`;
  }
}
