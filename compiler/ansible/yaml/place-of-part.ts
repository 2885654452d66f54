import { Dict } from '../../jinja/values/dict.ts';
import type { Value } from '../../jinja/values/value.ts';

/** Where a part stands in a value: keys of mappings and indexes of lists. */
export type PartOfValue = readonly Value[];

/** A value as it was written, with the place of the whole, and of its parts where they are known. */
export interface Written<Place> {
  readonly value: Value;
  readonly place: Place | undefined;
  readonly places?: { of(container: Dict | Value[], key: Value): Place | undefined } | undefined;
}

/**
 * Where a part of a variable was set, its settings given the highest first: in the first of them that has the part (with
 * `hash_behaviour: merge` a lower one may); of a part that no setting writes as such, for a template makes it, in the
 * highest one, at the nearest part that is written.
 */
export function placeOfPart<Place>(
  settings: readonly Written<Place>[],
  part: PartOfValue,
): Place | undefined {
  for (const setting of settings) {
    const { place, value } = settingOfPart(setting, part);
    if (value !== undefined) return place;
  }
  return settings[0] && settingOfPart(settings[0], part).place;
}

/** What a setting writes at a part, undefined where it writes none; and the place of it, or of the nearest part written. */
export function settingOfPart<Place>(
  { value, place, places }: Written<Place>,
  part: PartOfValue,
): { place: Place | undefined; value: Value | undefined } {
  let at: Value = value;
  let nearest = place;
  for (const key of part) {
    const container = at instanceof Dict || Array.isArray(at) ? at : undefined;
    const next = container instanceof Dict ? container.get(key) : container?.[Number(key)];
    if (container === undefined || next === undefined) return { place: nearest, value: undefined };
    nearest = places?.of(container, key) ?? nearest;
    at = next;
  }
  return { place: nearest, value: at };
}
