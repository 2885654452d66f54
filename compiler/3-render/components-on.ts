import type { Component } from '../1-load/component.ts';
import type { HostVars } from '../2-resolve/inventory.ts';

/** A component, and those of its roles that a host has, as component.yml lists them. */
export interface ComponentOfHost {
  readonly component: Component;
  readonly roles: readonly string[];
}

/** Those of the components that a host has roles of, in their order. */
export function componentsOn(host: HostVars, components: readonly Component[]): ComponentOfHost[] {
  const groups = new Set(host.groupNames);
  return components
    .map((component) => ({
      component,
      roles: Object.keys(component.content.roles).filter((role) => groups.has(role)),
    }))
    .filter(({ roles }) => roles.length > 0);
}
