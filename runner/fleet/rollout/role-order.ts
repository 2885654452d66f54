import type { Manifest } from '../../../compiler/contract/manifest.ts';

/**
 * The roles of some hosts' services so that each stands behind those that start before it, wherever these run; by name
 * where the order is open. Roles of a cycle, which no compiled bundle has, come last by name.
 */
export function roleOrder(manifests: Iterable<Manifest>): string[] {
  const before = new Map<string, Set<string>>();
  for (const { services } of manifests) {
    for (const { role, after } of services) {
      const known = before.get(role) ?? new Set();
      for (const one of after) known.add(one);
      before.set(role, known);
    }
  }
  const open = [...before.keys()].sort();
  const order: string[] = [];
  while (open.length > 0) {
    const free = open.findIndex((role) => !open.some((one) => one !== role && before.get(role)!.has(one)));
    order.push(...open.splice(Math.max(free, 0), 1));
  }
  return order;
}
