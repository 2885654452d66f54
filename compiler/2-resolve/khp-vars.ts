import type { Release } from '../1-load/release.ts';
import type { Cluster } from '../1-load/workspace.ts';
import { firstLabel } from '../contract/names.ts';
import { Dict } from '../jinja/values/dict.ts';
import type { Value } from '../jinja/values/value.ts';
import type { GroupTree } from './group-tree.ts';
import type { Setting, Variable } from './inventory.ts';
import { settingAlone, type Vars } from './layer.ts';

/** What khp sets for every host of a cluster: `cluster`, `cluster_type`, `release`, `khp_release`, `groups`. */
export function clusterVars(cluster: Cluster, tree: GroupTree, releases: ReadonlyMap<string, Release>): Vars {
  const { release } = cluster;
  const vars = new Map([
    ...setByKhp([
      ['cluster', cluster.name],
      ['cluster_type', cluster.type],
    ]),
    ['groups', groupsVariable(tree)],
  ]);
  if (release === undefined) return vars;
  const content = releases.get(release);
  return new Map([
    ...vars,
    ...setByKhp([['release', release]]),
    ['khp_release', settingAlone('khp_release', releaseSetting(content))],
  ]);
}

/** All hosts of a cluster several times over, and most commands never ask for them: made once they do. */
function groupsVariable({ hosts }: GroupTree): Variable {
  let groups: Dict | undefined;
  const make = (): Dict => {
    groups ??= new Dict([...hosts].map(([group, names]) => [group, [...names]]));
    return groups;
  };
  const setting: Setting = {
    layer: 'khp',
    get value() {
      return make();
    },
    place: undefined,
  };
  return {
    name: 'groups',
    get value() {
      return make();
    },
    settings: [setting],
  };
}

/** The content of a release stands in its file. */
function releaseSetting(release: Release | undefined): Setting {
  if (!release) return { layer: 'khp', value: new Dict(), place: undefined };
  const { mapping, places, file } = release;
  return { layer: 'khp', value: mapping, place: { file, line: 1, column: 1 }, places };
}

/** What khp sets for every host of one set of groups: `group_names`, given sorted. */
export function groupVars(groupNames: readonly string[]): Vars {
  return setByKhp([['group_names', [...groupNames]]]);
}

/** What khp sets for one host. */
export const HOST_NAMES = ['inventory_hostname', 'inventory_hostname_short'] as const;

/** A name of a host: its own, or the first label of it. */
export function hostName(name: (typeof HOST_NAMES)[number], host: string): Variable {
  const value = name === 'inventory_hostname' ? host : firstLabel(host);
  return settingAlone(name, { layer: 'khp', value, place: undefined });
}

function setByKhp(vars: readonly (readonly [string, Value])[]): Vars {
  return new Map(
    vars.map(([name, value]) => [name, settingAlone(name, { layer: 'khp', value, place: undefined })]),
  );
}
