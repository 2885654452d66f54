import type { Place } from '../contract/diagnostic.ts';
import { firstLabel } from '../contract/names.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { nearestName } from '../diagnostics/did-you-mean.ts';
import { Dict } from '../jinja/values/dict.ts';
import { compareNames } from './by-name.ts';
import { checkInventory } from './check-inventory.ts';
import { readIniInventory } from './ini-inventory.ts';
import { InventoryDraft } from './inventory-draft.ts';
import type { Role } from './layout.ts';
import { loadRecipients } from './load-recipients.ts';
import { unreportedLoop } from './recursive-loop.ts';
import type { SourceReader } from './source-reader.ts';
import type { Cluster, InventoryFile, VarsFile } from './workspace.ts';
import { readYamlInventory } from './yaml-inventory.ts';

/** The files of one cluster, by what they are. */
export interface ClusterFiles {
  readonly type: string;
  readonly name: string;
  vars?: string;
  ini?: string;
  yaml?: string;
  recipients?: string;
  readonly groups: Map<string, string>;
  readonly hosts: Map<string, string>;
  readonly facts: Map<string, string>;
}

/** Reads every cluster of a workspace, sorted by type, then name. Its release is named, not looked up. */
export function loadClusters(reader: SourceReader, roles: ReadonlyMap<string, Role>): Cluster[] {
  return clusterFiles(roles).flatMap((files) => loadCluster(reader, files) ?? []);
}

/** The files of each cluster, sorted by type, then name. */
export function clusterFiles(roles: ReadonlyMap<string, Role>): ClusterFiles[] {
  const byKey = new Map<string, ClusterFiles>();
  for (const [path, role] of roles) {
    if (!('cluster' in role)) continue;
    const key = `${role.type}/${role.cluster}`;
    let files = byKey.get(key);
    if (!files) {
      files = {
        type: role.type,
        name: role.cluster,
        groups: new Map(),
        hosts: new Map(),
        facts: new Map(),
      };
      byKey.set(key, files);
    }
    if (role.is === 'cluster vars') files.vars = path;
    else if (role.is === 'ini') files.ini = path;
    else if (role.is === 'yaml inventory') files.yaml = path;
    else if (role.is === 'recipients') files.recipients = path;
    else if (role.is === 'group vars') files.groups.set(role.name, path);
    else if (role.is === 'host vars') files.hosts.set(role.name, path);
    else if (role.is === 'facts') files.facts.set(role.name, path);
  }
  return [...byKey.values()].sort((a, b) => compareNames(a.type, b.type) || compareNames(a.name, b.name));
}

function reportMissing(
  reader: SourceReader,
  { name, ini, yaml, recipients, groups, hosts, facts }: ClusterFiles,
): void {
  const inventory = ini ?? yaml ?? recipients;
  if (inventory !== undefined) {
    const message = `cluster \`${name}\` has an inventory, but no ${name}.yml`;
    reader.diagnostics.push(diagnose('load/missing-cluster', { place: startOf(inventory), message }));
    return;
  }
  const first = [...groups.values(), ...hosts.values(), ...facts.values()].sort()[0]!;
  const message = `the folder \`${name}\` holds settings, but there is no cluster \`${name}\``;
  const hint =
    name === 'group_vars' || name === 'host_vars'
      ? 'settings of a group stand in <cluster>/<group>.yml, of a host in <cluster>/<host>.host.yml'
      : undefined;
  reader.diagnostics.push(
    diagnose('load/orphan-folder', { place: startOf(first), message, ...(hint !== undefined && { hint }) }),
  );
}

/** Reads one of them; undefined, and reported, where there are files of a cluster that does not exist. */
export function loadCluster(reader: SourceReader, files: ClusterFiles): Cluster | undefined {
  const varsFile = files.vars;
  if (varsFile === undefined) {
    reportMissing(reader, files);
    return undefined;
  }
  const vars = reader.vars(varsFile);
  const problems = reader.diagnostics.length;
  const inventory = loadInventory(reader, files, varsFile);
  const complete = reader.diagnostics.length === problems;
  checkInventory(reader, inventory);
  const ofHosts = (hosts: ReadonlyMap<string, string>, suffix: string) =>
    complete
      ? loadHostVars(reader, { cluster: files.name, inventory, hosts, suffix })
      : loadVars(reader, hosts, () => true);
  return {
    type: files.type,
    name: files.name,
    vars: vars ?? { file: varsFile, vars: new Dict(), places: { of: () => undefined } },
    release: vars && releaseOf(reader, vars),
    inventory,
    recipients: loadRecipients(reader, files.recipients, complete ? inventory : undefined),
    // In an inventory that cannot be read to its end, a missing group or host would only be a consequence.
    groupVars: complete
      ? loadGroupVars(reader, files, inventory)
      : loadVars(reader, files.groups, () => true),
    hostVars: ofHosts(files.hosts, '.host.yml'),
    facts: ofHosts(files.facts, '.facts.yml'),
  };
}

function releaseOf(reader: SourceReader, { file, vars, places }: VarsFile): string | undefined {
  const release = vars.get('release');
  if (typeof release === 'string') return release;
  const place = places.of(vars, 'release') ?? startOf(file);
  const finding =
    release === undefined
      ? { place, message: 'the cluster names no release' }
      : { place, message: '`release` must be text, the name of a release', hint: 'put the name in quotes' };
  reader.diagnostics.push(diagnose('load/missing-release', finding));
  return undefined;
}

