import { Dict, iterate, Lazy, PyObject, StrictUndefined, Tuple, type Value } from '../../jinja/jinja.ts';
import { Range } from '../../jinja/values/range.ts';
import { DictView } from '../../jinja/values/set.ts';
import { Bytes } from '../values/bytes.ts';

/** A generator, a range or a view of a mapping as a list, as Ansible makes of what filters give and templates print. */
export function unrolled(value: Value): Value {
  if (value instanceof Lazy || value instanceof Range || value instanceof DictView)
    return [...iterate(value)];
  return value;
}

/** What is printed for a value: nothing for None, and an error for what holds something undefined. */
export function finalize(value: Value): Value {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (value === null) return '';
  failOnUndefined(value);
  if (value instanceof Bytes) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(value.data);
  return unrolled(value);
}

/** Raises the error of an undefined value within lists, tuples and mappings. */
export function failOnUndefined(value: Value): void {
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) for (const item of value) failOnUndefined(item);
  else if (value instanceof Tuple) for (const item of value.items) failOnUndefined(item);
  else if (value instanceof Dict) for (const item of value.values()) failOnUndefined(item);
  else if (value instanceof StrictUndefined) value.fail();
  else if (value instanceof PyObject && value.pyMapping && value.pyGetItem) {
    for (const key of value.pyIterate?.() ?? []) failOnUndefined(value.pyGetItem(key) ?? null);
  }
}
