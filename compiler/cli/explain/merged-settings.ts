import type { Setting } from '../../2-resolve/inventory.ts';
import { equalValues } from '../../ansible/values/equal-values.ts';
import { mergeValue } from '../../ansible/values/merge-hash.ts';
import { Dict, type Value } from '../../jinja/jinja.ts';
import { hashText } from '../../jinja/values/dict.ts';

/** What settings make of a variable: a part that one of them wrote, or a mapping of such parts. */
type Made =
  | { readonly kind: 'written'; readonly setting: Setting; readonly path: readonly Value[] }
  | { readonly kind: 'merged'; readonly entries: ReadonlyMap<string, Made> };

/** A part of a variable, down to what is written in one setting: a list, or what is no collection. */
export interface MadeLeaf {
  readonly setting: Setting;
  readonly path: readonly Value[];
}

/**
 * The leaves of a part of a variable under `hash_behaviour: merge`, each with the setting that it is from, by Ansible's
 * merge_hash: mappings are merged, all else is replaced.
 * @param settings the highest first
 * @param steps the values that the host's settings are merged to before these are laid over what is below, one by one; the
 * lowest first, none where all are merged before. The defaults of components are a step each.
 */
export function mergedLeaves(
  settings: readonly Setting[],
  steps: readonly Value[],
  path: readonly Value[],
): MadeLeaf[] {
  const layers = inSteps(settings, steps).map((step) => step.map(madeOf).reduceRight(mergedOver));
  const made = layers.length > 0 ? layers.reduceRight(mergedOver) : undefined;
  const part = made && partOfMade(made, path);
  const leaves = part ? leavesOf(part) : [];
  return settings.flatMap((setting) => leaves.filter((leaf) => leaf.setting === setting));
}

/** Settings as they are merged, the highest first: those of a step among themselves before. */
function inSteps(settings: readonly Setting[], steps: readonly Value[]): (readonly Setting[])[] {
  const ofHost = settings.filter(({ layer }) => layer !== 'component defaults');
  const below = settings.filter(({ layer }) => layer === 'component defaults');
  const together = ofHost.length > 0 ? [ofHost] : [];
  return [
    ...((steps.length > 0 ? shared(ofHost, steps.toReversed()) : undefined) ?? together),
    ...below.map((setting) => [setting]),
  ];
}

/** Shares settings out to the steps that they make, both the highest first. */
function shared(settings: readonly Setting[], steps: readonly Value[]): (readonly Setting[])[] | undefined {
  const [first, ...others] = steps;
  if (first === undefined) return settings.length === 0 ? [] : undefined;
  for (let count = 1; count <= settings.length - others.length; count++) {
    const own = settings.slice(0, count);
    const made = own.map(({ value }) => value).reduceRight((lower, upper) => mergeValue(lower, upper));
    const rest = equalValues(made, first) ? shared(settings.slice(count), others) : undefined;
    if (rest) return [own, ...rest];
  }
  return undefined;
}

function madeOf(setting: Setting): Made {
  const made = (value: Value, path: readonly Value[]): Made => {
    if (!(value instanceof Dict) || value.size === 0) return { kind: 'written', setting, path };
    const entries = [...value].map(([key, item]) => [hashText(key), made(item, [...path, key])] as const);
    return { kind: 'merged', entries: new Map(entries) };
  };
  return made(setting.value, []);
}

/** Ansible's merge_hash, in which an empty mapping adds nothing to another. */
function mergedOver(lower: Made, upper: Made): Made {
  if (isEmptyMapping(upper) && (lower.kind === 'merged' || isEmptyMapping(lower)))
    return lower.kind === 'merged' ? lower : upper;
  if (lower.kind !== 'merged' || upper.kind !== 'merged') return upper;
  const entries = new Map(lower.entries);
  for (const [key, made] of upper.entries) {
    const below = entries.get(key);
    entries.set(key, below ? mergedOver(below, made) : made);
  }
  return { kind: 'merged', entries };
}

function isEmptyMapping(made: Made): boolean {
  if (made.kind === 'merged') return false;
  let value: Value | undefined = made.setting.value;
  for (const key of made.path) value = value instanceof Dict ? value.get(key) : undefined;
  return value instanceof Dict;
}

/** The part at a path; of a path that leads into what one setting wrote, that. */
function partOfMade(made: Made, path: readonly Value[]): Made | undefined {
  let at: Made | undefined = made;
  for (const key of path) {
    if (at?.kind !== 'merged') return at;
    at = at.entries.get(hashText(key));
  }
  return at;
}

function leavesOf(made: Made): MadeLeaf[] {
  return made.kind === 'written' ? [made] : [...made.entries.values()].flatMap(leavesOf);
}
