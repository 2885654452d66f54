import type { Component } from '../../1-load/component.ts';
import { load } from '../../1-load/load.ts';
import type { SourceFiles, Workspace } from '../../1-load/workspace.ts';
import type { ClusterInventory, HostVars, Inventory } from '../../2-resolve/inventory.ts';
import { resolve } from '../../2-resolve/resolve.ts';
import { clusterTemplars } from '../../3-render/cluster-templars.ts';
import { type ComponentOfHost, componentsOn } from '../../3-render/components-on.ts';
import type { Scope } from '../../3-render/host-scope.ts';
import { inRequiredOrder } from '../../3-render/order.ts';
import { ReadRecorder, type Templar } from '../../ansible/ansible.ts';
import type { Diagnostic, Place } from '../../contract/diagnostic.ts';
import { linesOf } from '../../diagnostics/line-ends.ts';

/** A workspace that is asked about, whatever is wrong with it. */
export interface Subject {
  readonly files: SourceFiles;
  readonly workspace: Workspace;
  readonly inventory: Inventory;
  readonly diagnostics: readonly Diagnostic[];
  /** The text of a line (from 1) of a file, without white space around it. */
  lineAt(place: Place): string;
}

export function subjectOf(files: SourceFiles, early: readonly Diagnostic[] = []): Subject {
  const { value: workspace, diagnostics: loading } = load(files);
  const { value: inventory, diagnostics: resolving } = resolve(workspace);
  const lines = new Map<string, string[]>();
  return {
    files,
    workspace,
    inventory,
    diagnostics: [...early, ...loading, ...resolving],
    lineAt({ file, line }) {
      if (!lines.has(file)) lines.set(file, linesOf(new TextDecoder().decode(files.get(file))));
      return lines.get(file)![line - 1]?.trim() ?? '';
    },
  };
}

/** What templates of a component see on a host, or of none its own variables alone; what is read is told. */
export interface View {
  readonly host: HostVars;
  readonly component: Component | undefined;
  readonly roles: readonly string[];
  /** Whether mappings of several layers are merged. */
  readonly merge: boolean;
  readonly scope: Scope;
  readonly templar: Templar;
  readonly recorder: ReadRecorder;
  /** The hosts of the cluster, which `hostvars` knows. */
  readonly hosts: ReadonlyMap<string, HostVars>;
}

/** The views of the components that a host has, those that are required by others first; one of none where it has none. */
export function viewsOf({ workspace, inventory }: Subject, host: HostVars): View[] {
  const cluster = clusterOf(host, inventory);
  const present = presentOn(host, cluster, workspace);
  const hosts = new Map(cluster.hosts.map((one) => [one.host, one]));
  const recorder = new ReadRecorder();
  const templars = clusterTemplars(cluster, workspace, recorder);
  const merge = workspace.settings.hash_behaviour === 'merge';
  const seen = present.length > 0 ? present : [{ component: undefined, roles: [] }];
  return seen.map(({ component, roles }) => {
    const { scope, templar } = templars.of(host, component);
    return { host, component, roles, merge, scope, templar, recorder, hosts };
  });
}

export function clusterOf(host: HostVars, inventory: Inventory): ClusterInventory {
  return inventory.clusters.find(({ type, cluster }) => type === host.type && cluster === host.cluster)!;
}

function presentOn(host: HostVars, cluster: ClusterInventory, workspace: Workspace): ComponentOfHost[] {
  const released = workspace.releases.get(cluster.release)?.content.components ?? {};
  return componentsOn(host, inRequiredOrder(workspace.components)).filter(
    ({ component }) => released[component.name] !== undefined,
  );
}
