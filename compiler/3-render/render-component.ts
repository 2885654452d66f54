import type { ZodType } from 'zod';
import type { ComponentRole, ComponentTemplate } from '../1-load/component.ts';
import type { Release } from '../1-load/release.ts';
import type { Workspace } from '../1-load/workspace.ts';
import type { Templar } from '../ansible/ansible.ts';
import {
  ArtifactEntry,
  DirectoryEntry,
  FileEntry,
  InitAct,
  LogEntry,
  MetricEntry,
  ServiceEntry,
} from '../contract/manifest.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { ComponentOnHost } from './component-on-host.ts';
import { around } from './component-on-host.ts';
import { recorded } from './recorded-part.ts';
import { checkPart, type PartPath, renderPart } from './render-part.ts';
import { renderProblem } from './render-problem.ts';
import type { RenderedFile } from './rendered-file.ts';
import type { Placed } from './rendered-host.ts';

/** What one component puts on one host. */
export interface RenderedComponent {
  readonly files: RenderedFile[];
  readonly directories: Placed<DirectoryEntry>[];
  readonly artifacts: Placed<ArtifactEntry>[];
  readonly services: ServiceEntry[];
  readonly metrics: MetricEntry[];
  readonly logs: LogEntry[];
}

/** Renders what a component puts on a host; problems are reported, and leave out the part that they are in. */
export function renderComponent(
  on: ComponentOnHost,
  workspace: Workspace,
  release: Release,
): RenderedComponent {
  const { content } = on.component;
  const roles = on.roles.map((role) => ({ role, content: content.roles[role]! }));
  return {
    files: content.files.flatMap((file, index) =>
      recorded(on, ['files', index], () => renderFile({ file, index, on, workspace })),
    ),
    directories: roles.flatMap(({ role, content: { directories } }) =>
      recorded(on, ['roles', role, 'directories'], () => renderDirectories(role, directories, on)),
    ),
    artifacts: recorded(on, ['install'], () => renderArtifact(on, release)),
    services: roles.flatMap(({ role, content: { service, init } }) => {
      if (!service) return [];
      const acts = recorded(on, ['roles', role, 'init'], () => renderInit(role, init, on));
      const entries = recorded(on, ['roles', role, 'service'], () => renderService(role, service, on));
      return acts.length === 0 ? entries : entries.map((entry) => ({ ...entry, init: acts }));
    }),
    metrics: roles.flatMap(({ role, content: { metrics } }) =>
      renderList({ role, key: 'metrics', list: metrics, schema: MetricEntry }, on),
    ),
    logs: roles.flatMap(({ role, content: { logs } }) =>
      renderList({ role, key: 'logs', list: logs, schema: LogEntry }, on),
    ),
  };
}

const FileHead = FileEntry.pick({ mode: true, owner: true, group: true });

interface FileInput {
  readonly file: ComponentTemplate;
  readonly index: number;
  readonly on: ComponentOnHost;
  readonly workspace: Workspace;
}

function renderFile({ file, index, on, workspace }: FileInput): RenderedFile[] {
  const { component, host, roles } = on;
  if (file.roles && !file.roles.some((role) => roles.includes(role))) return [];
  const template = `templates/${component.name}/${file.template}`;
  const source = workspace.texts.get(template);
  // A missing template is a diagnostic of the load phase.
  if (source === undefined) return [];
  const { path, owner, group, mode } = file;
  const head = renderPart({ value: { path, owner, group, mode }, path: ['files', index] }, on);
  const checked =
    head &&
    checkPart(
      FileHead,
      { value: { owner: head.owner, group: head.group, mode: head.mode }, path: ['files', index] },
      on,
    );
  const content = renderText(template, source, on);
  if (!head || !checked || content === undefined) return [];
  const rendered: RenderedFile = {
    host: host.host,
    cluster: `${host.type}/${host.cluster}`,
    component: component.name,
    template,
    path: head.path,
    pathPlace: component.placeOf(['files', index, 'path']),
    ...content,
    ...checked,
    format: file.format,
    restart: file.restart,
    reload: file.reload,
  };
  return [rendered];
}

function renderText(
  template: string,
  source: string,
  on: ComponentOnHost,
): Pick<RenderedFile, 'text' | 'secrets'> | undefined {
  try {
    const { text, secrets } = on.templar.renderFileWithSecrets(source, { name: template });
    return { text, secrets: secrets.map(({ offset, secret }) => ({ offset, secret: secret.sealed() })) };
  } catch (error) {
    on.report(renderProblem(error, around(on, { file: template, line: 1, column: 1 })));
    return undefined;
  }
}

