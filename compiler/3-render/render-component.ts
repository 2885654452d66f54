import type { ZodType } from 'zod';
import type { ComponentRole, ComponentTemplate } from '../1-load/component.ts';
import type { Release } from '../1-load/release.ts';
import type { Workspace } from '../1-load/workspace.ts';
import { giveUpHoles, type HoleValues, holdsHole } from '../ansible/ansible.ts';
import {
  ArtifactEntry,
  DirectoryEntry,
  FileEntry,
  LogEntry,
  MetricEntry,
  type ServiceEntry,
} from '../contract/manifest.ts';
import type { ComponentOnHost } from './component-on-host.ts';
import { around } from './component-on-host.ts';
import { type FileInput, FileOnHost } from './file-on-host.ts';
import { FilledContent, markedText } from './filled-content.ts';
import { templarsOf } from './loop.ts';
import { hasHole } from './memo/filled-json.ts';
import { renderedPart } from './recorded-part.ts';
import { checkPart, type PartPath, renderPart } from './render-part.ts';
import { renderProblem } from './render-problem.ts';
import { renderInit, renderService } from './render-service.ts';
import type { FileContent, RenderedFile, RenderedSecret } from './rendered-file.ts';
import type { Placed } from './rendered-host.ts';

/** What one component puts on one host. */
export interface RenderedComponent {
  readonly files: readonly RenderedFile[];
  readonly directories: readonly Placed<DirectoryEntry>[];
  readonly artifacts: readonly Placed<ArtifactEntry>[];
  readonly services: readonly ServiceEntry[];
  readonly metrics: readonly MetricEntry[];
  readonly logs: readonly LogEntry[];
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
    files: content.files.flatMap((file, index) => renderFile(file, index, { on, workspace })),
    directories: roles.flatMap(({ role, content: { directories } }) =>
      renderDirectories(role, directories, on),
    ),
    artifacts: renderArtifact(on, release),
    services: roles.flatMap(({ role, content: { service, init } }) => {
      if (!service) return [];
      const acts = renderInit(role, init, on);
      const entries = renderService(role, service, on);
      return acts.length === 0 ? entries : entries.map((entry) => ({ ...entry, init: [...acts] }));
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

function renderFile(file: ComponentTemplate, index: number, place: OfHost): readonly RenderedFile[] {
  const { on, workspace } = place;
  const { component, roles } = on;
  const isOfHost = !file.roles || file.roles.some((role) => roles.includes(role));
  const template = `templates/${component.name}/${file.template}`;
  // A missing template is a diagnostic of the load phase.
  const source = isOfHost ? workspace.texts.get(template) : undefined;
  if (source === undefined) return [];
  const input = { file, index, on, template, source };
  return renderedPart(on, {
    path: ['files', index],
    part: file,
    describe: () => [template, file.path, file.owner, file.group, file.mode, file.format],
    render: (seen) => renderContent({ ...input, on: seen }),
    check: (content) => content,
    holes: IN_CONTENT,
    finish: (content) => [new FileOnHost(input, content, renderContent)],
  });
}

/** How names are put in a file: in its text, which is made when it is asked for. What is said of a file has none. */
const IN_CONTENT = {
  fill: (content: FileContent) => {
    const marked = markedText(content);
    return marked && ((values: HoleValues): FileContent => new FilledContent(content, marked, values));
  },
  textOf: ({ head, text, secrets }: FileContent) => JSON.stringify([head, text, secrets]),
};

interface OfHost {
  readonly on: ComponentOnHost;
  readonly workspace: Workspace;
}

function renderContent({ file, index, on, template, source }: FileInput): FileContent | undefined {
  const { path, owner, group, mode } = file;
  const at = { path: ['files', index] };
  const head = renderPart({ value: { path, owner, group, mode }, ...at }, on);
  const checked =
    head &&
    checkPart(FileHead, { value: { owner: head.owner, group: head.group, mode: head.mode }, ...at }, on);
  const content = renderText(template, source, on);
  if (!head || !checked || content === undefined) return undefined;
  if (hasHole(head) || (content.secrets.length > 0 && holdsHole(content.text))) giveUpHoles();
  return { head: { path: head.path, ...checked }, ...content };
}

function renderText(
  template: string,
  source: string,
  on: ComponentOnHost,
): { text: string; secrets: RenderedSecret[] } | undefined {
  try {
    const { text, secrets } = on.templar.renderFileWithSecrets(source, { name: template });
    return { text, secrets: secrets.map(({ offset, secret }) => ({ offset, secret: secret.sealed() })) };
  } catch (error) {
    on.report(renderProblem(error, around(on, { file: template, line: 1, column: 1 })));
    return undefined;
  }
}

/** An entry, and which one of a list in component.yml it is. */
interface Indexed<T> {
  readonly index: number;
  readonly entry: T;
}

function renderDirectories(
  role: string,
  directories: ComponentRole['directories'],
  on: ComponentOnHost,
): readonly Placed<DirectoryEntry>[] {
  const path = ['roles', role, 'directories'];
  return renderedPart(on, {
    path,
    part: directories,
    describe: () => directories,
    render: (seen) => directories.flatMap((directory, index) => valuesOf(directory, [...path, index], seen)),
    check: (values) =>
      values.flatMap(({ index, value }): Indexed<DirectoryEntry>[] => {
        const entry = checkPart(DirectoryEntry, { value, path: [...path, index] }, on);
        return entry ? [{ entry, index }] : [];
      }),
    finish: (entries) =>
      entries.map(({ index, entry }) => ({ entry, place: on.component.placeOf([...path, index, 'path']) })),
  });
}

interface IndexedValue {
  readonly index: number;
  readonly value: unknown;
}

function valuesOf(
  { loop, ...directory }: ComponentRole['directories'][number],
  path: PartPath,
  on: ComponentOnHost,
): IndexedValue[] {
  return templarsOf(loop, path, on).flatMap((templar) => {
    const value = renderPart({ value: directory, path, templar }, on);
    return value ? [{ value, index: Number(path.at(-1)) }] : [];
  });
}

function renderArtifact(on: ComponentOnHost, release: Release): readonly Placed<ArtifactEntry>[] {
  const { name: component, content, placeOf } = on.component;
  const { artifact, version } = release.content.components[component] ?? {};
  const { install } = content;
  const path = ['install'];
  if (!artifact || !install || version === undefined) return [];
  const { link } = install;
  return renderedPart(on, {
    path,
    part: artifact,
    besides: JSON.stringify([version, link]),
    describe: () => [artifact],
    render: (seen) => renderPart({ value: { ...artifact, component, version, link }, path }, seen),
    check: (value) => checkPart(ArtifactEntry, { value, path }, on),
    finish: (entry) => [{ entry, place: placeOf(['install', 'link']) }],
  });
}

interface ListInput<T> {
  readonly role: string;
  readonly key: 'metrics' | 'logs';
  readonly list: readonly object[];
  readonly schema: ZodType<T>;
}

function renderList<T>({ role, key, list, schema }: ListInput<T>, on: ComponentOnHost): readonly T[] {
  const path = ['roles', role, key];
  return renderedPart(on, {
    path,
    part: list,
    describe: () => list,
    render: (seen) =>
      list.flatMap((item, index): IndexedValue[] => {
        const value = renderPart({ value: { ...item, role }, path: [...path, index] }, seen);
        return value ? [{ value, index }] : [];
      }),
    check: (values) =>
      values.flatMap(({ index, value }) => {
        const entry = checkPart(schema, { value, path: [...path, index] }, on);
        return entry ? [entry as T] : [];
      }),
    finish: (entries) => entries,
  });
}
