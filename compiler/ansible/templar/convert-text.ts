import { Dict, Markup, str, type TrackedDict, untold, type Value } from '../../jinja/jinja.ts';
import { literalEval } from '../literal-eval.ts';
import { NativeText } from '../values/native-text.ts';

/**
 * What the value of a variable becomes once it is templated: a list, mapping or boolean where the text looks like one,
 * unless a filter that makes texts (`to_json`) gave the whole of it.
 * @param last what was printed last
 */
export function convertText(text: string, last: Value): Value {
  if (last instanceof NativeText && last.text === text) return last;
  const plain = last instanceof Markup && last.text === text ? last : text;
  if (!text.startsWith('{') && !text.startsWith('[') && text !== 'True' && text !== 'False') return plain;
  const literal = literalEval(text, true);
  return literal.kind === 'value' ? literal.value : plain;
}

/**
 * What a converted value tells of the mappings that were printed: one that is the whole text and was read back as a
 * mapping goes on telling entry by entry, of any other all is read.
 */
export function readBack(value: Value, text: string, printed: readonly TrackedDict[]): Value {
  const [only] = printed;
  if (only && printed.length === 1 && value instanceof Dict && text === untold(() => str(only)))
    return only.mirroredBy(value);
  for (const mapping of printed) mapping.readAll();
  return value;
}
