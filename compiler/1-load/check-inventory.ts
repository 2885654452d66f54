import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { HOST_NAME } from '../contract/names.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { SourceReader } from './source-reader.ts';
import type { Cluster, InventoryFile, InventoryHost } from './workspace.ts';

/** Reports the hosts of an inventory whose names cannot be a path and a ref, or are names of groups too. */
export function checkInventory(reader: SourceReader, { hosts, groups }: InventoryFile): void {
  const wrong = hosts.filter(({ name }) => !HOST_NAME.test(name));
  for (const { place, names } of byPlace(wrong)) {
    const message = `${names} cannot be the name of a host`;
    reader.diagnostics.push(diagnose('load/bad-host-name', { place, message }));
  }
  const names = new Set(groups.map(({ name }) => name));
  const both = hosts.filter(({ name }) => names.has(name));
  const hostPlaces = new Map(both.map(({ name, place }) => [name, place]));
  for (const { name, place } of groups) {
    const host = hostPlaces.get(name);
    if (!host) continue;
    const related = [{ place: host, message: 'the host is declared here' }];
    const message = `\`${name}\` is both a group and a host`;
    reader.diagnostics.push(diagnose('load/host-and-group', { place, message, related }));
  }
}

/** Reports the hosts that are in more than one cluster, at each declaration but the first. */
export function checkUniqueHosts(clusters: readonly Cluster[]): Diagnostic[] {
  const owners = new Map<string, { cluster: Cluster; host: InventoryHost }>();
  const diagnostics: Diagnostic[] = [];
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
