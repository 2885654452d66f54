import type { Cluster, InventoryGroup, InventoryHost, VarsFile, Workspace } from '../1-load/workspace.ts';
import type { Diagnostic, Outcome } from '../contract/diagnostic.ts';
import { firstLabel, isNamedAfter } from '../contract/names.ts';
import { factVars, NO_FACTS } from './facts.ts';
import { conflictProblem, type GroupConflict, groupConflicts, isDecidedBy } from './group-conflicts.ts';
import { type GroupTree, groupTree } from './group-tree.ts';
import { HostNames } from './host-names.ts';
import { HostVariables, ownOver } from './host-variables.ts';
import type { ClusterInventory, HostVars, Inventory, Layer, Variable } from './inventory.ts';
import { clusterVars, groupVars } from './khp-vars.ts';
import {
  layerOfFile,
  layerOfInventory,
  NO_VARS,
  overlay,
  overlayAll,
  overlayVariable,
  type Vars,
} from './layer.ts';
import { type Reserved, reservedProblems } from './reserved.ts';

/** What variables come from. */
type Resolvable = Omit<Workspace, 'texts' | 'plugins' | 'clusters'> & {
  /** May be loaded one after the other, as each is asked for. */
  readonly clusters: Iterable<Cluster>;
};

/**
 * Combines what the workspace says into the variables of every host, in Ansible's precedence: group vars of the
 * inventory (`all`, then groups by depth, priority, name) · inventories/_default.yml · the type's · the cluster's ·
 * groups' files · host vars of the inventory · the host's file · its facts · what khp sets. Values stay as written.
 * Hosts of the same groups share their maps and values, so nothing of it may be changed.
 */
export function resolve(workspace: Resolvable): Outcome<Inventory> {
  const diagnostics: Diagnostic[] = [];
  return { value: { clusters: [...resolveClusters(workspace, diagnostics)] }, diagnostics };
}

/** As resolve, cluster by cluster: of a large fleet no host need be kept. What is found is added to `diagnostics`. */
export function* resolveClusters(
  workspace: Resolvable,
  diagnostics: Diagnostic[],
): Generator<ClusterInventory> {
  const resolver = new Resolver(workspace, diagnostics);
  for (const { defaults } of workspace.components.values()) {
    if (defaults) diagnostics.push(...reservedProblems(layerOfFile('component defaults', defaults), {}));
  }
  for (const cluster of workspace.clusters) yield resolver.cluster(cluster);
}

/** What sets of groups have in common that differ in groups without variables only. */
interface Base {
  readonly vars: Vars;
  readonly conflicts: readonly GroupConflict[];
}

/** What is the same for all hosts of one set of groups. */
interface GroupSet {
  /** Without what khp sets. */
  readonly base: Vars;
  /** What khp sets, but for the host's own name. */
  readonly khp: Vars;
  /** `base` with `khp` over it. */
  readonly shared: Vars;
  readonly groupNames: readonly string[];
  /** What groups of one rank set differently, with the hosts found so far on which nothing decides. */
  readonly conflicts: ReadonlyMap<GroupConflict, string[]>;
  /** By the variables of a line of the inventory: what the hosts of that line share. */
  readonly lines: Map<InventoryHost['vars'], Line>;
}

/** What is the same for all hosts of one set of groups that one line of the inventory declares. */
interface Line {
  /** The line's variables. */
  readonly inline: Vars;
  /** Without what khp sets. */
  readonly base: Vars;
  readonly shared: Vars;
}

/** What a host has of its own, by its name. */
interface HostFiles {
  readonly vars: ReadonlyMap<string, VarsFile>;
  readonly facts: ReadonlyMap<string, VarsFile>;
}

/** What the variables of a host come from, but for the workspace's own. */
interface HostSources {
  readonly cluster: Cluster;
  readonly set: GroupSet;
  readonly files: HostFiles;
}

/** Holds the layers that clusters and hosts have in common, each made once. */
class Resolver {
  readonly #workspace: Resolvable;
  readonly #diagnostics: Diagnostic[];
  readonly #defaults = new Map<string, Vars>();
  readonly #fleet: Vars;