function loadInventory(
  reader: SourceReader,
  { ini, yaml, name }: ClusterFiles,
  varsFile: string,
): InventoryFile {
  const file = ini ?? yaml;
  if (file === undefined) {
    const message = `cluster \`${name}\` has neither ${name}.ini nor ${name}.hosts.yml`;
    reader.diagnostics.push(diagnose('load/missing-inventory', { place: startOf(varsFile), message }));
    return new InventoryDraft(varsFile).finish();
  }
  if (ini !== undefined && yaml !== undefined) {
    const message = `cluster \`${name}\` has both ${name}.ini and ${name}.hosts.yml`;
    reader.diagnostics.push(diagnose('load/two-inventories', { place: startOf(yaml), message }));
  }
  const draft = new InventoryDraft(file);
  const before = reader.diagnostics.length;
  if (ini !== undefined) {
    const text = reader.text(ini);
    if (text !== undefined) reader.diagnostics.push(...readIniInventory(draft, ini, text));
  } else {
    const source = reader.yaml(file);
    if (source) reader.diagnostics.push(...readYamlInventory(draft, source));
  }
  // Of what is too large an error tells; a part of it would help nobody.
  if (draft.isFull) return new InventoryDraft(file).finish();
  const problem = draft.problem();
  if (problem === undefined) {
    const inventory = draft.finish();
    reader.diagnostics.push(...unreportedLoop(file, draft.fatal, reader.diagnostics.slice(before)));
    return inventory;
  }
  reader.diagnostics.push(diagnose('load/bad-inventory', { place: startOf(file), message: problem }));
  return new InventoryDraft(file).finish();
}

function loadGroupVars(
  reader: SourceReader,
  { groups, name: cluster }: ClusterFiles,
  inventory: InventoryFile,
): Map<string, VarsFile> {
  const known = inventory.groups.map((group) => group.name).filter((name) => name !== 'all');
  return loadVars(reader, groups, (group, place) => {
    if (known.includes(group)) return true;
    const nearest = nearestName(group, known);
    const hint = group === 'all' ? `settings of all hosts belong to ${cluster}.yml` : hintOf(nearest, '.yml');
    const message = `cluster \`${cluster}\` has no group \`${group}\``;
    reader.diagnostics.push(
      diagnose('load/unknown-group', { place, message, ...(hint !== undefined && { hint }) }),
    );
    return false;
  });
}

/** Files that are named after the hosts of a cluster. */
interface HostFiles {
  readonly cluster: string;
  readonly inventory: InventoryFile;
  readonly hosts: ReadonlyMap<string, string>;
  /** What their names end with. */
  readonly suffix: string;
}

function loadHostVars(
  reader: SourceReader,
  { cluster, inventory, hosts, suffix }: HostFiles,
): Map<string, VarsFile> {
  if (hosts.size === 0) return new Map();
  // Most files are named after a host in full.
  let known: Map<string, string[]> | undefined;
  const byLabel = () => {
    known ??= Map.groupBy(inventory.byName.keys(), firstLabel);
    return known;
  };
  return loadVars(reader, hosts, (host, place) => {
    if (inventory.byName.has(host)) return true;
    const fitting = byLabel().get(host) ?? [];
    if (fitting.length > 1) {
      const related = fitting.map((name) => ({
        place: inventory.byName.get(name)!.place,
        message: `\`${name}\` is declared here`,
      }));
      const message = `\`${host}\` is the first label of ${fitting.length} hosts of cluster \`${cluster}\``;
      reader.diagnostics.push(diagnose('load/ambiguous-host', { place, message, related }));
      return false;
    }
    const [full] = fitting;
    if (full === undefined) {
      const hint = hintOf(nearestName(host, [...inventory.byName.keys(), ...byLabel().keys()]), suffix);
      const message = `cluster \`${cluster}\` has no host \`${host}\``;
      reader.diagnostics.push(
        diagnose('load/unknown-host', { place, message, ...(hint !== undefined && { hint }) }),
      );
      return false;
    }
    const other = hosts.get(full);
    if (other === undefined) return true;
    const related = [{ place: startOf(other), message: 'the other file' }];
    const message = `two files end in \`${suffix}\` and are of host \`${full}\``;
    reader.diagnostics.push(
      diagnose('load/ambiguous-host', { place, message, related, hint: 'keep one of the files' }),
    );
    return false;
  });
}

function loadVars(
  reader: SourceReader,
  files: ReadonlyMap<string, string>,
  accept: (name: string, place: Place) => boolean,
): Map<string, VarsFile> {
  const result = new Map<string, VarsFile>();
  for (const [name, file] of [...files].sort((a, b) => compareNames(a[0], b[0]))) {
    const vars = reader.vars(file);
    if (accept(name, startOf(file)) && vars) result.set(name, vars);
  }
  return result;
}

function hintOf(nearest: string | undefined, suffix: string): string | undefined {
  return nearest === undefined ? undefined : `did you mean \`${nearest}${suffix}\`?`;
}

function startOf(file: string): Place {
  return { file, line: 1, column: 1 };
}
