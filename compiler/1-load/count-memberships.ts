import { MAX_STEPS } from './inventory-limits.ts';

/** A group, as far as nesting goes. */
interface Nested {
  readonly hosts: { readonly size: number };
  readonly children: Iterable<string>;
}

/**
 * How many groups all hosts are in, those above their groups included: what resolving costs. Counting ends once it is
 * more than `limit`; after too many steps it is taken for endless. The groups have no cycle.
 */
export function countMemberships(groups: ReadonlyMap<string, Nested>, limit: number): number {
  const above = new Map<string, Set<string>>([...groups.keys()].map((name) => [name, new Set()]));
  const parents = new Map<string, number>();
  for (const { children } of groups.values()) {
    for (const child of children) parents.set(child, (parents.get(child) ?? 0) + 1);
  }
  let count = 0;
  let steps = 0;
  // Every group comes after all of its parents; what is added on the way is walked too.
  const ready = [...groups.keys()].filter((name) => !parents.has(name));
  for (const name of ready) {
    const own = above.get(name)!;
    count += own.size;
    const { hosts, children } = groups.get(name)!;
    count += hosts.size * (own.size + 1);
    for (const child of children) {
      if (count > limit) return count;
      steps += own.size;
      if (steps > MAX_STEPS) return Number.POSITIVE_INFINITY;
      const ofChild = above.get(child)!;
      ofChild.add(name);
      for (const ancestor of own) ofChild.add(ancestor);
      const left = parents.get(child)! - 1;
      parents.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  return count;
}
