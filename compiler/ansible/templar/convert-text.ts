import { Markup, type Value } from '../../jinja/jinja.ts';
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
