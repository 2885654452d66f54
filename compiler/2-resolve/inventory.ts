import type { Places } from '../1-load/workspace.ts';
import type { Place } from '../contract/diagnostic.ts';
import type { Value } from '../jinja/values/value.ts';

/** Where a value was set. From lowest to highest precedence. */
export const LAYERS = [
  'component defaults',
  'inventory group vars',
  'fleet defaults',
  'type defaults',
  'cluster',
  'group',
  'inventory host vars',
  'host',
  'facts',
  'khp',
] as const;
/** Those of a plain Ansible inventory, which has the layers of inventories besides. */
export type AnsibleLayer =
  | 'inventory group_vars'
  | 'playbook group_vars'
  | 'inventory host_vars'
  | 'playbook host_vars';
export type Layer = (typeof LAYERS)[number] | AnsibleLayer;

/** One setting of a variable: its value as written (a template is not yet evaluated), and where. */
export interface Setting {
  readonly layer: Layer;
  readonly value: Value;
  /** Missing for what khp itself sets (`cluster`, `release`, `inventory_hostname` …). */
  readonly place: Place | undefined;
  /** Where the parts of `value` stand, where its file says so. */
  readonly places?: Places | undefined;
}

/** A variable of a host: what won, and what it overrode. */
export interface Variable {
  /** Of a variable whose name is no text, a text that no name is. */
  readonly name: string;
  /** Its name, where that is no text; in plain Ansible inventories alone. */
  readonly key?: Value | undefined;
  /** The value that counts, as written. With `hash_behaviour: merge`, mappings are combined. */
  readonly value: Value;
  /** All settings that the host has, the highest first; the first is where `value` (or its last merged part) is from. */
  readonly settings: readonly Setting[];
  /**
   * With `hash_behaviour: merge`, where several kinds of layers set it: the value of each, the lowest first. `value` is
   * what they are together; something below them (a component's default) is merged with each in turn.
   */
  readonly steps?: readonly Value[];
}

/** Variables by name. Where hosts have some in common: those, and what this one has over and beside them. */
export interface SharedVars extends ReadonlyMap<string, Variable> {
  readonly shared?: ReadonlyMap<string, Variable>;
  readonly own?: ReadonlyMap<string, Variable>;
}

/** The hosts of one cluster with their groups, in Ansible's sense. */
export interface ClusterInventory {
  readonly type: string;
  readonly cluster: string;
  /** Empty where the cluster names none, which is an error of the load phase. */
  readonly release: string;
  /** In order of declaration. */
  readonly hosts: readonly HostVars[];
  /** Group → names of its hosts, children's included, in order of declaration, breadth first. `all`, `ungrouped` too. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Group → names of the hosts declared in it itself. */
  readonly ownHosts: ReadonlyMap<string, readonly string[]>;
  /** Group → its child groups, for `inventory --graph`. */
  readonly children: ReadonlyMap<string, readonly string[]>;
}

/** Everything that a host's templates can ask for, before any component's defaults. */
export interface HostVars {
  readonly host: string;
  readonly type: string;
  readonly cluster: string;
  readonly place: Place;
  /** Ancestors too, `all` left out, sorted by name. */
  readonly groupNames: readonly string[];
  readonly vars: SharedVars;
}

/** The fleet: every cluster, sorted by type, then name. */
export interface Inventory {
  readonly clusters: readonly ClusterInventory[];
}
