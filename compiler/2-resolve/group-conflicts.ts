import type { Settings } from '../1-load/settings.ts';
import type { InventoryGroup } from '../1-load/workspace.ts';
import { keyText } from '../ansible/values/key-text.ts';
import { mergeValue } from '../ansible/values/merge-hash.ts';
import { sameValues } from '../ansible/values/same-values.ts';
import { variableName } from '../ansible/values/variable-name.ts';
import { type PartOfValue, placeOfPart } from '../ansible/yaml/place-of-part.ts';
import type { Diagnostic, Related } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { Value } from '../jinja/values/value.ts';
import type { Variable } from './inventory.ts';
import type { Vars } from './layer.ts';

/** A variable that groups of one rank set differently, so that a name decides. */
export interface GroupConflict {
  readonly name: string;
  /** Of the variable's value: with `hash_behaviour: merge`, what is set differently may be a leaf of a mapping. */
  readonly part: PartOfValue;
  readonly winner: GroupSetting;
  /** Groups whose other value is lost, the highest first. */
  readonly losers: readonly GroupSetting[];
}

interface GroupSetting {
  readonly group: string;
  readonly variable: Variable;
}

/** The layers of a set of groups that one kind of source gives: the inventory, or the groups' files. */
export interface GroupLayers {
  /** From lowest to highest precedence; of one rank stand beside each other. */
  readonly groups: readonly InventoryGroup[];
  readonly varsOf: (group: string) => Vars;
  /** Depth and priority: of two groups of one rank that a host is in, none is above the other. */
  readonly rankOf: (group: InventoryGroup) => string;
  /** What is laid over all of them. */
  readonly above: readonly Vars[];
  readonly behaviour: Settings['hash_behaviour'];
}

/** The variables for which groups of one rank have different values, where nothing higher decides. */
export function groupConflicts(layers: GroupLayers): GroupConflict[] {
  const { groups, rankOf, varsOf, above } = layers;
  const filled = groups.filter(({ name }) => varsOf(name).size > 0);
  const ranks = [...Map.groupBy(filled, rankOf).values()];
  return ranks.flatMap((rank, index) => {
    if (rank.length < 2) return [];
    const higher = [
      ...ranks
        .slice(index + 1)
        .flat()
        .map(({ name }) => varsOf(name)),
      ...above,
    ];
    return [...settingsOfRank(rank, varsOf)].flatMap(([name, settings]) =>
      conflictsOf({ name, settings, higher, behaviour: layers.behaviour }),
    );
  });
}

/** Variable → the groups that set it, the highest first; of those set by two or more. */
function settingsOfRank(
  rank: readonly InventoryGroup[],
  varsOf: GroupLayers['varsOf'],
): Map<string, GroupSetting[]> {
  const result = new Map<string, GroupSetting[]>();
  for (const { name: group } of rank.toReversed()) {
    for (const [name, variable] of varsOf(group)) {
      const known = result.get(name);
      if (known) known.push({ group, variable });
      else result.set(name, [{ group, variable }]);
    }
  }
  for (const [name, settings] of result) if (settings.length < 2) result.delete(name);
  return result;
}

interface OneVariable {
  readonly name: string;
  readonly settings: readonly GroupSetting[];
  readonly higher: readonly Vars[];
  readonly behaviour: Settings['hash_behaviour'];
}

function conflictsOf({ name, settings, higher, behaviour }: OneVariable): GroupConflict[] {
  const found = new Map<string, GroupConflict & { losers: GroupSetting[] }>();
  const merge = behaviour === 'merge';
  let together = settings[0]!.variable.value;
  for (const loser of settings.slice(1)) {
    const { value } = loser.variable;
    for (const part of merge ? differingLeaves(value, together) : differing(value, together)) {
      const winner = settings.find(({ variable }) => decides(variable.value, part))!;
      const key = JSON.stringify([winner.group, part.map((step) => variableName(step).name)]);
      const known = found.get(key);
      if (known) known.losers.push(loser);
      else found.set(key, { name, part, winner, losers: [loser] });
    }
    if (merge) together = mergeValue(value, together);
  }
  return [...found.values()].filter((conflict) => !higher.some((vars) => isDecidedBy(conflict, vars)));
}

/** Whether a layer above sets what a conflict is about. */
export function isDecidedBy({ name, part }: GroupConflict, vars: Vars): boolean {
  const variable = vars.get(name);
  return variable !== undefined && decides(variable.value, part);
}

/** Whether a value, merged over others, says what a part is: it has it, or is no mapping on the way to it. */
function decides(value: Value, part: PartOfValue): boolean {
  let at = value;
  for (const key of part) {
    if (!(at instanceof Dict)) return true;
    const next = at.get(key);
    if (next === undefined) return false;
    at = next;
  }
  return true;
}

function differing(lower: Value, upper: Value): PartOfValue[] {
  return sameValues(lower, upper) ? [] : [[]];
}

/** The parts that both values have, differently, and that are not mappings on both sides. */
function differingLeaves(lower: Value, upper: Value): PartOfValue[] {
  if (!(lower instanceof Dict && upper instanceof Dict)) return differing(lower, upper);
  return [...lower].flatMap(([key, value]) => {
    const other = upper.get(key);
    return other === undefined ? [] : differingLeaves(value, other).map((part) => [key, ...part]);
  });
}

const MAX_LOSERS = 3;

/** What is told of a conflict, for the hosts on which it counts. */
export function conflictProblem(
  { name, part, winner, losers }: GroupConflict,
  hosts: readonly string[],
): Diagnostic {
  const groups = [winner, ...losers].map(({ group }) => `\`${group}\``);
  const more = groups.splice(1 + MAX_LOSERS).length;
  const last = more > 0 ? `${more} more` : groups.pop()!;
  const place = placeOfPart(winner.variable.settings, part);
  const related = losers.slice(0, MAX_LOSERS).flatMap(({ group, variable }): Related[] => {
    const at = placeOfPart(variable.settings, part);
    return at ? [{ place: at, message: `the value of \`${group}\`, which is lost` }] : [];
  });
  const path = [name, ...part.map(keyText)].join('.');
  return diagnose('resolve/group-conflict', {
    ...(place && { place }),
    message: `groups ${groups.join(', ')} and ${last}, of one depth and priority, set \`${path}\` differently; \`${winner.group}\` wins, for its name sorts last`,
    related,
    hosts,
  });
}
