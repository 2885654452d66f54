import { Dict, Tuple, type Value } from '../../jinja/jinja.ts';

/** A value with each text in it replaced, to any depth; tuples become lists. */
export function eachText(value: Value, replace: (text: string) => Value): Value {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => eachText(item, replace));
  if (value instanceof Tuple) return value.items.map((item) => eachText(item, replace));
  if (!(value instanceof Dict)) return value;
  const result = new Dict();
  for (const [key, item] of value) result.set(key, eachText(item, replace));
  return result;
}
