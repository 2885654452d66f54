import { Dict, PySet, step, TrackedDict, Tuple, type Value } from '../../jinja/jinja.ts';

/** A copy of lists, mappings and sets, so that what a template does to one shows nowhere else. */
export function copied(value: Value): Value {
  step();
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(copied);
  if (value instanceof Tuple) return new Tuple(value.items.map(copied));
  if (value instanceof PySet) return value.copy();
  if (!(value instanceof Dict)) return value;
  if (value instanceof TrackedDict) return value.deepCopy(copied);
  const copy = new Dict();
  for (const [key, item] of value) copy.set(key, copied(item));
  return copy;
}
