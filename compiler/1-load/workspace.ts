import type { SecretRecipient } from '../age/recipients.ts';
import type { Place } from '../contract/diagnostic.ts';
import type { Dict } from '../jinja/values/dict.ts';
import type { Value } from '../jinja/values/value.ts';
import type { Component } from './component.ts';
import type { Release } from './release.ts';
import type { Settings } from './settings.ts';

/** The files of a workspace, by path from its root with `/`, whatever they were read from (work tree or commit). */
export type SourceFiles = ReadonlyMap<string, Uint8Array>;

/** What khp.yml and inventories/ say, parsed; nothing combined yet. Lists and maps are sorted by name. */
export interface Inventories {
  readonly settings: Settings;
  /** inventories/_default.yml */
  readonly fleetVars: VarsFile | undefined;
  /** inventories/<type>/_default.yml, by type. */
  readonly typeVars: ReadonlyMap<string, VarsFile>;
  readonly clusters: readonly Cluster[];
}

/** Everything that a person wrote, parsed alike. */
export interface Workspace extends Inventories {
  readonly releases: ReadonlyMap<string, Release>;
  readonly components: ReadonlyMap<string, Component>;
  /** Every text file under templates/, by path from the root. */
  readonly texts: ReadonlyMap<string, string>;
  /** Filters and tests that the repository defines in Python, which never run here: name → file. */
  readonly plugins: ReadonlyMap<string, string>;
}

/** A file of variables: its mapping, and where each part of it stands. */
export interface VarsFile {
  readonly file: string;
  readonly vars: Dict;
  /** The place of a key's line, for the mapping itself and every mapping and list within it. */
  readonly places: Places;
}

/** Where the parts of a value stand in the file it was read from. */
export interface Places {
  /** The place of the entry at `key` (a list's index, a mapping's key) of this very mapping or list. */
  of(container: Dict | Value[], key: Value): Place | undefined;
}

export interface Cluster {
  readonly type: string;
  readonly name: string;
  /** inventories/<type>/<cluster>.yml; a cluster exists by this file. */
  readonly vars: VarsFile;
  /** Its `release:`; undefined (and a diagnostic) where that is missing or no string. */
  readonly release: string | undefined;
  readonly inventory: InventoryFile;
  /** inventories/<type>/<cluster>.recipients: public keys by the name of their host. */
  readonly recipients: ReadonlyMap<string, readonly SecretRecipient[]>;
  /** inventories/<type>/<cluster>/<group>.yml by group. */
  readonly groupVars: ReadonlyMap<string, VarsFile>;
  /** inventories/<type>/<cluster>/<host>.host.yml by the file's `<host>`, an inventory name or its first label. */
  readonly hostVars: ReadonlyMap<string, VarsFile>;
  /** inventories/<type>/<cluster>/<host>.facts.yml, named alike: what a host has said of itself. */
  readonly facts: ReadonlyMap<string, VarsFile>;
}

/**
 * `<cluster>.ini` or `<cluster>.hosts.yml`, parsed; in order of declaration. The groups are a tree in which every group
 * descends from `all`, the first of them, and the hosts of no other group are in `ungrouped`, the second.
 */
export interface InventoryFile {
  readonly file: string;
  readonly hosts: readonly InventoryHost[];
  readonly byName: ReadonlyMap<string, InventoryHost>;
  readonly groups: readonly InventoryGroup[];
}

export interface InventoryHost {
  readonly name: string;
  /** Its index among the hosts. */
  readonly index: number;
  /** Where it is first declared. */
  readonly place: Place;
  /** Variables on its line or lines; later ones win. */
  readonly vars: ReadonlyMap<string, InventoryVar>;
  /** It was declared in `ungrouped` and in another group too: it has nothing of `ungrouped`, not even through a child. */
  readonly leftUngrouped?: boolean;
  /** It was declared in `ungrouped` alone, which is a child of another group: Ansible has it in no group then. */
  readonly inNoGroup?: boolean;
}

export interface InventoryGroup {
  readonly name: string;
  readonly place: Place;
  /** Names of the hosts declared in this group itself. */
  readonly hosts: readonly string[];
  /** Names of the child groups, in the order in which Ansible links them: when both are declared. */
  readonly children: readonly string[];
  readonly vars: ReadonlyMap<string, InventoryVar>;
  /** Its `ansible_group_priority`, 1 where not said: of groups of one depth the higher one wins. */
  readonly priority: number;
}

export interface InventoryVar {
  /** Its name, where that is no text; the name that it goes by is then one that no text has. */
  readonly key?: Value | undefined;
  readonly value: Value;
  readonly place: Place;
  /** Where the parts of `value` stand; undefined for INI, whose values are one line. */
  readonly places: Places | undefined;
  /** The same variable of the same host or group, set before it in the file. */
  readonly overrode: InventoryVar | undefined;
}
