import type { Value } from '../../jinja/values/value.ts';
import { literalEval } from '../literal-eval.ts';
import { Bytes } from '../values/bytes.ts';

/**
 * The value of `key=TEXT` on a host's line or under `[group:vars]`: a Python literal where the text is one, else the
 * text (ansible/plugins/inventory/ini.py, `_parse_value`). The caller strips the text under `[group:vars]`.
 */
export function parseIniValue(text: string): Value {
  const literal = literalEval(text);
  if (literal.kind !== 'value') return text;
  return literal.value instanceof Bytes
    ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(literal.value.data)
    : literal.value;
}
