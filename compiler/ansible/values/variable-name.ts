import { hashText } from '../../jinja/values/dict.ts';
import type { Value } from '../../jinja/values/value.ts';
import { UnsafeText } from './unsafe-text.ts';

/** What a variable goes by. */
export interface VariableName {
  /** A text that two keys have in common exactly where Python takes them for one. */
  readonly name: string;
  /** The key itself, where it is no text; it is what is printed. */
  readonly key?: Value | undefined;
}

/** No line of an INI file names a variable so: what stands before its first `=` is the name. */
const NO_TEXT = '\u0000=';

/** What the variable at a key of a mapping goes by: its name; a name that no text has where the key is none. */
export function variableName(key: Value): VariableName {
  const text = key instanceof UnsafeText ? key.text : key;
  if (typeof text !== 'string') return { name: NO_TEXT + hashText(key), key };
  return text.startsWith(NO_TEXT) ? { name: `${NO_TEXT}s${text}`, key: text } : { name: text };
}
