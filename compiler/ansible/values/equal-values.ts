import { Dict } from '../../jinja/values/dict.ts';
import { Float } from '../../jinja/values/float.ts';
import { PyObject, PyText, type Value } from '../../jinja/values/value.ts';
import { SecretText } from './secret-text.ts';

/** Python's `==` of what a file of variables can hold; of what is encrypted, the ciphertexts. */
export function equalValues(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof Dict) return b instanceof Dict && equalMappings(a, b);
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => equalValues(item, b[i]!));
  }
  if (a instanceof PyText || b instanceof PyText) {
    const text = textOf(a);
    return text !== undefined && text === textOf(b);
  }
  if (a instanceof SecretText) return b instanceof SecretText && a.ciphertext === b.ciphertext;
  if (b instanceof SecretText) return false;
  if (a instanceof PyObject) return a.pyEquals?.(b) ?? false;
  const number = numberOf(a);
  // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint are compared by value, and exactly
  return number !== undefined && number == numberOf(b);
}

function equalMappings(a: Dict, b: Dict): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !equalValues(value, other)) return false;
  }
  return true;
}

function textOf(value: Value): string | undefined {
  return value instanceof PyText ? value.text : typeof value === 'string' ? value : undefined;
}

function numberOf(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return Number(value);
  return value instanceof Float ? value.value : undefined;
}