  constructor(workspace: Resolvable, diagnostics: Diagnostic[]) {
    this.#workspace = workspace;
    this.#diagnostics = diagnostics;
    this.#fleet = this.#file('fleet defaults', workspace.fleetVars, {});
  }

  cluster(cluster: Cluster): ClusterInventory {
    const { inventory } = cluster;
    const tree = groupTree(inventory);
    const groupSet = this.#groupSets(cluster, tree);
    const groups = new Map([...tree.groups.values()].map((group) => [group.name, group]));
    const sets = new Set<GroupSet>();
    const files: HostFiles = {
      vars: filesOfHosts(cluster.hostVars, inventory),
      facts: filesOfHosts(cluster.facts, inventory),
    };
    const hosts = inventory.hosts.map((host) => {
      const set = groupSet(tree.groupsOf[host.index]!);
      sets.add(set);
      return this.#host(host, { cluster, set, files });
    });
    for (const { conflicts } of sets) {
      for (const [conflict, names] of conflicts) {
        if (names.length > 0) this.#diagnostics.push(conflictProblem(conflict, names));
      }
    }
    return {
      type: cluster.type,
      cluster: cluster.name,
      release: cluster.release ?? '',
      hosts,
      groups: tree.hosts,
      ownHosts: mapValues(groups, (group) => group.hosts),
      children: mapValues(groups, (group) => group.children),
    };
  }

