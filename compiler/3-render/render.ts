import type { Component } from '../1-load/component.ts';
import type { Release } from '../1-load/release.ts';
import type { Workspace } from '../1-load/workspace.ts';
import type { ClusterInventory, HostVars, Inventory } from '../2-resolve/inventory.ts';
import { ReadRecorder } from '../ansible/ansible.ts';
import type { Diagnostic, Outcome } from '../contract/diagnostic.ts';
import { HOST_NAME } from '../contract/names.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { checkDeclarations, type TooSlow } from './check/check-declarations.ts';
import { ClusterRules } from './check/check-rules.ts';
import { type ClusterTemplars, clusterTemplars } from './cluster-templars.ts';
import type { ComponentOnHost } from './component-on-host.ts';
import { componentsOn } from './components-on.ts';
import { ClusterAnswers } from './memo/cluster-answers.ts';
import { type HostMemo, nameOf, type RenderMemo } from './memo/render-memo.ts';
import { rememberedWithHoles, type WorkWithHoles } from './memo/with-holes.ts';
import { inRequiredOrder, inStartOrder } from './order.ts';
import type { RenderRecord } from './recorded-part.ts';
import { renderComponent } from './render-component.ts';
import type { RenderedHost } from './rendered-host.ts';
import { type OnHost, UsableComponent } from './usable-component.ts';

