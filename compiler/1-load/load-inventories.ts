import type { LoadedYaml } from '../ansible/yaml/load-yaml.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { byName } from './by-name.ts';
import { checkUniqueHosts } from './check-inventory.ts';
import { checkSchema } from './check-schema.ts';
import { type Role, roleOf, SETTINGS_FILE } from './layout.ts';
import { clusterFiles, loadCluster, loadClusters } from './load-clusters.ts';
import { Settings } from './settings.ts';
import { SourceReader } from './source-reader.ts';
import type { Cluster, Inventories, InventoryHost, SourceFiles, VarsFile } from './workspace.ts';

/** The folders whose files are all that hosts, groups and variables come from; of releases/ the names count. */
export const INVENTORY_FOLDERS = ['inventories', 'releases'] as const;

/** What khp.yml and inventories/ say, cluster by cluster. */
export interface InventoriesByCluster extends Omit<Inventories, 'clusters'> {
  /** Each is loaded when it is come to, and anew each time. */
  readonly clusters: Iterable<Cluster>;
  /** All that is wrong; the clusters are loaded once more where they were not gone through to the end. */
  readonly diagnostics: () => readonly Diagnostic[];
}

/**
 * Reads khp.yml and inventories/ alone, and of releases/ which there are. A pure function of the files' bytes. What is
 * wrong in a release or below templates/ is not found. Of a large fleet no cluster need be kept.
 */
export function loadInventories(files: SourceFiles): InventoriesByCluster {
  const { reader, roles } = openSources(files);
  const releases = releaseNames(roles);
  const ofAll = readForAll(reader, roles);
  let ofClusters: readonly Diagnostic[] | undefined;
  function* clusters(): Generator<Cluster> {
    ofClusters = undefined;
    const found: Diagnostic[] = [];
    const names = new Set<string>();
    let hosts = 0;
    const loaded = new Map<string, LoadedYaml>();
    for (const own of clusterFiles(roles)) {
      // What a reader remembers is of its cluster, and forgotten with it, but for texts that other clusters have too.
      if (lengthOf(loaded.keys()) > MAX_KEPT) loaded.clear();
      const ownReader = new SourceReader(files, loaded);
      const cluster = loadCluster(ownReader, own);
      checkReleases(ownReader, cluster ? [cluster] : [], releases);
      for (const diagnostic of ownReader.diagnostics) found.push(diagnostic);
      if (!cluster) continue;
      addNames(names, cluster.inventory.hosts);
      hosts += cluster.inventory.hosts.length;
      yield cluster;
    }
    const isUnique = names.size === hosts;
    if (!isUnique) found.push(...checkUniqueHosts(loadClusters(new SourceReader(files), roles)));
    ofClusters = found;
  }
  const diagnosticsOfClusters = (): readonly Diagnostic[] => {
    while (!ofClusters) for (const _ of clusters());
    return ofClusters;
  };
  return {
    ...ofAll,
    clusters: { [Symbol.iterator]: clusters },
    diagnostics: () => [...reader.diagnostics, ...diagnosticsOfClusters()],
  };
}

function addNames(names: Set<string>, hosts: readonly InventoryHost[]): void {
  for (const { name } of hosts) names.add(name);
}

/** UTF-16 code units of YAML that are kept, loaded, for clusters that have the same texts. */
const MAX_KEPT = 1024 * 1024;

function lengthOf(texts: Iterable<string>): number {
  let length = 0;
  for (const text of texts) length += text.length;
  return length;
}

/** A reader of the files that are read, and what each of them is for; what nothing reads is reported. */
export function openSources(files: SourceFiles): {
  readonly reader: SourceReader;
  readonly roles: ReadonlyMap<string, Role>;
} {
  const roles = new Map<string, Role>();
  const read = new Map<string, Uint8Array>();
  const diagnostics: Diagnostic[] = [];
  for (const path of [...files.keys()].sort()) {
    const role = roleOf(path);
    if (role.is === 'ignored') continue;
    roles.set(path, role);
    read.set(path, files.get(path)!);
    diagnostics.push(...unreadProblems(path, role));
  }
  const reader = new SourceReader(read);
  reader.diagnostics.push(...diagnostics);
  return { reader, roles };
}

/** Reads khp.yml and every file of inventories/; that host names are unique in the fleet is not looked at. */
export function readInventories(reader: SourceReader, roles: ReadonlyMap<string, Role>): Inventories {
  const clusters = loadClusters(reader, roles);
  checkReleases(reader, clusters, releaseNames(roles));
  return { ...readForAll(reader, roles), clusters };
}

function readForAll(reader: SourceReader, roles: ReadonlyMap<string, Role>): Omit<Inventories, 'clusters'> {
  return {
    settings: loadSettings(reader),
    fleetVars: reader.vars('inventories/_default.yml'),
    typeVars: loadTypeVars(reader, roles),
  };
}

function releaseNames(roles: ReadonlyMap<string, Role>): Set<string> {
  return new Set([...roles.values()].flatMap((role) => (role.is === 'release' ? [role.name] : [])));
}

function unreadProblems(path: string, role: Role): Diagnostic[] {
  const place = { file: path, line: 1, column: 1 };
  if (role.is === 'badly named') {
    const message = `\`${role.name}\` cannot be a name`;
    return [diagnose('load/bad-name', { place, message })];
  }
  if (role.is !== 'unexpected') return [];
  const hint = role.hint !== undefined && { hint: role.hint };
  return role.settings
    ? [
        diagnose('load/misnamed-file', {
          place,
          message: `nothing reads the settings in \`${path}\``,
          ...hint,
        }),
      ]
    : [diagnose('load/unexpected-file', { place, message: `nothing reads \`${path}\``, ...hint })];
}

function loadSettings(reader: SourceReader): Settings {
  const source = reader.yaml(SETTINGS_FILE);
  return (source && reader.take(checkSchema(Settings, source))) ?? Settings.parse({});
}

function loadTypeVars(reader: SourceReader, roles: ReadonlyMap<string, Role>): Map<string, VarsFile> {
  const result = new Map<string, VarsFile>();
  for (const [path, role] of roles) {
    const vars = role.is === 'type vars' ? reader.vars(path) : undefined;
    if (role.is === 'type vars' && vars) result.set(role.type, vars);
  }
  return byName(result);
}

/** Reports the clusters whose release is none of `releases`, a file of releases/ each. */
function checkReleases(
  reader: SourceReader,
  clusters: readonly Cluster[],
  releases: ReadonlySet<string>,
): void {
  for (const { type, name, vars, release } of clusters) {
    if (release === undefined || releases.has(release)) continue;
    const place = vars.places.of(vars.vars, 'release') ?? { file: vars.file, line: 1, column: 1 };
    const message = `cluster \`${type}/${name}\` asks for release \`${release}\`, but there is no releases/${release}.yml`;
    const hint = didYouMean(release, releases);
    reader.diagnostics.push(
      diagnose('load/unknown-release', { place, message, ...(hint !== undefined && { hint }) }),
    );
  }
}
