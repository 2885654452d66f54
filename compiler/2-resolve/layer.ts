import type { Settings } from '../1-load/settings.ts';
import type { InventoryVar, VarsFile } from '../1-load/workspace.ts';
import { equalValues } from '../ansible/values/equal-values.ts';
import { mergeValue } from '../ansible/values/merge-hash.ts';
import { type VariableName, variableName } from '../ansible/values/variable-name.ts';
import type { Value } from '../jinja/values/value.ts';
import type { Layer, Setting, Variable } from './inventory.ts';

/** Variables by name, as one layer sets them or as several do together. */
export type Vars = ReadonlyMap<string, Variable>;

export const NO_VARS: Vars = new Map();

/**
 * What a host has that is in both layers: of a variable set in both, the value of `upper` counts (mappings are combined
 * under `merge`), and its settings stand before those of `lower`. An empty layer gives the other one itself.
 */
export function overlay(lower: Vars, upper: Vars, behaviour: Settings['hash_behaviour']): Vars {
  if (upper.size === 0) return lower;
  if (lower.size === 0) return upper;
  return over(lower, upper, behaviour);
}

/** What overlay makes of all layers, the lowest first: the time of all together, not of each with all below it. */
export function overlayAll(layers: readonly Vars[], behaviour: Settings['hash_behaviour']): Vars {
  const [lowest = NO_VARS, ...uppers] = layers.filter(({ size }) => size > 0);
  let own: Map<string, Variable> | undefined;
  for (const upper of uppers) {
    if (own === undefined || (behaviour === 'merge' && own.size === upper.size))
      own = over(own ?? lowest, upper, behaviour);
    else layUpon(own, upper, behaviour);
  }
  return own ?? lowest;
}

function over(lower: Vars, upper: Vars, behaviour: Settings['hash_behaviour']): Map<string, Variable> {
  // Of equal layers Ansible takes the upper one: its order, and its keys (`true` over `1`).
  if (behaviour === 'merge' && areEqual(lower, upper)) return upperOver(lower, upper);
  const result = new Map(lower);
  layUpon(result, upper, behaviour);
  return result;
}

function layUpon(lower: Map<string, Variable>, upper: Vars, behaviour: Settings['hash_behaviour']): void {
  upper.forEach((variable, name) => {
    const below = lower.get(name);
    lower.set(name, below ? overlayVariable(below, variable, behaviour) : variable);
  });
}

function areEqual(lower: Vars, upper: Vars): boolean {
  if (lower.size !== upper.size) return false;
  for (const [name, { value }] of upper) {
    const below = lower.get(name);
    if (!below || !equalValues(below.value, value)) return false;
  }
  return true;
}

function upperOver(lower: Vars, upper: Vars): Map<string, Variable> {
  const result = new Map<string, Variable>();
  for (const [name, above] of upper)
    result.set(name, { ...above, settings: [...above.settings, ...lower.get(name)!.settings] });
  return result;
}

/** The variable that `upper` and `lower`, of one name, are together. */
export function overlayVariable(
  lower: Variable,
  upper: Variable,
  behaviour: Settings['hash_behaviour'],
): Variable {
  const value = behaviour === 'merge' ? mergeValue(lower.value, upper.value) : upper.value;
  const settings = [...upper.settings, ...lower.settings];
  // Of equal keys, such as `1` and `true`, the first one stays.
  return variable(lower, value, settings);
}

function variable({ name, key }: VariableName, value: Value, settings: readonly Setting[]): Variable {
  return key === undefined ? { name, value, settings } : { name, key, value, settings };
}

/** The variables of a file. */
export function layerOfFile(layer: Layer, { vars, places, file }: VarsFile): Vars {
  const result = new Map<string, Variable>();
  for (const [key, value] of vars) {
    const named = variableName(key);
    const place = places.of(vars, key) ?? { file, line: 1, column: 1 };
    result.set(named.name, variable(named, value, [{ layer, value, place, places }]));
  }
  return result;
}

/** The variables of a host or a group of an inventory. */
export function layerOfInventory(
  layer: Layer,
  vars: ReadonlyMap<string, InventoryVar>,
  behaviour: Settings['hash_behaviour'],
): Vars {
  if (vars.size === 0) return NO_VARS;
  const result = new Map<string, Variable>();
  for (const [name, last] of vars) {
    const settings = settingsOf(layer, last);
    const values = settings.map((setting) => setting.value);
    const value =
      behaviour === 'merge' ? values.reduceRight((below, above) => mergeValue(below, above)) : last.value;
    result.set(name, variable({ name, key: last.key }, value, settings));
  }
  return result;
}

function settingsOf(layer: Layer, last: InventoryVar): Setting[] {
  const settings: Setting[] = [];
  for (let at: InventoryVar | undefined = last; at; at = at.overrode) {
    settings.push({ layer, value: at.value, place: at.place, places: at.places });
  }
  return settings;
}

/** A variable that is set once. */
export function settingAlone(name: string, setting: Setting): Variable {
  return { name, value: setting.value, settings: [setting] };
}
