import { Tuple, type Value } from '../../jinja/jinja.ts';

/** The items of what Ansible counts as a sequence: a list or tuple. */
export function sequenceItems(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof Tuple ? value.items : undefined;
}