function renderDirectories(
  role: string,
  directories: ComponentRole['directories'],
  on: ComponentOnHost,
): Placed<DirectoryEntry>[] {
  return directories.flatMap(({ loop, ...directory }, index) => {
    const path = ['roles', role, 'directories', index];
    return templarsOf(loop, path, on).flatMap((templar) => {
      const value = renderPart({ value: directory, path, templar }, on);
      const entry = value && checkPart(DirectoryEntry, { value, path }, on);
      return entry ? { entry, place: on.component.placeOf([...path, 'path']) } : [];
    });
  });
}

/** The items of the list that a loop names. */
function loopItems(loop: string, path: PartPath, on: ComponentOnHost) {
  const place = on.component.placeOf([...path, 'loop']);
  const problem = (code: 'render/undefined-variable' | 'render/bad-value', message: string) => {
    on.report(diagnose(code, { place, message, hosts: [on.host.host] }));
    return [];
  };
  const raw = on.scope.get(loop);
  on.templar.noteRead(loop);
  if (raw === undefined) return problem('render/undefined-variable', `'${loop}' is undefined`);
  try {
    const list = on.templar.template(raw);
    return Array.isArray(list)
      ? list
      : problem('render/bad-value', `'${loop}' is no list, which \`loop\` takes`);
  } catch (error) {
    on.report(renderProblem(error, around(on, on.scope.placeOf(loop) ?? place)));
    return [];
  }
}

function renderArtifact(on: ComponentOnHost, release: Release): Placed<ArtifactEntry>[] {
  const { name: component, content, placeOf } = on.component;
  const { artifact, version } = release.content.components[component] ?? {};
  if (!artifact || !content.install || version === undefined) return [];
  const value = renderPart(
    { value: { ...artifact, component, version, link: content.install.link }, path: ['install'] },
    on,
  );
  const entry = value && checkPart(ArtifactEntry, { value, path: ['install'] }, on);
  return entry ? [{ entry, place: placeOf(['install', 'link']) }] : [];
}

function renderService(
  role: string,
  service: NonNullable<ComponentRole['service']>,
  on: ComponentOnHost,
): ServiceEntry[] {
  const path = ['roles', role, 'service'];
  const rendered = renderPart({ value: service, path }, on);
  if (!rendered) return [];
  const { stop, health, ...rest } = rendered;
  const value = {
    ...rest,
    component: on.component.name,
    role,
    stop: { signal: stop.signal, timeout: seconds(stop.timeout) },
    ...(health ? { health: { ...health, within: seconds(health.within) } } : {}),
  };
  const entry = checkPart(ServiceEntry, { value, path }, on);
  return entry ? [entry] : [];
}

/** The acts of a role, by name. */
function renderInit(role: string, init: ComponentRole['init'], on: ComponentOnHost): InitAct[] {
  return Object.entries(init)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([act, { command, formatted, ...looks }]) => {
      const path = ['roles', role, 'init', act];
      const value = renderPart({ value: { act, command, formatted }, path }, on);
      const fills = renderLooped(looks.fills, [...path, 'fills'], on);
      const needs = renderLooped(looks.needs, [...path, 'needs'], on);
      const entry = value && checkPart(InitAct, { value: { ...value, fills, needs }, path }, on);
      return entry ?? [];
    });
}

const DirectoryPath = DirectoryEntry.pick({ path: true });

type Looped = ComponentRole['init'][string]['fills'];

function renderLooped(list: Looped, path: PartPath, on: ComponentOnHost): string[] {
  return list.flatMap(({ loop, ...value }, index) => {
    const at = [...path, index];
    const templars = templarsOf(loop, at, on);
    return templars.flatMap((templar) => {
      const rendered = renderPart({ value, path: at, templar }, on);
      return (rendered && checkPart(DirectoryPath, { value: rendered, path: at }, on)?.path) ?? [];
    });
  });
}

/** The templar of each turn of a loop; of the one turn of none. */
function templarsOf(loop: string | undefined, path: PartPath, on: ComponentOnHost): Templar[] {
  if (loop === undefined) return [on.templar];
  return loopItems(loop, path, on).map((item) => on.templarWith(new Map([['item', item]])));
}

const UNITS = { s: 1, m: 60, h: 3600 } as const;

/** `5m` → 300. What is no duration becomes NaN, which the schema refuses at its place. */
function seconds(duration: string): number {
  const match = /^(\d+)([smh])$/.exec(duration);
  return match ? Number(match[1]) * UNITS[match[2] as keyof typeof UNITS] : Number.NaN;
}

interface ListInput<T> {
  readonly role: string;
  readonly key: 'metrics' | 'logs';
  readonly list: readonly object[];
  readonly schema: ZodType<T>;
}

function renderList<T>({ role, key, list, schema }: ListInput<T>, on: ComponentOnHost): T[] {
  return recorded(on, ['roles', role, key], () =>
    list.flatMap((item, index) => {
      const path = ['roles', role, key, index];
      const value = renderPart({ value: { ...item, role }, path }, on);
      const entry = value && checkPart(schema, { value, path }, on);
      return entry ? [entry as T] : [];
    }),
  );
}
