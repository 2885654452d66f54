import type { Component } from '../1-load/component.ts';
import type { VarsFile, Workspace } from '../1-load/workspace.ts';
import type { HostVars, Setting } from '../2-resolve/inventory.ts';
import { keyText } from '../ansible/values/key-text.ts';
import { mergeValue } from '../ansible/values/merge-hash.ts';
import type { Place } from '../contract/diagnostic.ts';
import type { Value } from '../jinja/values/value.ts';
import { requiredBy } from './order.ts';

/** The variables that a template sees, as written: what the Templar looks names up in. */
export interface Scope {
  get(name: string): Value | undefined;
  keys(): Iterable<string>;
  /** Where a variable's value was set; undefined for what khp itself sets. */
  placeOf(name: string): Place | undefined;
  /** Every setting of a variable, the highest first. */
  settingsOf(name: string): readonly Setting[];
}

/** The variables of a host alone, as other hosts see them through `hostvars`: no component's defaults. */
export function hostScope({ vars }: HostVars): Scope {
  return {
    get: (name) => vars.get(name)?.value,
    keys: () => vars.keys(),
    placeOf: (name) => vars.get(name)?.settings[0]?.place,
    settingsOf: (name) => vars.get(name)?.settings ?? [],
  };
}

/** What templates of a component see, by the host. */
export type ScopeOf = (host: HostVars) => Scope;

/**
 * What templates of a component see on a host: the host's variables over the component's defaults over those of the
 * components that it requires. With `hash_behaviour: merge` mappings of all of them are combined, as with the defaults
 * of Ansible's roles.
 */
export function componentScope(host: HostVars, component: Component, workspace: Workspace): Scope {
  return componentScopes(component, workspace)(host);
}

/** componentScope for many hosts. */
export function componentScopes(component: Component, { components, settings }: Workspace): ScopeOf {
  const merge = settings.hash_behaviour === 'merge';
  const layers = [...requiredBy(component.name, components), component].reverse();
  const defaults = layers.flatMap((layer) => layer.defaults ?? []);
  const holder = (name: string) => defaults.find((file) => file.vars.has(name));
  return (host) => {
    const own = hostScope(host);
    const merged = (name: string): Value | undefined => {
      const variable = host.vars.get(name);
      const above = variable ? (variable.steps ?? [variable.value]) : [];
      const below = defaults.flatMap(({ vars }) => (vars.has(name) ? [vars.get(name)!] : []));
      const [lowest, ...steps] = [...below.reverse(), ...above];
      return lowest === undefined ? undefined : steps.reduce<Value>(mergeValue, lowest);
    };
    const replaced = (name: string): Value | undefined => {
      const value = own.get(name);
      return value === undefined ? holder(name)?.vars.get(name) : value;
    };
    return {
      get: merge ? merged : replaced,
      keys: () => new Set([...defaults.flatMap(({ vars }) => [...vars.keys()].map(keyText)), ...own.keys()]),
      placeOf: (name) => {
        if (own.get(name) !== undefined) return own.placeOf(name);
        const file = holder(name);
        return file?.places.of(file.vars, name);
      },
      settingsOf: (name) => [...own.settingsOf(name), ...defaults.flatMap((file) => defaultOf(name, file))],
    };
  };
}

function defaultOf(name: string, { vars, places }: VarsFile): Setting[] {
  const value = vars.get(name);
  if (value === undefined) return [];
  return [{ layer: 'component defaults', value, place: places.of(vars, name), places }];
}

/** A scope with a few names in front: `item` of a loop, `hostvars`. */
export function withVariables(scope: Scope, variables: ReadonlyMap<string, Value>): Scope {
  return {
    get: (name) => (variables.has(name) ? variables.get(name) : scope.get(name)),
    keys: () => new Set([...scope.keys(), ...variables.keys()]),
    placeOf: (name) => (variables.has(name) ? undefined : scope.placeOf(name)),
    settingsOf: (name) => (variables.has(name) ? [] : scope.settingsOf(name)),
  };
}
