import {
  contains,
  Dict,
  equals,
  isMapping,
  mappingItems,
  steps,
  str,
  type Value,
} from '../../jinja/jinja.ts';
import { AnsibleError } from '../errors.ts';

export interface MergeOptions {
  readonly recursive: boolean;
  /** replace, keep, append, prepend, append_rp or prepend_rp. */
  readonly lists: string;
}

const LISTS = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'];

/** A mapping of both, in which what `high` says counts; lists are merged as the options say. */
export function mergeHash(low: Value, high: Value, options: MergeOptions): Dict {
  if (!LISTS.includes(options.lists)) {
    throw new AnsibleError(
      "merge_hash: 'list_merge' argument can only be equal to 'replace', 'keep', 'append', 'prepend', 'append_rp' or 'prepend_rp'",
    );
  }
  const [x, y] = [asDict(low, low, high), asDict(high, low, high)];
  steps(1 + x.size + y.size);
  if (x.size === 0 || (haveSameKeys(x, y) && equals(x, y))) return y.copy();
  if (y.size === 0) return x;
  const merged = x.copy();
  for (const key of y.keys()) {
    const before = merged.peek(key);
    const value = y.peek(key)!;
    // Were the lower one a mapping too, they would be merged: that it is none counts.
    if (options.recursive && value instanceof Dict) merged.has(key);
    if (before === undefined || replaces(before, value, options)) merged.take(y, key);
    else if (options.recursive && before instanceof Dict && value instanceof Dict)
      merged.set(key, mergeHash(before, value, options));
    else merged.set(key, mergeLists(merged.get(key) as Value[], y.get(key) as Value[], options));
  }
  return merged;
}

/** Asked before their values are: mappings of other keys need not be read to know that they differ. */
function haveSameKeys(x: Dict, y: Dict): boolean {
  return x.size === y.size && [...x.keys()].every((key) => y.has(key));
}

/** Whether the higher one of two values counts as it is. */
function replaces(low: Value, high: Value, { recursive, lists }: MergeOptions): boolean {
  if (low instanceof Dict && high instanceof Dict) return !recursive;
  return !Array.isArray(low) || !Array.isArray(high) || lists === 'replace';
}

function mergeLists(low: Value[], high: Value[], options: MergeOptions): Value[] {
  switch (options.lists) {
    case 'keep':
      return low;
    case 'append':
      return [...low, ...high];
    case 'prepend':
      return [...high, ...low];
    case 'append_rp':
      return [...low.filter((item) => !contains(high, item)), ...high];
    case 'prepend_rp':
      return [...high, ...low.filter((item) => !contains(high, item))];
    default:
      return high;
  }
}

function asDict(value: Value, low: Value, high: Value): Dict {
  if (value instanceof Dict) return value;
  if (isMapping(value)) return new Dict(mappingItems(value));
  throw new AnsibleError(
    `failed to combine variables, expected dicts but got a '${nameOf(low)}' and a '${nameOf(high)}': \n${str(low)}\n${str(high)}`,
  );
}

function nameOf(value: Value): string {
  return value instanceof Dict
    ? 'dict'
    : Array.isArray(value)
      ? 'list'
      : typeof value === 'string'
        ? 'str'
        : typeof value;
}
