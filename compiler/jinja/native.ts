import { str } from './values/inspect.ts';
import { literalEval } from './values/literal.ts';
import { asText } from './values/numbers.ts';
import type { Value } from './values/value.ts';

/** Python's parser refuses an expression that is indented. */
const INDENTED = /^(?:[ \t\f]*\r?\n)*[ \t]+\S/;

/**
 * What a native template gives: the value itself where there is one part only and it isn't a text; else the parts
 * joined to a text, or the value of the Python literal that the text is.
 */
export function nativeConcat(parts: readonly Value[]): Value {
  const [first] = parts;
  if (first === undefined) return null;
  const alone = parts.length === 1 ? asText(first) : undefined;
  if (parts.length === 1 && alone === undefined) return first;
  const text = alone ?? parts.map(str).join('');
  const value = INDENTED.test(text) ? undefined : literalEval(text);
  if (value !== undefined) return value;
  return alone === undefined ? text : first;
}
