import {
  Dict,
  iterate,
  Lazy,
  LimitError,
  PyObject,
  StrictUndefined,
  step,
  Tuple,
  untold,
  type Value,
} from '../../jinja/jinja.ts';
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

/** Levels of lists and mappings within each other that are searched; a list may hold itself. */
const LEVELS = 1000;

/** Raises the error of an undefined value within lists, tuples and mappings. */
export function failOnUndefined(value: Value): void {
  if (value === null || typeof value !== 'object') return;
  // Whether it is undefined is not what it is: of a mapping's entries nobody is told.
  untold(() => search(value, 0));
}

function search(value: Value, level: number): void {
  if (value === null || typeof value !== 'object') return;
  step();
  if (level > LEVELS) throw new LimitError('maxDepth', `more than ${LEVELS} levels within each other`);
  if (Array.isArray(value)) for (const item of value) search(item, level + 1);
  else if (value instanceof Tuple) for (const item of value.items) search(item, level + 1);
  else if (value instanceof Dict) for (const item of value.values()) search(item, level + 1);
  else if (value instanceof StrictUndefined) value.fail();
  else if (value instanceof PyObject && value.pyMapping && value.pyGetItem) {
    for (const key of value.pyIterate?.() ?? []) search(value.pyGetItem(key) ?? null, level + 1);
  }
}
