import { Dict, step, TrackedDict, type Value } from '../../jinja/jinja.ts';

/** A copy of lists and mappings, so that what a template does to one shows nowhere else. */
export function copied(value: Value): Value {
  step();
  if (Array.isArray(value)) return value.map(copied);
  if (!(value instanceof Dict)) return value;
  if (value instanceof TrackedDict) return value.deepCopy(copied);
  const copy = new Dict();
  for (const [key, item] of value) copy.set(key, copied(item));
  return copy;
}
