import type { InventoryFile, InventoryGroup } from '../1-load/workspace.ts';
import { type Declarations, HostsOfGroups } from './hosts-of-groups.ts';

/** The groups of one inventory, with what follows from their nesting. */
export interface GroupTree {
  readonly groups: ReadonlyMap<string, InventoryGroup>;
  /** Group → its hosts with those of its descendants: breadth first, in order of declaration. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** Of each host by its index: its groups and their ancestors but for `all`, in order of precedence, the lowest first. */
  readonly groupsOf: readonly (readonly InventoryGroup[])[];
  /** Group → the longest way down to it from `all`. */
  readonly depth: ReadonlyMap<string, number>;
}

/**
 * Computes what Ansible knows of the groups of an inventory. A group's depth is the longest way down to it from `all`;
 * precedence is depth, then priority, then name. Hosts with the same groups share one list of them.
 */
export function groupTree(inventory: InventoryFile): GroupTree {
  const groups = new Map(inventory.groups.map((group) => [group.name, group]));
  const declared = new Map(
    inventory.groups.map((group) => [group, group.hosts.map((name) => inventory.byName.get(name)!.index)]),
  );
  const tree: Declarations = { inventory, groups, declared };
  const depth = depths(groups);
  return { groups, hosts: new HostsOfGroups(tree), groupsOf: groupsOfHosts(tree, depth), depth };
}

/** The groups that hosts are declared in, in the order of the groups: one object for each such list. */
interface Declared {
  readonly group: string;
  /** The list without its last group; undefined where that is the only one. */
  readonly before: Declared | undefined;
  /** The lists that have one group more. */
  readonly longer: Map<string, Declared>;
}

function groupsOfHosts(
  { inventory: { hosts }, groups, declared }: Declarations,
  depth: ReadonlyMap<string, number>,
): (readonly InventoryGroup[])[] {
  const ancestors = withAncestors(groups);
  const compare = byPrecedence(depth);
  const lists: (Declared | undefined)[] = hosts.map(() => undefined);
  const first = new Map<string, Declared>();
  for (const [{ name: group }, own] of declared) {
    for (const host of own) {
      const before = lists[host];
      const next = before ? before.longer : first;
      let found = next.get(group);
      if (!found) {
        found = { group, before, longer: new Map() };
        next.set(group, found);
      }
      lists[host] = found;
    }
  }
  const closureOf = (last: Declared | undefined, leftUngrouped: boolean): readonly InventoryGroup[] => {
    const all = new Set<InventoryGroup>();
    for (let at = last; at; at = at.before) for (const group of ancestors.get(at.group)!) all.add(group);
    all.delete(groups.get('all')!);
    const sorted = [...all].sort(compare);
    return leftUngrouped ? withoutUngrouped(sorted, ancestors) : sorted;
  };
  type Closures = Map<Declared | undefined, readonly InventoryGroup[]>;
  const closures: Record<'left' | 'stayed', Closures> = { left: new Map(), stayed: new Map() };
  return hosts.map(({ leftUngrouped, index }) => {
    const last = lists[index];
    const known = leftUngrouped ? closures.left : closures.stayed;
    const closure = known.get(last) ?? closureOf(last, leftUngrouped === true);
    known.set(last, closure);
    return closure;
  });
}

/**
 * The groups of a host that Ansible has taken out of `ungrouped`: it leaves, too, each group above it that is above none of
 * its other groups, and be it declared there.
 * @param groups sorted by depth
 */
function withoutUngrouped(
  groups: readonly InventoryGroup[],
  ancestors: ReadonlyMap<string, ReadonlySet<InventoryGroup>>,
): InventoryGroup[] {
  const left = ancestors.get('ungrouped')!;
  const kept: InventoryGroup[] = [];
  for (const group of groups.toReversed()) {
    if (group.name === 'ungrouped') continue;
    if (!left.has(group) || kept.some(({ name }) => ancestors.get(name)!.has(group))) kept.push(group);
  }
  return kept.reverse();
}

function byPrecedence(depth: ReadonlyMap<string, number>): (a: InventoryGroup, b: InventoryGroup) => number {
  return (a, b) =>
    depth.get(a.name)! - depth.get(b.name)! ||
    a.priority - b.priority ||
    (a.name < b.name ? -1 : Number(a.name > b.name));
}

/** Group → the group itself and all above it. */
function withAncestors(groups: ReadonlyMap<string, InventoryGroup>): Map<string, Set<InventoryGroup>> {
  const result = new Map<string, Set<InventoryGroup>>();
  for (const group of topDown(groups)) {
    const own = result.get(group.name) ?? new Set<InventoryGroup>();
    own.add(group);
    result.set(group.name, own);
    for (const child of group.children) {
      const above = result.get(child) ?? new Set<InventoryGroup>();
      for (const ancestor of own) above.add(ancestor);
      result.set(child, above);
    }
  }
  return result;
}

function depths(groups: ReadonlyMap<string, InventoryGroup>): Map<string, number> {
  const result = new Map<string, number>();
  for (const { name, children } of topDown(groups)) {
    const depth = result.get(name) ?? 0;
    result.set(name, depth);
    for (const child of children) result.set(child, Math.max(result.get(child) ?? 0, depth + 1));
  }
  return result;
}

/** Every group after all of its parents; the groups have no cycle. */
function topDown(groups: ReadonlyMap<string, InventoryGroup>): InventoryGroup[] {
  const parents = new Map<string, number>();
  for (const { children } of groups.values()) {
    for (const child of children) parents.set(child, (parents.get(child) ?? 0) + 1);
  }
  const sorted = [...groups.values()].filter(({ name }) => !parents.has(name));
  for (const { children } of sorted) {
    for (const child of children) {
      const left = parents.get(child)! - 1;
      parents.set(child, left);
      if (left === 0) sorted.push(groups.get(child)!);
    }
  }
  return sorted;
}
