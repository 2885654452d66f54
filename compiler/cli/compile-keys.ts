import { createHash } from 'node:crypto';
import { scopeOfFile } from '../1-load/file-scope.ts';
import { roleOf } from '../1-load/layout.ts';

/** What a compile depends on, as digests: equal keys, equal results. */
export interface CompileKeys {
  /** Of what is everybody's or a type's, and of which clusters there are. */
  readonly fleet: string;
  /** Of everything. */
  readonly all: string;
  /** By `type/cluster`: of all that its bundles can depend on but for its release, which its own files name. */
  readonly clusters: ReadonlyMap<string, string>;
  /** By `type/cluster`: of what is everybody's or its type's. */
  readonly around: ReadonlyMap<string, string>;
  /** By its name, of a release's files. */
  readonly releases: ReadonlyMap<string, string>;
  /** The files of each cluster. */
  readonly filesOf: ReadonlyMap<string, readonly string[]>;
  /** The files of everybody and of types. */
  readonly shared: readonly string[];
}

/**
 * The keys of a workspace, given the ids of its files' contents. Hosts see their own cluster, so a cluster depends on its
 * own files, on its type's, its release's and on everybody's; and on the compiler, which `compiler` must tell from every other.
 */
export function compileKeys(ids: ReadonlyMap<string, string>, compiler: string): CompileKeys {
  const fleet: string[] = [];
  const releaseFiles = new Map<string, string[]>();
  const types = new Map<string, string>();
  const filesOf = new Map<string, string[]>();
  const typeOf = new Map<string, string>();
  for (const path of [...ids.keys()].sort()) {
    const scope = scopeOfFile(path);
    if (scope.of === 'fleet') fleet.push(path);
    else if (scope.of === 'release') addTo(releaseFiles, scope.release, path);
    else if (scope.of === 'type') types.set(scope.type, path);
    else if (scope.of === 'cluster') {
      typeOf.set(scope.cluster, scope.type);
      addTo(filesOf, scope.cluster, path);
    }
  }
  const line = (path: string) => `${ids.get(path)} ${path}\0`;
  const everybody = digest([compiler, ...fleet.map(line)]);
  const around = [...filesOf.keys()].map((cluster): [string, string] => {
    const ofType = types.get(typeOf.get(cluster)!);
    return [cluster, digest([everybody, ofType === undefined ? '' : line(ofType)])];
  });
  const clusters = around.map(([cluster, key]): [string, string] => [
    cluster,
    digest([key, ...filesOf.get(cluster)!.map(line)]),
  ]);
  const ofReleases = [...releaseFiles.values()].flat();
  const ofAll = [...ofReleases, ...types.values()];
  const ofFleet = digest([everybody, ...ofAll.map(line), ...filesOf.keys()]);
  const shared = [...fleet, ...ofAll];
  return {
    fleet: ofFleet,
    all: digest([ofFleet, ...clusters.map(([, key]) => key)]),
    clusters: new Map(clusters),
    around: new Map(around),
    releases: new Map([...releaseFiles].map(([name, files]) => [name, digest(files.map(line))])),
    filesOf,
    shared,
  };
}

/** The whole key of a cluster of a release. */
export function clusterKey(keys: CompileKeys, cluster: string, release: string): string {
  return digest([keys.clusters.get(cluster)!, keys.releases.get(release) ?? '']);
}

/** Keys of a cluster's hosts: those of their own files, by the names in these files' names, and of all the rest. */
export function hostKeys(
  keys: CompileKeys,
  ids: ReadonlyMap<string, string>,
  { cluster, release }: { readonly cluster: string; readonly release: string },
): { readonly base: string; readonly keys: Readonly<Record<string, string>> } {
  const rest: string[] = [];
  const ofHosts = new Map<string, string[]>();
  for (const path of keys.filesOf.get(cluster)!) {
    const role = roleOf(path);
    const line = `${ids.get(path)} ${path}\0`;
    if (role.is === 'host vars' || role.is === 'facts') addTo(ofHosts, role.name, line);
    else rest.push(line);
  }
  return {
    base: digest([keys.around.get(cluster)!, keys.releases.get(release) ?? '', ...rest]),
    keys: Object.fromEntries([...ofHosts].map(([host, lines]) => [host, digest(lines)])),
  };
}

function addTo(map: Map<string, string[]>, key: string, path: string): void {
  const paths = map.get(key);
  if (paths) paths.push(path);
  else map.set(key, [path]);
}

function digest(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}
