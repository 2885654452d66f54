import { str } from './values/inspect.ts';
import { literalEval } from './values/literal.ts';
import { asText } from './values/numbers.ts';
import type { Value } from './values/value.ts';

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
  const value = literalEval(text);
  if (value !== undefined) return value;
  return alone === undefined ? text : first;
}
