import type { Place } from '../contract/diagnostic.ts';
import type { InventoryHost, InventoryVar } from './workspace.ts';

/** The hosts and groups of an inventory while its sources are read. */
export interface DraftState {
  readonly hosts: Map<string, DraftHost>;
  readonly groups: Map<string, DraftGroup>;
}

export interface DraftHost extends InventoryHost {
  index: number;
  /** Hosts of one range share a map until one of them is set something of its own. */
  vars: Map<string, InventoryVar>;
  /** Whether it is in a group other than `all` and `ungrouped`. */
  grouped: boolean;
  leftUngrouped: boolean;
  inNoGroup?: boolean;
}

export interface DraftGroup {
  readonly place: Place;
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly vars: Map<string, InventoryVar>;
  priority: number;
}

/** A copy; the hosts in it share their variables with those that are copied. */
export function copyOf({ hosts, groups }: DraftState): DraftState {
  return {
    hosts: new Map([...hosts].map(([name, host]) => [name, { ...host }])),
    groups: new Map([...groups].map(([name, group]) => [name, copyOfGroup(group)])),
  };
}

function copyOfGroup(group: DraftGroup): DraftGroup {
  const { hosts, children, vars } = group;
  return { ...group, hosts: new Set(hosts), children: new Set(children), vars: new Map(vars) };
}
