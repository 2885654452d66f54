import type { Component } from '../1-load/component.ts';
import type { Workspace } from '../1-load/workspace.ts';
import type { ClusterInventory, HostVars, Inventory } from '../2-resolve/inventory.ts';
import type { Diagnostic, Outcome } from '../contract/diagnostic.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { type ClusterTemplars, clusterTemplars } from './cluster-templars.ts';
import type { ComponentOnHost } from './component-on-host.ts';
import { inRequiredOrder, inStartOrder } from './order.ts';
import { renderComponent } from './render-component.ts';
import type { RenderedHost } from './rendered-host.ts';

export interface RenderInput {
  readonly workspace: Workspace;
  readonly inventory: Inventory;
  /** Which hosts to render. */
  readonly matches: (host: HostVars) => boolean;
  /** Whether a component's own files could all be read. */
  readonly usable: (component: string) => boolean;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Renders what the components put on each host, clusters in order, hosts as declared; a part with an error is left out. */
export function render(input: RenderInput): Outcome<RenderedHost[]> {
  const { workspace, inventory } = input;
  const components = inRequiredOrder(workspace.components).filter(({ name }) => input.usable(name));
  const clusters = inventory.clusters.map((cluster) => ({
    cluster,
    hosts: cluster.hosts.filter(input.matches),
  }));
  const total = clusters.reduce((sum, { hosts }) => sum + hosts.length, 0);
  const diagnostics: Diagnostic[] = [];
  const value: RenderedHost[] = [];
  for (const { cluster, hosts } of clusters) {
    const templars = clusterTemplars(cluster, workspace);
    for (const host of hosts) {
      value.push(renderHost({ workspace, cluster, host, components, templars, diagnostics }));
      input.onProgress?.(value.length, total);
    }
  }
  return { value, diagnostics };
}

interface HostInput {
  readonly workspace: Workspace;
  readonly cluster: ClusterInventory;
  readonly host: HostVars;
  readonly components: readonly Component[];
  readonly templars: ClusterTemplars;
  readonly diagnostics: Diagnostic[];
}

function renderHost({
  workspace,
  cluster,
  host,
  components,
  templars,
  diagnostics,
}: HostInput): RenderedHost {
  const release = workspace.releases.get(cluster.release);
  const report = (diagnostic: Diagnostic) => diagnostics.push(diagnostic);
  const groups = new Set(host.groupNames);
  const present = components
    .map((component) => ({
      component,
      roles: Object.keys(component.content.roles).filter((role) => groups.has(role)),
    }))
    .filter(({ roles }) => roles.length > 0);
  const parts = present.flatMap(({ component, roles }) => {
    // A release that does not exist is a diagnostic of the load phase.
    if (!release) return [];
    if (!release.content.components[component.name]) {
      report(missingFromRelease({ component, roles, cluster, host }));
      return [];
    }
    const on: ComponentOnHost = { host, component, roles, report, ...templars.of(host, component) };
    return renderComponent(on, workspace, release);
  });
  return {
    host: host.host,
    type: host.type,
    cluster: host.cluster,
    release: cluster.release,
    roles: present.flatMap(({ roles }) => roles).sort(),
    files: parts.flatMap(({ files }) => files),
    directories: parts.flatMap(({ directories }) => directories),
    artifacts: parts.flatMap(({ artifacts }) => artifacts),
    services: inStartOrder(
      parts.flatMap(({ services }) => services),
      workspace.components,
    ),
    metrics: parts.flatMap(({ metrics }) => metrics),
    logs: parts.flatMap(({ logs }) => logs),
  };
}

function missingFromRelease({
  component,
  roles,
  cluster,
  host,
}: Pick<HostInput, 'cluster' | 'host'> & { component: Component; roles: readonly string[] }): Diagnostic {
  return diagnose('render/component-not-in-release', {
    place: host.place,
    message: `${host.host} is in group ${roles.join(', ')}, but release ${cluster.release} has no ${component.name}`,
    hint: `add ${component.name} to releases/${cluster.release}.yml, or take the host out of the group`,
  });
}
