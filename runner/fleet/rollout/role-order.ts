import type { Manifest } from '../../../compiler/contract/manifest.ts';

/**
 * The roles of some hosts' services so that each stands behind those that start before it, wherever these run: by how many
 * stand before one another up to it, then by name. In a cycle, which no compiled bundle has, some order is given.
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
  const levels = new Map<string, number>();
  const levelOf = (role: string): number => {
    const known = levels.get(role);
    if (known !== undefined) return known;
    levels.set(role, 0);
    const below = [...before.get(role)!].filter((one) => before.has(one)).map(levelOf);
    const level = Math.max(-1, ...below) + 1;
    levels.set(role, level);
    return level;
  };
  return [...before.keys()].sort((a, b) => levelOf(a) - levelOf(b) || (a < b ? -1 : 1));
}
