import { str, type Value } from '../../jinja/jinja.ts';
import { Bytes } from './bytes.ts';

/** Ansible's to_text: bytes decoded as UTF-8, of everything else its str(). */
export function toText(value: Value): string {
  return value instanceof Bytes
    ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(value.data)
    : str(value);
}
