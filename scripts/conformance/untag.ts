import { Dict, Float, int, Markup, Tuple, type Value } from '../../compiler/jinja/jinja.ts';
import type { Tagged } from './case.ts';

/** A value from its JSON, with what JSON lacks. */
export function untag(value: Tagged): Value {
  if (typeof value === 'number') return Number.isInteger(value) ? value : new Float(value);
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(untag);
  const entries = Object.entries(value);
  const [tag, inner] = entries.length === 1 ? entries[0]! : ['', null];
  if (tag === '$int') return int(BigInt(inner as string));
  if (tag === '$float') return new Float(readFloat(inner as string));
  if (tag === '$tuple') return new Tuple((inner as Tagged[]).map(untag));
  if (tag === '$markup') return new Markup(inner as string);
  if (tag === '$dict')
    return new Dict((inner as [Tagged, Tagged][]).map(([key, item]) => [untag(key), untag(item)]));
  return new Dict(entries.map(([key, item]) => [key, untag(item)]));
}

function isList(value: object): value is readonly Tagged[] {
  return Array.isArray(value);
}

function readFloat(text: string): number {
  if (text === 'nan') return Number.NaN;
  return text.endsWith('inf') ? Number(`${text.slice(0, -3)}Infinity`) : Number(text);
}
