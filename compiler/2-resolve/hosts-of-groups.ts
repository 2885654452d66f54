import type { InventoryFile, InventoryGroup } from '../1-load/workspace.ts';

/** The groups of one inventory, by name, and the indexes of the hosts that are declared in each. */
export interface Declarations {
  readonly inventory: InventoryFile;
  readonly groups: ReadonlyMap<string, InventoryGroup>;
  readonly declared: ReadonlyMap<InventoryGroup, readonly number[]>;
}

/**
 * Group → its hosts with those of its descendants: breadth first, in order of declaration. They are put together for a
 * group that is asked for: in a large fleet that is all hosts several times over, and most commands ask for few.
 */
export class HostsOfGroups implements ReadonlyMap<string, readonly string[]> {
  readonly #declarations: Declarations;
  readonly #made = new Map<InventoryGroup, readonly string[]>();

  constructor(declarations: Declarations) {
    this.#declarations = declarations;
  }

  get size(): number {
    return this.#declarations.groups.size;
  }

  has(name: string): boolean {
    return this.#declarations.groups.has(name);
  }

  get(name: string): readonly string[] | undefined {
    const { groups } = this.#declarations;
    let group = groups.get(name);
    if (group === undefined) return undefined;
    while (group.hosts.length === 0 && group.children.length === 1) group = groups.get(group.children[0]!)!;
    let hosts = this.#made.get(group);
    if (hosts === undefined) {
      hosts = hostsBelow(group, this.#declarations);
      this.#made.set(group, hosts);
    }
    return hosts;
  }

  keys(): MapIterator<string> {
    return this.#declarations.groups.keys() as MapIterator<string>;
  }

  *values(): MapIterator<readonly string[]> {
    for (const name of this.keys()) yield this.get(name)!;
  }

  *entries(): MapIterator<[string, readonly string[]]> {
    for (const name of this.keys()) yield [name, this.get(name)!];
  }

  [Symbol.iterator](): MapIterator<[string, readonly string[]]> {
    return this.entries();
  }

  forEach(
    visit: (hosts: readonly string[], name: string, map: ReadonlyMap<string, readonly string[]>) => void,
  ): void {
    for (const [name, hosts] of this.entries()) visit(hosts, name, this);
  }
}

function hostsBelow(group: InventoryGroup, { inventory, groups, declared }: Declarations): readonly string[] {
  if (group.children.length === 0) return group.hosts;
  const hosts: string[] = [];
  const isIn = new Uint8Array(inventory.hosts.length);
  const seen = new Set([group]);
  // A Set walks what is added on the way, so this is breadth first.
  for (const one of seen) {
    for (const index of declared.get(one)!) {
      if (isIn[index] === 1) continue;
      isIn[index] = 1;
      hosts.push(inventory.hosts[index]!.name);
    }
    for (const child of one.children) seen.add(groups.get(child)!);
  }
  return hosts;
}
