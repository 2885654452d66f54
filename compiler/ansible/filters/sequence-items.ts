import { Tuple, toArray, typeName, type Value } from '../../jinja/jinja.ts';

/** The items of what Ansible counts as a sequence: a list, a tuple or a range. */
export function sequenceItems(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeName(value) === 'range') return toArray(value);
  return value instanceof Tuple ? value.items : undefined;
}
