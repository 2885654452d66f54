import { readIniInventory } from '../../1-load/ini-inventory.ts';
import { InventoryDraft } from '../../1-load/inventory-draft.ts';
import type { Cluster, InventoryFile } from '../../1-load/workspace.ts';
import { readYamlInventory } from '../../1-load/yaml-inventory.ts';
import { readYaml } from '../../1-load/yaml-source.ts';
import type { ClusterInventory, HostVars } from '../../2-resolve/inventory.ts';
import { resolve } from '../../2-resolve/resolve.ts';
import type { Diagnostic } from '../../contract/diagnostic.ts';
import { Dict, type Value } from '../../jinja/jinja.ts';
import { hasErrors } from '../print-diagnostics.ts';
import type { Question } from './impact.ts';
import type { Reach } from './reach.ts';
import { iniTrials, yamlTrials } from './trials.ts';
import { changeKey, differences, type VariableChange } from './variable-change.ts';

/** The impact of a line of a cluster's inventory: it is read with the line edited, and the hosts compared. */
export function inventoryImpact(
  question: Question,
  { type, cluster: name }: { type: string; cluster: string },
): void {
  const { subject, at, text, index } = question;
  const { workspace, inventory } = subject;
  const cluster = workspace.clusters.find((one) => one.type === type && one.name === name);
  const before = inventory.clusters.find((one) => one.type === type && one.cluster === name);
  if (!cluster || !before) return;
  const isIni = at.file.endsWith('.ini');
  const read = isIni ? readIni : readYamlHosts;
  const roles = rolesOf(question);
  const compare = comparer();
  for (const trial of (isIni ? iniTrials : yamlTrials)(text, at.line)) {
    const after = read(at.file, trial.text);
    if (!after) continue;
    const resolved = resolve({
      ...workspace,
      components: new Map(),
      clusters: [{ ...cluster, inventory: after } satisfies Cluster],
    });
    const reach = trial.altersValue ? question.value : question.line;
    spread(question, reach, { before, after: resolved.value.clusters[0]!, roles, compare });
  }
  for (const host of before.hosts) question.any.addWhole(host, index);
}

function readIni(file: string, text: string): InventoryFile | undefined {
  const draft = new InventoryDraft(file);
  return finished(draft, readIniInventory(draft, file, text));
}

function readYamlHosts(file: string, text: string): InventoryFile | undefined {
  const { value } = readYaml(file, text);
  const draft = new InventoryDraft(file);
  return value && finished(draft, readYamlInventory(draft, value));
}

function finished(draft: InventoryDraft, diagnostics: readonly Diagnostic[]): InventoryFile | undefined {
  return hasErrors(diagnostics) ? undefined : draft.finish();
}

/** The groups that are roles. */
function rolesOf({ subject }: Question): Set<string> {
  return new Set(
    [...subject.workspace.components.values()].flatMap(({ content }) => Object.keys(content.roles)),
  );
}

type Compare = (
  name: string,
  before: Value | undefined,
  after: Value | undefined,
) => readonly VariableChange[];

/** Compares values of variables; what hosts share is compared once for each name that it has. */
function comparer(): Compare {
  const known = new WeakMap<object, WeakMap<object, Map<string, readonly VariableChange[]>>>();
  const compared = (name: string, before: Value | undefined, after: Value | undefined) => {
    const dict = (value: Value | undefined) => new Dict(value === undefined ? [] : [[name, value]]);
    return differences(dict(before), dict(after));
  };
  return (name, before, after) => {
    if (before === after) return [];
    if (!(before instanceof Dict) || !(after instanceof Dict)) return compared(name, before, after);
    const pairs = known.get(before) ?? new WeakMap<object, Map<string, readonly VariableChange[]>>();
    known.set(before, pairs);
    const names = pairs.get(after) ?? new Map<string, readonly VariableChange[]>();
    pairs.set(after, names);
    const found = names.get(name) ?? compared(name, before, after);
    names.set(name, found);
    return found;
  };
}

interface Sides {
  readonly before: ClusterInventory;
  readonly after: ClusterInventory;
  readonly roles: ReadonlySet<string>;
  readonly compare: Compare;
}

function spread({ index }: Question, reach: Reach, { before, after, roles, compare }: Sides): void {
  const young = new Map(after.hosts.map((host) => [host.host, host]));
  const changes = new Map<string, { change: VariableChange; hosts: Set<string> }>();
  const gone: string[] = [];
  for (const host of before.hosts) {
    const other = young.get(host.host);
    if (!other) {
      gone.push(host.host);
      reach.addWhole(host, index);
      continue;
    }
    young.delete(host.host);
    if (rolesIn(host, roles) !== rolesIn(other, roles)) reach.addWhole(host, index);
    for (const name of new Set([...host.vars.keys(), ...other.vars.keys()])) {
      for (const change of compare(name, host.vars.get(name)?.value, other.vars.get(name)?.value)) {
        const key = changeKey(change);
        const entry = changes.get(key) ?? { change, hosts: new Set<string>() };
        changes.set(key, entry);
        entry.hosts.add(host.host);
      }
    }
  }
  if (namesOf(before) !== namesOf(after)) reach.add(index.ofHosts([...gone, ...young.keys()]));
  for (const { change, hosts } of changes.values())
    reach.addChange(index.ofChange(change, (host) => hosts.has(host.host)));
}

/** The hosts in their order, which `hostvars` has too. */
function namesOf({ hosts }: ClusterInventory): string {
  return hosts.map(({ host }) => host).join(' ');
}

function rolesIn({ groupNames }: HostVars, roles: ReadonlySet<string>): string {
  return groupNames.filter((group) => roles.has(group)).join(' ');
}