  #host(host: InventoryHost, { cluster, set, files }: HostSources): HostVars {
    const { khp, groupNames, conflicts } = set;
    const { hash_behaviour: behaviour } = this.#workspace.settings;
    const { inline, base, shared } = this.#line(host, set);
    const ofFile = this.#file('host', files.vars.get(host.name), {});
    const facts = files.facts.get(host.name);
    const ofFacts = facts ? this.#reserved(factVars(facts), {}) : NO_VARS;
    for (const [conflict, hosts] of conflicts) {
      if (![inline, ofFile, ofFacts].some((layer) => isDecidedBy(conflict, layer))) hosts.push(host.name);
    }
    let own = NO_VARS;
    if (ofFile.size + ofFacts.size > 0) {
      const ofFiles = ownOver(base, [ofFile, ofFacts], behaviour);
      // Facts are never mixed with those of another file, whatever `hash_behaviour` says.
      const all = ofFacts.get('ansible_facts');
      if (all) ofFiles.set('ansible_facts', all);
      for (const [name, variable] of khpOver(khp, ofFiles)) ofFiles.set(name, variable);
      own = ofFiles;
    }
    const names = new HostNames(host.name, [own, base]);
    return {
      host: host.name,
      type: cluster.type,
      cluster: cluster.name,
      place: host.place,
      groupNames,
      vars: new HostVariables(shared, own.size === 0 ? names : new HostVariables(own, names)),
    };
  }

  #line({ vars }: InventoryHost, { base, khp, shared, lines }: GroupSet): Line {
    const known = lines.get(vars);
    if (known) return known;
    const { hash_behaviour: behaviour } = this.#workspace.settings;
    const inline = this.#reserved(layerOfInventory('inventory host vars', vars, behaviour), {});
    const own = ownOver(base, [inline], behaviour);
    const line =
      own.size === 0
        ? { inline, base, shared }
        : {
            inline,
            base: new HostVariables(base, own),
            shared: new HostVariables(shared, new Map([...own, ...khpOver(khp, own)])),
          };
    lines.set(vars, line);
    return line;
  }

  /** The layers of a set of groups of a cluster, made on the first call for it. */
  #groupSets(cluster: Cluster, tree: GroupTree): (groups: readonly InventoryGroup[]) => GroupSet {
    const { hash_behaviour: behaviour } = this.#workspace.settings;
    const inline = (group: InventoryGroup): Vars =>
      this.#reserved(layerOfInventory('inventory group vars', group.vars, behaviour), {});
    const inlineOf = mapValues(tree.groups, inline);
    const fileOf = mapValues(tree.groups, ({ name }) => this.#file('group', cluster.groupVars.get(name), {}));
    const ownFile = this.#file('cluster', cluster.vars, { cluster: cluster.name, release: cluster.release });
    const files = overlay(this.#defaultsOf(cluster.type), ownFile, behaviour);
    const ofCluster = clusterVars(cluster, tree, this.#workspace.releases);
    // Under `merge` the grouping counts: Ansible combines the layers of all groups before it lays them over the rest.
    const together = (layers: readonly Vars[]): Vars => overlayAll(layers, behaviour);
    const rankOf = ({ name, priority }: InventoryGroup) => `${tree.depth.get(name)} ${priority}`;
    const isFilled = ({ name }: InventoryGroup) => inlineOf.get(name)!.size + fileOf.get(name)!.size > 0;
    const baseOf = (groups: readonly InventoryGroup[], khp: Vars): Base => {
      const groupFiles = together(groups.map(({ name }) => fileOf.get(name)!));
      const all = inlineOf.get('all') ?? NO_VARS;
      const ofGroups = together(groups.map(({ name }) => inlineOf.get(name)!));
      const vars = ownOver(NO_VARS, [NO_FACTS, all, ofGroups, files, groupFiles], behaviour);
      const ranked = { groups, rankOf, behaviour };
      const conflicts = [
        ...groupConflicts({ ...ranked, varsOf: (name) => fileOf.get(name)!, above: [khp] }),
        ...groupConflicts({
          ...ranked,
          varsOf: (name) => inlineOf.get(name)!,
          above: [files, groupFiles, khp],
        }),
      ];
      return { vars, conflicts };
    };
    const bases = new Map<string, Base>();
    const made = new Map<readonly InventoryGroup[], GroupSet>();
    return (groups) => {
      const known = made.get(groups);
      if (known) return known;
      const groupNames = groups.map(({ name }) => name).sort();
      const khp = overlay(ofCluster, groupVars(groupNames), 'replace');
      const filled = groups.filter(isFilled);
      const key = filled.map(({ name }) => name).join('\u0000');
      const { vars: base, conflicts } = bases.get(key) ?? baseOf(filled, khp);
      bases.set(key, { vars: base, conflicts });
      const set = {
        base,
        khp,
        shared: new HostVariables(base, new Map([...khp, ...khpOver(khp, base)])),
        groupNames,
        conflicts: new Map(conflicts.map((conflict) => [conflict, []])),
        lines: new Map(),
      };
      made.set(groups, set);
      return set;
    };
  }

  #defaultsOf(type: string): Vars {
    const known = this.#defaults.get(type);
    if (known) return known;
    const { settings, typeVars } = this.#workspace;
    const own = this.#file('type defaults', typeVars.get(type), { cluster_type: type });
    const defaults = overlay(this.#fleet, own, settings.hash_behaviour);
    this.#defaults.set(type, defaults);
    return defaults;
  }

  #file(layer: Layer, file: VarsFile | undefined, allowed: Reserved): Vars {
    return file ? this.#reserved(layerOfFile(layer, file), allowed) : NO_VARS;
  }

  #reserved(vars: Vars, allowed: Reserved): Vars {
    if (vars.size > 0) this.#diagnostics.push(...reservedProblems(vars, allowed));
    return vars;
  }
}

/** Those of some variables that khp sets too, with its value over them. */
function khpOver(khp: Vars, vars: Vars): [string, Variable][] {
  const over: [string, Variable][] = [];
  khp.forEach((set, name) => {
    const below = vars.get(name);
    if (below) over.push([name, overlayVariable(below, set, 'replace')]);
  });
  return over;
}

/**
 * Host → its file. A file's name is a host's name, or the first label of one whose first label is no host itself, and
 * that has no file of its own name.
 */
function filesOfHosts(
  files: Cluster['hostVars'],
  { byName }: Cluster['inventory'],
): ReadonlyMap<string, VarsFile> {
  const labels = [...files.keys()].filter((name) => !byName.has(name));
  if (labels.length === 0) return files;
  const result = new Map(files);
  for (const host of byName.keys()) {
    const label = firstLabel(host);
    const file = files.get(label);
    if (file && !files.has(host) && isNamedAfter(host, label, byName)) result.set(host, file);
  }
  return result;
}

function mapValues<A, B>(map: ReadonlyMap<string, A>, make: (value: A) => B): Map<string, B> {
  const result = new Map<string, B>();
  for (const [key, value] of map) result.set(key, make(value));
  return result;
}
