import type { AdjacentVars } from '../1-load/adjacent-vars.ts';
import type { AnsibleInventory } from '../1-load/load-ansible.ts';
import type { Settings } from '../1-load/settings.ts';
import type { InventoryGroup, InventoryHost, VarsFile } from '../1-load/workspace.ts';
import { groupTree } from './group-tree.ts';
import { HostVariables, ownOver } from './host-variables.ts';
import type { ClusterInventory, HostVars, Layer } from './inventory.ts';
import {
  layerOfFile,
  layerOfInventory,
  NO_VARS,
  overlay,
  overlayAll,
  settingAlone,
  type Vars,
} from './layer.ts';

/** A plain Ansible inventory, resolved. */
export interface ResolvedAnsible {
  /** Its hosts and groups; the type, the cluster and the release are empty. */
  readonly inventory: ClusterInventory;
  /** What a group itself sets, as `ansible-inventory --graph --vars` shows it. */
  readonly groupVars: (group: string) => Vars;
  /** A file that could not be read, of those that a host has variables of: Ansible then prints nothing of it. */
  readonly unreadOfHost: (host: HostVars) => string | undefined;
  /** The same of a group itself. */
  readonly unreadOfGroup: (group: string) => string | undefined;
}

/**
 * Combines what a plain Ansible inventory says into the variables of every host, in Ansible's precedence: group vars of
 * the inventory (`all`, then groups by depth, priority, name) · group_vars/all beside the sources · beside the playbook ·
 * the other groups' beside the sources, each source over the one before it · beside the playbook · host vars of the
 * inventory · host_vars beside the sources · beside the playbook.
 */
export function resolveAnsible(
  loaded: AnsibleInventory,
  behaviour: Settings['hash_behaviour'],
): ResolvedAnsible {
  const resolver = new AnsibleResolver(loaded, behaviour);
  return {
    inventory: resolver.inventory(),
    groupVars: (group) => resolver.groupVars(group),
    unreadOfHost: (host) => resolver.unreadOfHost(host),
    unreadOfGroup: (group) => resolver.unreadOfGroup(group),
  };
}

/** What is the same for all hosts of one list of groups. */
interface GroupSet {
  readonly vars: Vars;
  readonly groupNames: readonly string[];
  /** What hosts have besides, by what the inventory says of them. */
  readonly owns: WeakMap<InventoryHost['vars'], Vars>;
}

/** Holds the layers of groups, each made once. */
class AnsibleResolver {
  readonly #loaded: AnsibleInventory;
  readonly #behaviour: Settings['hash_behaviour'];
  readonly #groupSets = new Map<readonly InventoryGroup[], GroupSet>();

  constructor(loaded: AnsibleInventory, behaviour: Settings['hash_behaviour']) {
    this.#loaded = loaded;
    this.#behaviour = behaviour;
  }

  inventory(): ClusterInventory {
    const { inventory } = this.#loaded;
    const tree = groupTree(inventory);
    return {
      type: '',
      cluster: '',
      release: '',
      hosts: inventory.hosts.map((host) => this.#host(host, tree.groupsOf[host.index]!)),
      groups: tree.hosts,
      ownHosts: new Map(inventory.groups.map(({ name, hosts }) => [name, hosts])),
      children: new Map(inventory.groups.map(({ name, children }) => [name, children])),
    };
  }

  groupVars(name: string): Vars {
    const { besideSources, besidePlaybook, hasPlaybook, inventory } = this.#loaded;
    const group = inventory.groups.find((one) => one.name === name);
    if (!group) return NO_VARS;
    const vars = this.#together([
      this.#inline(group),
      this.#together(besideSources.map((beside) => this.#groupFiles('inventory group_vars', beside, [name]))),
      hasPlaybook ? this.#groupFiles('playbook group_vars', besidePlaybook, [name]) : NO_VARS,
    ]);
    if (group.priority === 1) return vars;
    const setting = { layer: 'inventory group vars', value: group.priority, place: group.place } as const;
    return overlay(
      vars,
      new Map([['ansible_group_priority', settingAlone('ansible_group_priority', setting)]]),
      'replace',
    );
  }

  unreadOfHost({ host, groupNames }: HostVars): string | undefined {
    const { besideSources, besidePlaybook } = this.#loaded;
    const all = [...besideSources, besidePlaybook];
    const ofGroups = ['all', ...groupNames].flatMap((name) =>
      all.map(({ groups }) => groups.unread.get(name)),
    );
    return [...ofGroups, ...all.map(({ hosts }) => hosts.unread.get(host))].find(
      (file) => file !== undefined,
    );
  }

  unreadOfGroup(name: string): string | undefined {
    const { besideSources, besidePlaybook, hasPlaybook } = this.#loaded;
    return [...besideSources, ...(hasPlaybook ? [besidePlaybook] : [])]
      .map(({ groups }) => groups.unread.get(name))
      .find((file) => file !== undefined);
  }

  #host(host: InventoryHost, groups: readonly InventoryGroup[]): HostVars {
    const { besideSources, besidePlaybook } = this.#loaded;
    const { vars, groupNames, owns } = this.#groupSet(groups);
    const files = (layer: Layer, { hosts }: AdjacentVars): Vars =>
      this.#combined(layer, hosts.files.get(host.name) ?? []);
    const beside = [
      this.#together(besideSources.map((source) => files('inventory host_vars', source))),
      files('playbook host_vars', besidePlaybook),
    ];
    // Hosts of a range share what the inventory says of them.
    const isShared = beside.every((layer) => layer.size === 0);
    const own =
      (isShared && owns.get(host.vars)) ||
      ownOver(
        vars,
        [layerOfInventory('inventory host vars', host.vars, this.#behaviour), ...beside],
        this.#behaviour,
      );
    if (isShared) owns.set(host.vars, own);
    return {
      host: host.name,
      type: '',
      cluster: '',
      place: host.place,
      groupNames,
      vars: new HostVariables(vars, own),
    };
  }

  #groupSet(groups: readonly InventoryGroup[]): GroupSet {
    const known = this.#groupSets.get(groups);
    if (known) return known;
    const { besideSources, besidePlaybook, inventory } = this.#loaded;
    const names = groups.map(({ name }) => name);
    const besideAll = (of: readonly string[]): Vars =>
      this.#together(besideSources.map((beside) => this.#groupFiles('inventory group_vars', beside, of)));
    const vars = this.#together([
      this.#inline(inventory.groups.find(({ name }) => name === 'all')!),
      this.#together(groups.map((group) => this.#inline(group))),
      besideAll(['all']),
      this.#groupFiles('playbook group_vars', besidePlaybook, ['all']),
      besideAll(names),
      this.#groupFiles('playbook group_vars', besidePlaybook, names),
    ]);
    const set = { vars, groupNames: names.toSorted(), owns: new WeakMap() };
    this.#groupSets.set(groups, set);
    return set;
  }

  #inline(group: InventoryGroup): Vars {
    return layerOfInventory('inventory group vars', group.vars, this.#behaviour);
  }

  #groupFiles(layer: Layer, { groups }: AdjacentVars, names: readonly string[]): Vars {
    return this.#combined(
      layer,
      names.flatMap((name) => groups.files.get(name) ?? []),
    );
  }

  #combined(layer: Layer, files: readonly VarsFile[]): Vars {
    return this.#together(files.map((file) => layerOfFile(layer, file)));
  }

  // Under `merge` the grouping counts, so layers are combined in the groups in which Ansible combines them.
  #together(layers: readonly Vars[]): Vars {
    return overlayAll(layers, this.#behaviour);
  }
}
