import type { Place } from '../contract/diagnostic.ts';
import { Float } from '../jinja/values/float.ts';
import type { Value } from '../jinja/values/value.ts';
import type { InventoryFile, InventoryVar, Places } from './workspace.ts';

interface DraftHost {
  readonly place: Place;
  readonly vars: Map<string, InventoryVar>;
}

interface DraftState {
  readonly hosts: Map<string, DraftHost>;
  readonly groups: Map<string, DraftGroup>;
}

interface DraftGroup {
  readonly place: Place;
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly vars: Map<string, InventoryVar>;
  priority: number;
}

/** What one inventory may hold: far more than a cluster needs, and little enough to be computed at once. */
const MAX_HOSTS = 20_000;
const MAX_GROUPS = 2_000;
const MAX_SETTINGS = 2_000_000;

/** A variable as it is read: what it is set to, and where. */
export interface DraftVar {
  readonly name: string;
  readonly value: Value;
  readonly place: Place;
  /** Where the parts of the value stand, in a file that says so. */
  readonly places?: Places;
}

/** What one line or entry says of its hosts. */
export interface HostDeclaration {
  readonly group: string;
  readonly port: number | undefined;
  readonly place: Place;
  readonly vars: readonly DraftVar[];
}

/**
 * An inventory while its sources are read, in the steps in which Ansible builds its own (inventory/data.py): what is
 * linked when decides the order of children and hosts. What goes wrong comes back as the error's text.
 */
export class InventoryDraft {
  readonly #file: string;
  #hosts = new Map<string, DraftHost>();
  #groups = new Map<string, DraftGroup>();
  #stopped: DraftState | undefined;
  #full = false;
  /** Variables set on hosts so far. */
  #settings = 0;

  constructor(file: string) {
    this.#file = file;
    const start: Place = { file, line: 1, column: 1 };
    this.addGroup('all', start);
    this.addGroup('ungrouped', start);
    this.addChild('all', 'ungrouped');
  }

  /** Whether an error has said that the inventory holds too much; the rest of it need not be read. */
  get isFull(): boolean {
    return this.#full;
  }

