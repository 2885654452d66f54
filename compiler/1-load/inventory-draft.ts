import type { Place } from '../contract/diagnostic.ts';
import { countMemberships } from './count-memberships.ts';
import { copyOf, type DraftGroup, type DraftHost, type DraftState } from './draft-state.ts';
import type { DraftVar, HostDeclaration } from './host-declaration.ts';
import {
  MAX_DECLARATIONS,
  MAX_GROUPS,
  MAX_HOSTS,
  MAX_MEMBERSHIPS,
  MAX_SETTINGS,
  MAX_STEPS,
  MAX_VALUES,
  TOO_DEEP,
  TOO_MANY_MEMBERSHIPS,
} from './inventory-limits.ts';
import { recursiveLoop } from './recursive-loop.ts';
import { wholeNumber } from './whole-number.ts';
import type { InventoryFile, InventoryVar } from './workspace.ts';

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
  #fatal: string | undefined;
  #settings = 0;
  #declarations = 0;
  #steps = 0;
  #values = 0;
  readonly #shared = new WeakSet<ReadonlyMap<string, InventoryVar>>();

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

  /** The error with which Ansible ends when all sources are read; known once the reading is finished. */
  get fatal(): string | undefined {
    return this.#fatal;
  }

  /** Marks where Ansible stops to read a source. Reading may go on, to find what else is wrong in it. */
  stop(): void {
    if (this.#stopped) return;
    for (const { vars } of this.#hosts.values()) this.#shared.add(vars);
    this.#stopped = copyOf({ hosts: this.#hosts, groups: this.#groups });
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
    if (this.#groups.size >= MAX_GROUPS)
      return this.#tooMuch(`an inventory may declare at most ${MAX_GROUPS} groups`);
    this.#groups.set(name, { place, hosts: new Set(), children: new Set(), vars: new Map(), priority: 1 });
    return undefined;
  }

  /** Declares hosts, puts them into a group, and sets their variables. A port counts where a host is new only. */
  addHosts(hosts: readonly string[], declaration: HostDeclaration): string | undefined {
    const { vars, group, place } = declaration;
    const tooMuch = this.#limit(hosts, vars.length);
    if (tooMuch !== undefined) return tooMuch;
    const before = this.#hosts.size;
    const grouped = group !== 'all' && group !== 'ungrouped';
    const members = this.#groups.get(group)!.hosts;
    let shared: Map<string, InventoryVar> | undefined;
    let problem: string | undefined;
    for (const name of hosts) {
      members.add(name);
      const host = this.#hosts.get(name);
      const isGroup = this.#groups.has(name);
      if (host) host.grouped ||= grouped;
      else {
        if (!isGroup) shared ??= this.#sharedVars(declaration);
        const own = isGroup ? this.#sharedVars({ ...declaration, vars: [] }) : shared!;
        this.#hosts.set(name, { name, index: -1, place, vars: own, grouped, leftUngrouped: false });
        if (!isGroup) continue;
      }
      for (const variable of vars) problem ??= this.#setHostVar(name, variable);
      if (problem !== undefined) break;
    }
    const added = this.#hosts.size - before;
    this.#declarations += hosts.length;
    this.#settings += settingsOf(hosts.length - added, vars.length);
    return problem;
  }

  /** Why one may not declare hosts, each with some variables; they are many, so they are looked up only where it counts. */
  #limit(hosts: readonly string[], vars: number): string | undefined {
    const known = (): number => hosts.reduce((count, host) => count + Number(this.#hosts.has(host)), 0);
    const added = this.#hosts.size + hosts.length > MAX_HOSTS ? hosts.length - known() : 0;
    if (this.#hosts.size + added > MAX_HOSTS)
      return this.#tooMuch(`an inventory may declare at most ${MAX_HOSTS} hosts`);
    const most = this.#settings + settingsOf(hosts.length, vars);
    if (most > MAX_SETTINGS && this.#settings + settingsOf(known(), vars) > MAX_SETTINGS)
      return this.#tooMuch(`an inventory may set at most ${MAX_SETTINGS} variables on hosts`);
    if (this.#declarations + hosts.length > MAX_DECLARATIONS)
      return this.#tooMuch(
        `an inventory may declare hosts ${MAX_DECLARATIONS} times, those of a range counted each`,
      );
    return undefined;
  }

  /** What a new host of a declaration has. */
  #sharedVars({ port, place, vars }: HostDeclaration): Map<string, InventoryVar> {
    const shared = new Map<string, InventoryVar>();
    // Port 0 is no port to Ansible.
    if (port) shared.set('ansible_port', { value: port, place, places: undefined, overrode: undefined });
    for (const variable of vars) setIn(shared, variable);
    this.#shared.add(shared);
    return shared;
  }

  /** As in Ansible, a variable is the group's where host and group have one name. */
  #setHostVar(name: string, variable: DraftVar): string | undefined {
    if (this.#groups.has(name)) return this.setGroupVar(name, variable);
    const host = this.#hosts.get(name)!;
    if (this.#shared.has(host.vars)) host.vars = new Map(host.vars);
    setIn(host.vars, variable);
    return undefined;
  }

  /** Counts values of variables that are about to be set, those of a range once. */
  addValues(count: number): string | undefined {
    this.#values += count;
    return this.#values > MAX_VALUES ? this.#tooMuch(`more than ${MAX_VALUES} values`) : undefined;
  }

  setGroupVar(group: string, variable: DraftVar): string | undefined {
    const draft = this.#groups.get(group)!;
    if (variable.name !== 'ansible_group_priority') {
      setIn(draft.vars, variable);
      return undefined;
    }
    const priority = wholeNumber(variable.value);
    if (priority === undefined) return 'ansible_group_priority must be a whole number';
    draft.priority = priority;
    return undefined;
  }

  /**
   * Makes a group the child of another. A group may have many parents, but never itself among its ancestors. `all` can
   * be a child for as long as the sources are read: `loopThroughAll` is then an error of the whole inventory.
   */
  addChild(parent: string, child: string): string | undefined {
    if (parent === child) return "can't add group to itself";
    if (this.#groups.get(parent)!.children.has(child)) return undefined;
    const isCycle = this.#descends(parent, child);
    if (this.#steps > MAX_STEPS) return this.#tooMuch(TOO_DEEP);
    if (isCycle) return recursiveLoop(parent, child);
    this.#groups.get(parent)!.children.add(child);
    return undefined;
  }

  /** Why the inventory cannot be resolved, once it is read. */
  problem(): string | undefined {
    const memberships = countMemberships(this.#groups, MAX_MEMBERSHIPS);
    if (memberships === Number.POSITIVE_INFINITY) return TOO_DEEP;
    return memberships > MAX_MEMBERSHIPS ? TOO_MANY_MEMBERSHIPS : undefined;
  }

  /** Ends the reading: groups without parents join `all`, hosts of no other group `ungrouped`, the others leave it. */
  finish(): InventoryFile {
    this.#reconcile();
    return this.finishUnparsed();
  }

  /** Ends the reading where no source was an inventory: Ansible then leaves groups and hosts as they are. */
  finishUnparsed(): InventoryFile {
    const hosts = [...this.#hosts.values()];
    let index = 0;
    for (const host of hosts) host.index = index++;
    return {
      file: this.#file,
      hosts,
      byName: this.#hosts,
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

  #tooMuch(problem: string): string {
    this.#full = true;
    return problem;
  }

  #reconcile(): void {
    for (const [name, { children }] of this.#groups)
      if (children.delete('all')) this.#fatal ??= recursiveLoop(name, 'all');
    const all = this.#groups.get('all')!;
    const ungrouped = this.#groups.get('ungrouped')!;
    const withParent = new Set<string>();
    // Where `ungrouped` is a child, its hosts count as grouped: Ansible takes them out of it, and so out of `all`.
    let isChild = false;
    for (const [name, { children }] of this.#groups) {
      for (const child of children) withParent.add(child);
      isChild ||= name !== 'all' && children.has('ungrouped');
    }
    for (const name of this.#groups.keys()) {
      if (name !== 'all' && !withParent.has(name)) all.children.add(name);
    }
    for (const host of this.#hosts.values()) {
      const { name } = host;
      if (host.grouped) host.leftUngrouped = ungrouped.hosts.delete(name);
      else if (isChild && ungrouped.hosts.delete(name)) {
        // Declared in `all` itself it stays there.
        host.leftUngrouped = all.hosts.has(name);
        if (!host.leftUngrouped) host.inNoGroup = true;
      }
      // As in Ansible, a name is the group's where host and group have one name.
      else if (!ungrouped.hosts.has(name) && this.#groups.has(name)) this.#fatal ??= this.#ungroup(name);
      else ungrouped.hosts.add(name);
    }
  }

  /**
   * Makes a group a child of `ungrouped`. As in Ansible, hosts that have left that are in it again, unless the group was
   * below it already.
   */
  #ungroup(child: string): string | undefined {
    const wasBelow = this.#descends(child, 'ungrouped');
    const wrong = this.addChild('ungrouped', child);
    if (wrong !== undefined || wasBelow) return wrong;
    const below = new Set([child]);
    for (const name of below) {
      const group = this.#groups.get(name)!;
      for (const host of group.hosts) this.#hosts.get(host)!.leftUngrouped = false;
      for (const grandchild of group.children) below.add(grandchild);
      this.#steps += 1 + group.hosts.size;
      if (this.#steps > MAX_STEPS) return this.#tooMuch(TOO_DEEP);
    }
    return undefined;
  }

  #descends(group: string, ancestor: string): boolean {
    if (this.#groups.get(ancestor)!.children.size === 0) return false;
    const below = new Set([ancestor]);
    for (const name of below) {
      for (const child of this.#groups.get(name)!.children) {
        if (child === group) return true;
        if (++this.#steps > MAX_STEPS) return false;
        below.add(child);
      }
    }
    return false;
  }
}

/** The settings that a declaration makes: new hosts share them, a host that was there before has a map of its own. */
function settingsOf(known: number, vars: number): number {
  return vars * (known + 1);
}

function setIn(vars: Map<string, InventoryVar>, { name, key, value, place, places }: DraftVar): void {
  const overrode = vars.get(name);
  if (key === undefined) vars.set(name, { value, place, places, overrode });
  // Of equal keys, such as `1` and `true`, the first one stays.
  else vars.set(name, { key: overrode ? overrode.key : key, value, place, places, overrode });
}
