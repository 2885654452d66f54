import { CopiedDict, Dict, PySet, steps, TrackedDict, Tuple, untold, type Value } from '../../jinja/jinja.ts';

/** A copy of lists, mappings and sets, so that what a template does to one shows nowhere else; counted as a whole. */
export function copied(value: Value): Value {
  steps(sizeOf(value));
  return copyOf(value);
}

function copyOf(value: Value): Value {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(copyOf);
  if (value instanceof Tuple) return new Tuple(value.items.map(copyOf), value.names);
  if (value instanceof PySet) return value.copy();
  if (!(value instanceof Dict)) return value;
  return value instanceof TrackedDict ? value.deepCopy(copyOf) : new CopiedDict(value, copyOf);
}

/** Of values that are copied again and again, and never changed. */
const sizes = new WeakMap<object, number>();

/** How many values there are in a value, itself among them. */
function sizeOf(value: Value): number {
  if (value === null || typeof value !== 'object') return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  const size = itemsOf(value).reduce<number>((sum, item) => sum + sizeOf(item), 1);
  sizes.set(value, size);
  return size;
}

function itemsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  // To count what there is is not to read it.
  return value instanceof Dict ? untold(() => [...value.values()]) : [];
}