  /** Marks where Ansible stops to read a source. Reading may go on, to find what else is wrong in it. */
  stop(): void {
    this.#stopped ??= {
      hosts: new Map([...this.#hosts].map(([name, host]) => [name, { ...host, vars: new Map(host.vars) }])),
      groups: new Map([...this.#groups].map(([name, group]) => [name, copyOf(group)])),
    };
  }

  get isStopped(): boolean {
    return this.#stopped !== undefined;
  }

  /** Goes back to where Ansible stopped, if it did: what came after that is no part of the inventory. */
  resume(): void {
    if (this.#stopped === undefined) return;
    this.#hosts = this.#stopped.hosts;
    this.#groups = this.#stopped.groups;
    this.#stopped = undefined;
  }

  hasGroup(name: string): boolean {
    return this.#groups.has(name);
  }

  hasHost(name: string): boolean {
    return this.#hosts.has(name);
  }

  /** Declares a group; a second declaration changes nothing. */
  addGroup(name: string, place: Place): string | undefined {
    if (this.#groups.has(name)) return undefined;
    if (this.#groups.size >= MAX_GROUPS) {
      this.#full = true;
      return `an inventory may declare at most ${MAX_GROUPS} groups`;
    }
    this.#groups.set(name, { place, hosts: new Set(), children: new Set(), vars: new Map(), priority: 1 });
    return undefined;
  }

  /** Declares hosts, puts them into a group, and sets their variables. A port counts where a host is new only. */
  addHosts(hosts: readonly string[], declaration: HostDeclaration): string | undefined {
    const { vars } = declaration;
    const hostCount = this.#hosts.size + hosts.filter((host) => !this.#hosts.has(host)).length;
    this.#settings += hosts.length * vars.length;
    this.#full ||= hostCount > MAX_HOSTS || this.#settings > MAX_SETTINGS;
    if (hostCount > MAX_HOSTS) return `an inventory may declare at most ${MAX_HOSTS} hosts`;
    if (this.#settings > MAX_SETTINGS)
      return `an inventory may set at most ${MAX_SETTINGS} variables on hosts`;
    for (const host of hosts) {
      const problem = this.#addHost(host, declaration);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #addHost(name: string, { group, port, place, vars }: HostDeclaration): string | undefined {
    if (!this.#hosts.has(name)) {
      const own = new Map<string, InventoryVar>();
      // Port 0 is no port to Ansible.
      if (port) own.set('ansible_port', { value: port, place, places: undefined, overrode: undefined });
      this.#hosts.set(name, { place, vars: own });
    }
    this.#groups.get(group)!.hosts.add(name);
    for (const variable of vars) {
      const problem = this.#setHostVar(name, variable);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** As in Ansible, a variable is the group's where host and group have one name. */
  #setHostVar(host: string, variable: DraftVar): string | undefined {
    if (this.#groups.has(host)) return this.setGroupVar(host, variable);
    const { vars } = this.#hosts.get(host)!;
    const { name, value, place, places } = variable;
    vars.set(name, { value, place, places, overrode: vars.get(name) });
    return undefined;
  }

  setGroupVar(group: string, { name, value, place, places }: DraftVar): string | undefined {
    const draft = this.#groups.get(group)!;
    if (name !== 'ansible_group_priority') {
      draft.vars.set(name, { value, place, places, overrode: draft.vars.get(name) });
      return undefined;
    }
    const priority = wholeNumber(value);
    if (priority === undefined) return 'ansible_group_priority must be a whole number';
    draft.priority = priority;
    return undefined;
  }

  /** Makes a group the child of another. A group may have many parents, but never itself among its ancestors. */
  addChild(parent: string, child: string): string | undefined {
    if (parent === child) return "can't add group to itself";
    if (child === 'all' || this.#descends(parent, child)) {
      return `Adding group '${child}' as child to '${parent}' creates a recursive dependency loop`;
    }
    this.#groups.get(parent)!.children.add(child);
    return undefined;
  }

  /** Ends the reading: groups without parents join `all`, hosts of no other group `ungrouped`, the others leave it. */
  finish(): InventoryFile {
    const all = this.#groups.get('all')!;
    const ungrouped = this.#groups.get('ungrouped')!;
    const withParent = new Set([...this.#groups.values()].flatMap(({ children }) => [...children]));
    for (const name of this.#groups.keys()) {
      if (name !== 'all' && !withParent.has(name)) all.children.add(name);
    }
    const grouped = new Set<string>();
    for (const [name, group] of this.#groups) {
      if (name === 'all' || name === 'ungrouped') continue;
      for (const host of group.hosts) grouped.add(host);
    }
    for (const host of this.#hosts.keys()) {
      if (grouped.has(host)) ungrouped.hosts.delete(host);
      else ungrouped.hosts.add(host);
    }
    return {
      file: this.#file,
      hosts: [...this.#hosts].map(([name, { place, vars }]) => ({ name, place, vars })),
      groups: [...this.#groups].map(([name, { place, hosts, children, vars, priority }]) => ({
        name,
        place,
        hosts: [...hosts],
        children: [...children],
        vars,
        priority,
      })),
    };
  }

  #descends(group: string, ancestor: string): boolean {
    const below = new Set([ancestor]);
    for (const name of below) {
      for (const child of this.#groups.get(name)!.children) {
        if (child === group) return true;
        below.add(child);
      }
    }
    return false;
  }
}

function copyOf(group: DraftGroup): DraftGroup {
  const { hosts, children, vars } = group;
  return { ...group, hosts: new Set(hosts), children: new Set(children), vars: new Map(vars) };
}

/** Python's int() of a value. */
function wholeNumber(value: Value): number | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  if (value instanceof Float) return Number.isFinite(value.value) ? Math.trunc(value.value) : undefined;
  return typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : undefined;
}
