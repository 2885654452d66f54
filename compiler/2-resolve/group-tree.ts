import type { InventoryFile, InventoryGroup } from '../1-load/workspace.ts';

/** The groups of one inventory, with what follows from their nesting. */
export interface GroupTree {
  readonly groups: ReadonlyMap<string, InventoryGroup>;
  /** Group → its hosts with those of its descendants: breadth first, in order of declaration. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** Host → its groups and their ancestors but for `all`, in order of precedence, the lowest first. */
  readonly groupsOf: ReadonlyMap<string, readonly InventoryGroup[]>;
  /** Group → the longest way down to it from `all`. */
  readonly depth: ReadonlyMap<string, number>;
}

/**
 * Computes what Ansible knows of the groups of an inventory. A group's depth is the longest way down to it from `all`;
 * precedence is depth, then priority, then name. Hosts with the same groups share one list of them.
 */
export function groupTree(inventory: InventoryFile): GroupTree {
  const groups = new Map(inventory.groups.map((group) => [group.name, group]));
  const hosts = new Map(inventory.groups.map((group) => [group.name, hostsBelow(group, groups)]));
  const depth = depths(groups);
  return { groups, hosts, groupsOf: groupsOfHosts(inventory, groups, depth), depth };
}

function hostsBelow(group: InventoryGroup, groups: ReadonlyMap<string, InventoryGroup>): string[] {
  const hosts = new Set<string>();
  const seen = new Set([group]);
  // A Set walks what is added on the way, so this is breadth first.
  for (const { hosts: own, children } of seen) {
    for (const host of own) hosts.add(host);
    for (const child of children) seen.add(groups.get(child)!);
  }
  return [...hosts];
}

function groupsOfHosts(
  { hosts, groups: list }: InventoryFile,
  groups: ReadonlyMap<string, InventoryGroup>,
  depth: ReadonlyMap<string, number>,
): Map<string, readonly InventoryGroup[]> {
  const ancestors = withAncestors(groups);
  const compare = byPrecedence(depth);
  const direct = new Map<string, string[]>(hosts.map(({ name }) => [name, []]));
  for (const group of list) for (const host of group.hosts) direct.get(host)!.push(group.name);
  const left = new Set(hosts.filter(({ leftUngrouped }) => leftUngrouped).map(({ name }) => name));
  const shared = new Map<string, readonly InventoryGroup[]>();
  const result = new Map<string, readonly InventoryGroup[]>();
  for (const [host, names] of direct) {
    const key = [...names, ...(left.has(host) ? [''] : [])].join('\u0000');
    let closure = shared.get(key);
    if (!closure) {
      const all = new Set(names.flatMap((name) => [...ancestors.get(name)!]));
      all.delete(groups.get('all')!);
      if (left.has(host)) all.delete(groups.get('ungrouped')!);
      closure = [...all].sort(compare);
      shared.set(key, closure);
    }
    result.set(host, closure);
  }
  return result;
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
