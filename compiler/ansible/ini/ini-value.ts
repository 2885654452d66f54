import type { Value } from '../../jinja/values/value.ts';
import { literalEval } from '../literal-eval.ts';
import { Bytes } from '../values/bytes.ts';

/** What `key=TEXT` sets; or the error's text where Ansible stops at it, or khp cannot read it. */
export type IniValue =
  | {
      readonly ok: true;
      readonly value: Value;
      /** How many values it holds: itself, and every key and item in it. */
      readonly values: number;
    }
  | { readonly ok: false; readonly message: string };

/**
 * The value of `key=TEXT` on a host's line or under `[group:vars]`: a Python literal where the text is one, else the
 * text (ansible/plugins/inventory/ini.py, `_parse_value`). The caller strips the text under `[group:vars]`.
 */
export function parseIniValue(text: string): IniValue {
  const literal = literalEval(text);
  if (literal.kind !== 'value')
    return literal.kind === 'error'
      ? { ok: false, message: literal.message }
      : { ok: true, value: text, values: 1 };
  const { value, values, half } = literal;
  if (half !== undefined)
    return { ok: false, message: `${half} is half of a surrogate pair; write the character itself` };
  if (!(value instanceof Bytes)) return { ok: true, value, values };
  try {
    return { ok: true, value: UTF8.decode(value.data), values };
  } catch {
    return { ok: false, message: 'its bytes are not UTF-8' };
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
