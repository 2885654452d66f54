import { Dict } from '../../jinja/values/dict.ts';
import { Float } from '../../jinja/values/float.ts';
import { PyObject, type Value } from '../../jinja/values/value.ts';
import { equalValues } from './equal-values.ts';

/** Whether two values that files of variables hold render alike, whatever is done with them: `1`, `1.0` and `true` do not. */
export function sameValues(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof Dict) {
    if (!(b instanceof Dict) || a.size !== b.size) return false;
    const others = [...b];
    return [...a].every(
      ([key, value], at) => sameValues(key, others[at]![0]) && sameValues(value, others[at]![1]),
    );
  }
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => sameValues(item, b[at]!));
  if (a instanceof Float) return b instanceof Float && Object.is(a.value, b.value);
  if (a instanceof PyObject)
    return b instanceof PyObject && a.constructor === b.constructor && equalValues(a, b);
  return typeof a === typeof b && equalValues(a, b);
}