export interface RenderInput {
  readonly workspace: Workspace;
  readonly inventory: Inventory;
  /** Which hosts to render. */
  readonly matches: (host: HostVars) => boolean;
  /** Whether a component's own files could all be read. */
  readonly usable: (component: string) => boolean;
  /** Who is told of each part, and what it read. */
  readonly record?: RenderRecord | undefined;
  /** What was rendered before and may be again, where `record` has none. Each part is rendered where not given. */
  readonly memo?: RenderMemo | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Renders what the components put on each host, clusters in order, hosts as declared; a part with an error is left out.
 * What is declared of a component's variables is checked before its files are rendered.
 */
export function render(input: RenderInput): Outcome<RenderedHost[]> {
  const { workspace, inventory } = input;
  const components = inRequiredOrder(workspace.components).filter(({ name }) => input.usable(name));
  const clusters = inventory.clusters.flatMap((cluster) => {
    const release = workspace.releases.get(cluster.release);
    const hosts = cluster.hosts.filter((host) => HOST_NAME.test(host.host) && input.matches(host));
    // What has no release, or no name that can be used, is a diagnostic of the load phase.
    return release ? { cluster, release, hosts } : [];
  });
  const total = clusters.reduce((sum, { hosts }) => sum + hosts.length, 0);
  const diagnostics: Diagnostic[] = [];
  const value: RenderedHost[] = [];
  for (const { cluster, release, hosts } of clusters) {
    if (hosts.length === 0) continue;
    const { record } = input;
    const memo = record?.memo ?? input.memo;
    const templars = clusterTemplars(cluster, workspace, memo?.numbers.log);
    const recorder = record && new ReadRecorder();
    const recorded = recorder && { recorder, templars: clusterTemplars(cluster, workspace, recorder) };
    const rules = new ClusterRules(cluster, workspace);
    if (memo) memo.cluster = new ClusterAnswers(cluster, workspace, memo.numbers);
    const memoOf = memo?.cluster && memoOfHosts(memo, diagnostics, memo.cluster);
    const tooSlow: TooSlow = new Map();
    const told = { diagnostics, record, recorded, memoOf };
    const shared = { workspace, cluster, release, components, templars, rules, tooSlow, ...told };
    checkCluster(shared);
    for (const host of hosts) {
      value.push(renderHost(host, shared));
      input.onProgress?.(value.length, total);
    }
  }
  return { value, diagnostics };
}

type MemoOf = (host: HostVars) => HostMemo;

function memoOfHosts(memo: RenderMemo, diagnostics: Diagnostic[], cluster: ClusterAnswers): MemoOf {
  return (host) => ({
    memo,
    diagnostics,
    answers: cluster.of(host),
    withHoles: cluster.withHoles(host),
  });
}

/** What the hosts of a cluster have in common. */
interface ClusterInput {
  readonly workspace: Workspace;
  readonly cluster: ClusterInventory;
  readonly release: Release;
  readonly components: readonly Component[];
  readonly templars: ClusterTemplars;
  readonly rules: ClusterRules;
  readonly tooSlow: TooSlow;
  readonly diagnostics: Diagnostic[];
  readonly record: RenderRecord | undefined;
  readonly recorded: OnHost['recorded'];
  readonly memoOf: MemoOf | undefined;
}

/** What holds of a cluster is a matter of all of its hosts, whichever of them are rendered. */
function checkCluster({ components, ...input }: ClusterInput): void {
  const ruled = components.filter(({ rules }) =>
    Object.values(rules?.content ?? {}).some(({ scope }) => scope === 'cluster'),
  );
  if (ruled.length === 0) return;
  const { cluster, rules } = input;
  rules.checkCluster(cluster.hosts.flatMap((host) => usableOn(host, { ...input, components: ruled })));
}

/** The components of the release that a host has roles of, ready to be rendered. */
function usableOn(host: HostVars, input: ClusterInput, memo?: HostMemo): ComponentOnHost[] {
  const { components, release, templars, diagnostics, record, recorded, tooSlow } = input;
  const report = (diagnostic: Diagnostic) => diagnostics.push(diagnostic);
  const on = { host, templars, record, recorded, memo, tooSlow, report };
  return componentsOn(host, components)
    .filter(({ component }) => release.content.components[component.name])
    .map((component) => new UsableComponent(component, on));
}

function renderHost(host: HostVars, input: ClusterInput): RenderedHost {
  const { workspace, cluster, release, components, rules, diagnostics } = input;
  const present = componentsOn(host, components);
  for (const { component } of present) {
    if (!release.content.components[component.name])
      diagnostics.push(missingFromRelease(host, component, input));
  }
  const memo = input.memoOf?.(host);
  const usable = usableOn(host, input, memo);
  for (const on of usable)
    rememberedWithHoles(
      memo,
      declarationsName(on),
      checking(({ holes }) => checkDeclarations(holes ? on.withHoles() : on)),
    );
  rememberedWithHoles(
    memo,
    rulesName(host, usable),
    checking(({ holes }) => rules.checkHost(holes ? usable.map((on) => on.withHoles()) : usable)),
  );
  const parts = usable.map((on) => renderComponent(on, workspace, release));
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

const CHECKED = {};

/** A check as work whose result says nothing: what it found was reported. */
function checking(check: (names: { holes: boolean }) => void): WorkWithHoles<object, object> {
  return {
    draft: (names) => {
      check(names);
      return CHECKED;
    },
    finish: (draft) => draft,
    fill: () => undefined,
    textOf: () => '',
  };
}

function declarationsName({ component }: ComponentOnHost): string {
  const { declarations } = component;
  return nameOf(component, 'declarations', () => [component.name, declarations?.content ?? null]);
}

/** Which rules count follows from the groups of a host. */
function rulesName({ groupNames }: HostVars, components: readonly ComponentOnHost[]): string {
  const names = components.map(({ component }) =>
    nameOf(component, 'rules', () => [component.name, component.rules?.content ?? null]),
  );
  return [nameOf(groupNames, 'groups', () => groupNames), ...names].join('\n');
}

function missingFromRelease(
  host: HostVars,
  component: Component,
  { workspace, cluster }: ClusterInput,
): Diagnostic {
  const { vars } = workspace.clusters.find(
    ({ type, name }) => type === cluster.type && name === cluster.cluster,
  )!;
  return diagnose('render/component-not-in-release', {
    place: vars.places.of(vars.vars, 'release') ?? { file: vars.file, line: 1, column: 1 },
    message: `hosts have roles of component ${component.name}, which release ${cluster.release} does not have`,
    hint: `add ${component.name} to releases/${cluster.release}.yml, or take the hosts out of its groups`,
    hosts: [host.host],
  });
}
