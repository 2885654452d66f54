import type { Place } from '../contract/diagnostic.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { Value } from '../jinja/values/value.ts';
import type { Setting } from './inventory.ts';

/** Where a part stands in a value: keys of mappings and indexes of lists. */
export type PartOfValue = readonly Value[];

/**
 * Where a part of a variable was set, its settings given the highest first: in the first of them that has the part (with
 * `hash_behaviour: merge` a lower one may); of a part that no setting writes as such, for a template makes it, in the
 * highest one, at the nearest part that is written.
 */
export function placeOfPart(settings: readonly Setting[], part: PartOfValue): Place | undefined {
  for (const setting of settings) {
    const { place, depth } = walk(setting, part);
    if (depth === part.length) return place;
  }
  return settings[0] && walk(settings[0], part).place;
}

function walk(
  { value, place, places }: Setting,
  part: PartOfValue,
): { place: Place | undefined; depth: number } {
  let at: Value = value;
  let nearest = place;
  for (const [depth, key] of part.entries()) {
    const container = at instanceof Dict || Array.isArray(at) ? at : undefined;
    const next = container instanceof Dict ? container.get(key) : container?.[Number(key)];
    if (container === undefined || next === undefined) return { place: nearest, depth };
    nearest = places?.of(container, key) ?? nearest;
    at = next;
  }
  return { place: nearest, depth: part.length };
}
