import type { InventoryFile, Workspace } from '../../1-load/workspace.ts';
import type { ClusterInventory } from '../../2-resolve/inventory.ts';
import { allReads, ReadRecorder } from '../../ansible/ansible.ts';
import { keyText } from '../../ansible/values/key-text.ts';
import { placeOfPart } from '../../ansible/yaml/place-of-part.ts';
import type { Place } from '../../contract/diagnostic.ts';
import { counted, DEFAULT_LIMITS, JinjaError, type Value } from '../../jinja/jinja.ts';
import { type ClusterTemplars, clusterTemplars } from '../cluster-templars.ts';
import type { ComponentOnHost } from '../component-on-host.ts';
import { hostScope } from '../host-scope.ts';

/** A setting that a value was made of. */
export interface Origin {
  /** `ports.namenode.rpc`; with the host in front where it is another one's. */
  readonly name: string;
  readonly place: Place;
}

/** Finds what values of a cluster's hosts were made of, by evaluating them once more with their reads recorded. */
export class Origins {
  readonly #cluster: ClusterInventory;
  readonly #workspace: Workspace;
  readonly #inventory: InventoryFile | undefined;
  readonly #recorder = new ReadRecorder();
  #templars: ClusterTemplars | undefined;

  constructor(cluster: ClusterInventory, workspace: Workspace) {
    this.#cluster = cluster;
    this.#workspace = workspace;
    this.#inventory = workspace.clusters.find(
      ({ type, name }) => type === cluster.type && name === cluster.cluster,
    )?.inventory;
  }

  /** Where the group of `groups.zookeeper` is declared: its hosts stand below that line. */
  #groupOf(name: string, [group]: readonly Value[]): Place | undefined {
    if (name !== 'groups' || typeof group !== 'string') return undefined;
    return this.#inventory?.groups.find((one) => one.name === group)?.place;
  }

  /** Every setting that a template reads on a host, through values that are templates too; component defaults last. */
  of(template: string, on: ComponentOnHost): Origin[] {
    this.#templars ??= clusterTemplars(this.#cluster, this.#workspace, this.#recorder);
    const { templar, scope } = this.#templars.of(on.host, on.component);
    const { node } = this.#recorder.run(() => quietly(() => templar.template(template)));
    const found = new Map<string, Origin>();
    for (const read of allReads(node)) {
      if (read.kind !== 'value') continue;
      const other = this.#cluster.hosts.find(({ host }) => host === read.scope);
      const settings = (other ? hostScope(other) : scope).settingsOf(read.name);
      const place = placeOfPart(settings, read.path) ?? this.#groupOf(read.name, read.path);
      if (!place) continue;
      const name = `${other ? `${other.host}: ` : ''}${pathOf(read.name, read.path)}`;
      found.set(`${place.file}:${place.line}:${place.column} ${name}`, { name, place });
    }
    return settingsFirst([...found.values()]);
  }
}

/** The settings of inventories before the defaults of components: they are what people change. */
export function settingsFirst(origins: readonly Origin[]): Origin[] {
  const isDefault = ({ place }: Origin) => Number(place.file.startsWith('templates/'));
  return origins.toSorted((a, b) => isDefault(a) - isDefault(b));
}

/** What fails has been told already; what it read until then is what is asked for. */
function quietly(evaluate: () => void): void {
  try {
    counted(DEFAULT_LIMITS, evaluate);
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
  }
}

/** `ports.namenode.rpc`, `disks[2]`. */
export function pathOf(name: string, part: readonly Value[]): string {
  return part.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${keyText(key)}`),
    name,
  );
}
