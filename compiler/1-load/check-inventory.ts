import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { isHostName } from '../contract/names.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { SourceReader } from './source-reader.ts';
import type { Cluster, InventoryFile, InventoryHost } from './workspace.ts';

/** Reports the hosts of an inventory whose names cannot be a path and a ref, or are names of groups too. */
export function checkInventory(reader: SourceReader, inventory: InventoryFile): void {
  const { hosts } = inventory;
  const wrong = hosts.filter(({ name }) => !isHostName(name));
  for (const { place, names } of byPlace(wrong)) {
    const message = `${names} cannot be the name of a host`;
    reader.diagnostics.push(diagnose('load/bad-host-name', { place, message }));
  }
  reader.diagnostics.push(...hostsNamedAsGroups(inventory), ...hostsInNoGroup(inventory));
}

/** Tells of the hosts that Ansible has in no group, not even in `all`: no list has them, and no play. */
export function hostsInNoGroup({ hosts, groups }: InventoryFile): Diagnostic[] {
  const lost = hosts.filter(({ inNoGroup }) => inNoGroup);
  const parent = groups.find(({ name, children }) => name !== 'all' && children.includes('ungrouped'));
  return byPlace(lost).map(({ place, names }) => {
    const message = `${names} is in no group, not even \`all\`: \`ungrouped\` is a child of \`${parent?.name}\`, and Ansible takes hosts out of it`;
    return diagnose('load/host-in-no-group', { place, message });
  });
}

/** Tells of names that a group and a host have: often `:children` is missing, and what was to be a group is a host. */
export function hostsNamedAsGroups({ byName, groups }: InventoryFile): Diagnostic[] {
  return groups.flatMap(({ name, place }) => {
    const host = byName.get(name);
    if (!host) return [];
    const consequence = name === 'all' ? ': Ansible takes `all` for this host, and lists no other' : '';
    const message = `\`${name}\` is both a group and a host${consequence}`;
    // Nobody declares these two groups.
    if (name === 'all' || name === 'ungrouped')
      return diagnose('load/host-and-group', { place: host.place, message, hint: 'rename the host' });
    const related = [{ place: host.place, message: 'the host is declared here' }];
    return diagnose('load/host-and-group', { place, message, related });
  });
}

/** Reports the hosts that are in more than one cluster, at each declaration but the first. */
export function checkUniqueHosts(clusters: readonly Cluster[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (areUnique(clusters)) return diagnostics;
  const owners = new Map<string, { cluster: Cluster; host: InventoryHost }>();
  for (const cluster of clusters) {
    const again = new Map<Place, InventoryHost[]>();
    for (const host of cluster.inventory.hosts) {
      const owner = owners.get(host.name);
      if (!owner) owners.set(host.name, { cluster, host });
      else again.set(owner.host.place, [...(again.get(owner.host.place) ?? []), host]);
    }
    for (const hosts of again.values()) {
      for (const { place, names, first } of byPlace(hosts)) {
        const owner = owners.get(first)!;
        const message = `${names} is in two clusters, ${titleOf(owner.cluster)} and ${titleOf(cluster)}`;
        const related = [
          { place: owner.host.place, message: `first declared here, in ${titleOf(owner.cluster)}` },
        ];
        diagnostics.push(diagnose('load/duplicate-host', { place, message, related }));
      }
    }
  }
  return diagnostics;
}

function areUnique(clusters: readonly Cluster[]): boolean {
  const names = new Set<string>();
  let count = 0;
  for (const { inventory } of clusters) {
    count += inventory.hosts.length;
    for (const { name } of inventory.hosts) names.add(name);
  }
  return names.size === count;
}

function titleOf({ type, name }: Cluster): string {
  return `${type}/${name}`;
}

/** Hosts by the line that declares them: a range is one mistake, not one for each of its hosts. */
function byPlace(hosts: readonly InventoryHost[]): { place: Place; names: string; first: string }[] {
  const groups = Map.groupBy(hosts, ({ place }) => `${place.line}:${place.column}`);
  return [...groups.values()].map((same) => {
    const { name: first, place } = same[0]!;
    const others = same.length === 1 ? '' : ` (and ${same.length - 1} more of its range)`;
    return { place, names: `\`${first}\`${others}`, first };
  });
}
