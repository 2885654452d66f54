import { Dict } from '../jinja/values/dict.ts';
import { Float } from '../jinja/values/float.ts';
import type { Value } from '../jinja/values/value.ts';

/**
 * Ansible's merge_hash (utils/vars.py), recursive, lists replaced: a new mapping with the keys of both, where `upper`
 * wins and mappings on both sides are merged. Neither argument is changed; what only one side has is shared with it.
 */
export function mergeHash(lower: Dict, upper: Dict): Dict {
  // Equal mappings may differ in the order of their keys; Ansible takes the upper one's.
  if (lower.size === 0 || isEqual(lower, upper)) return upper;
  if (upper.size === 0) return lower;
  const result = lower.copy();
  for (const [key, value] of upper) {
    const below = result.get(key);
    result.set(key, below === undefined ? value : mergeValue(below, value));
  }
  return result;
}

/** What counts where `upper` is set over `lower` under `hash_behaviour: merge`. */
export function mergeValue(lower: Value, upper: Value): Value {
  return lower instanceof Dict && upper instanceof Dict ? mergeHash(lower, upper) : upper;
}

/** Python's `==` of what a file of variables can hold. */
function isEqual(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof Dict) {
    if (!(b instanceof Dict) || a.size !== b.size) return false;
    for (const [key, value] of a) {
      const other = b.get(key);
      if (other === undefined || !isEqual(value, other)) return false;
    }
    return true;
  }
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]!));
  }
  const number = numberOf(a);
  // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint are compared by value, and exactly
  return number !== undefined && number == numberOf(b);
}

function numberOf(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return Number(value);
  return value instanceof Float ? value.value : undefined;
}
