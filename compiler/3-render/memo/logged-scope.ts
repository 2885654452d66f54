import type { ReadLog } from '../../ansible/ansible.ts';
import type { Scope } from '../host-scope.ts';

/** Before the name of a component, in the scope of a read: what its templates see. No host is named so. */
const OF_COMPONENT = '\u0000';

/** The scope of reads of what templates of a component see on their host. */
export function scopeOfComponent(component: string): string {
  return OF_COMPONENT + component;
}

/** The component that the scope of a read is of; undefined where it is a host's own variables. */
export function componentOf(scope: string): string | undefined {
  return scope.startsWith(OF_COMPONENT) ? scope.slice(OF_COMPONENT.length) : undefined;
}

/** A scope that tells of what is looked up in it. */
export function loggedScope(scope: Scope, name: string, log: ReadLog): Scope {
  return {
    ...scope,
    get: (variable) => {
      log.variable(name, variable);
      return scope.get(variable);
    },
    keys: () => {
      log.read({ kind: 'names', scope: name });
      return scope.keys();
    },
  };
}
