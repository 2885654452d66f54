import type { Component } from '../1-load/component.ts';
import type { ServiceEntry } from '../contract/manifest.ts';

/**
 * Components so that each stands behind those that it requires; otherwise by name. Names that are not components and
 * cycles are other stages' diagnostics: here they are left as they come.
 */
export function inRequiredOrder(components: ReadonlyMap<string, Component>): Component[] {
  const requires = (name: string) => components.get(name)?.content.requires ?? [];
  return topological([...components.keys()].sort(), requires).flatMap((name) => components.get(name) ?? []);
}

/**
 * Services of a host so that each stands behind the roles that it starts after, directly or through roles that the host
 * does not have; otherwise as they come. Each names all of these roles, its own first: a cluster may lack the one between.
 */
export function inStartOrder(
  services: readonly ServiceEntry[],
  components: ReadonlyMap<string, Component>,
): ServiceEntry[] {
  const after = new Map<string, readonly string[]>();
  for (const { content } of components.values()) {
    for (const [role, { service }] of Object.entries(content.roles))
      if (service) after.set(role, service.after);
  }
  const byRole = new Map(services.map((service) => [service.role, service]));
  const before = (role: string) => after.get(role) ?? [];
  return topological([...byRole.keys()], before).flatMap((role) => {
    const service = byRole.get(role);
    if (!service) return [];
    const all = new Set([...service.after, ...topological([role], before)]);
    all.delete(role);
    return { ...service, after: [...all] };
  });
}

/** The components that a component requires, directly or not, each behind those that it requires itself. */
export function requiredBy(name: string, components: ReadonlyMap<string, Component>): Component[] {
  const order = topological([name], (other) => components.get(other)?.content.requires ?? []);
  return order.filter((other) => other !== name).flatMap((other) => components.get(other) ?? []);
}

/** Depth first, in the given order; what a name depends on comes before it. */
function topological(names: readonly string[], dependencies: (name: string) => readonly string[]): string[] {
  const done = new Set<string>();
  const visit = (name: string, path: ReadonlySet<string>): void => {
    if (done.has(name) || path.has(name)) return;
    const deeper = new Set(path).add(name);
    for (const dependency of dependencies(name)) visit(dependency, deeper);
    done.add(name);
  };
  for (const name of names) visit(name, new Set());
  return [...done];
}
