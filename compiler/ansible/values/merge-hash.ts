import { Dict } from '../../jinja/values/dict.ts';
import type { Value } from '../../jinja/values/value.ts';
import { equalValues } from './equal-values.ts';

/**
 * Ansible's merge_hash (utils/vars.py), recursive, lists replaced: a new mapping with the keys of both, where `upper`
 * wins and mappings on both sides are merged. Neither argument is changed; what only one side has is shared with it.
 */
export function mergeHash(lower: Dict, upper: Dict): Dict {
  // Equal mappings may differ in the order of their keys; Ansible takes the upper one's.
  if (lower.size === 0 || equalValues(lower, upper)) return upper;
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
