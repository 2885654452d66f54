import { Dict } from './values/dict.ts';
import { str } from './values/inspect.ts';
import { literalEval } from './values/literal.ts';
import { Markup } from './values/markup.ts';
import { asText } from './values/numbers.ts';
import { Range } from './values/range.ts';
import { PySet } from './values/set.ts';
import { Tuple } from './values/tuple.ts';
import { PyObject, type Value } from './values/value.ts';

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

/** A part of native output that Jinja computed when it compiled: a text, but for what has no code of its own. */
export function constantPart(value: Value): Value {
  return hasCode(value) ? str(value) : value;
}

/** Whether Jinja can write the value as Python code. */
function hasCode(value: Value): boolean {
  if (Array.isArray(value)) return value.every(hasCode);
  if (value instanceof Tuple) return value.items.every(hasCode);
  if (value instanceof Dict) return [...value].every(([key, item]) => hasCode(key) && hasCode(item));
  if (value instanceof PySet) return [...value.members().keys()].every(hasCode);
  return !(value instanceof PyObject) || value instanceof Markup || value instanceof Range;
}
