import { roleOf } from '../../compiler/1-load/layout.ts';
import { load } from '../../compiler/1-load/load.ts';
import type { SourceFiles, Workspace } from '../../compiler/1-load/workspace.ts';
import type { HostVars } from '../../compiler/2-resolve/inventory.ts';
import { resolve } from '../../compiler/2-resolve/resolve.ts';
import { keysOf } from '../../compiler/2-resolve/secret-files.ts';
import { RenderMemo } from '../../compiler/3-render/memo/render-memo.ts';
import { requiredBy } from '../../compiler/3-render/order.ts';
import type { RecordedPart } from '../../compiler/3-render/recorded-part.ts';
import { render } from '../../compiler/3-render/render.ts';
import type { RenderedFile } from '../../compiler/3-render/rendered-file.ts';
import type { RenderedHost } from '../../compiler/3-render/rendered-host.ts';
import { seal } from '../../compiler/4-seal/seal.ts';
import { keyOf, readsApart, type Switch, type VariableRead } from '../../compiler/ansible/ansible.ts';
import type { Part } from '../../compiler/cli/impact/impact-index.ts';
import type { Diagnostic } from '../../compiler/contract/diagnostic.ts';
import type { Manifest } from '../../compiler/contract/manifest.ts';

/** Which hosts and components an edit of a file could concern at all, for others need not be compiled. */
export interface Extent {
  readonly key: string;
  readonly matches: (host: HostVars) => boolean;
  readonly usable: (component: string) => boolean;
}

export const EVERYTHING: Extent = { key: 'all', matches: () => true, usable: () => true };

/**
 * The extent of a file: of what belongs to a cluster or a type its hosts, of what belongs to a component the components
 * that require it; everything where another component's text names its folder.
 */
export function extentOf(file: string, { components, texts }: Workspace): Extent {
  const role = roleOf(file);
  if ('cluster' in role) {
    const { type, cluster } = role;
    return {
      ...EVERYTHING,
      key: `${type}/${cluster}`,
      matches: (host) => host.type === type && host.cluster === cluster,
    };
  }
  if (role.is === 'type vars')
    return { ...EVERYTHING, key: role.type, matches: (host) => host.type === role.type };
  if (!('component' in role)) return EVERYTHING;
  const { component } = role;
  const named = [...texts].some(
    ([path, text]) =>
      !path.startsWith(`templates/${component}/`) && text.includes(`${component}/`) && path.endsWith('.j2'),
  );
  if (named) return EVERYTHING;
  const users = new Set(
    [...components.keys()].filter(
      (name) => name === component || requiredBy(name, components).some((one) => one.name === component),
    ),
  );
  return { ...EVERYTHING, key: `component ${component}`, usable: (name) => users.has(name) };
}

/** What is on hosts, by `type/cluster/host`: a text for each file and one for the rest of the manifest. */
export type State = ReadonlyMap<string, HostState>;

interface HostState {
  readonly files: ReadonlyMap<string, { readonly template: string; readonly content: string }>;
  readonly rest: string;
}

/** What came of a compile: a state, or the errors that keep one from being made. */
export type Compiled =
  | { readonly state: State; readonly errors: readonly [] }
  | { readonly state: undefined; readonly errors: readonly Diagnostic[] };

/** Compiles what an extent holds. */
export function compiled(files: SourceFiles, { matches, usable }: Extent): Compiled {
  const failed = (errors: readonly Diagnostic[]) => ({ state: undefined, errors });
  const { value: workspace, diagnostics: loading } = load(files);
  if (errorsIn(loading).length > 0) return failed(errorsIn(loading));
  const { value: inventory, diagnostics: resolving } = resolve(workspace);
  if (errorsIn(resolving).length > 0) return failed(errorsIn(resolving));
  const rendered = render({ workspace, inventory, matches, usable });
  const locate = (file: RenderedFile) => ({ file: file.template, line: 1, column: 1 });
  const keys = (host: string) => keysOf(workspace, host);
  const sealed = seal(rendered.value, { paths: workspace.settings.paths, locate, keysOf: keys });
  const errors = errorsIn([...rendered.diagnostics, ...sealed.diagnostics]);
  if (errors.length > 0) return failed(errors);
  const bundles = new Map(sealed.value.map(({ manifest }) => [manifest.host, manifest]));
  const state = new Map(rendered.value.map((host) => stateOf(host, bundles.get(host.host)!)));
  return { state, errors: [] };
}

/** How variables that are true or false came out that parts ask for. */
export class Decisions {
  readonly #results = new Map<string, string>();

  /** Renders the hosts that match anew, and keeps what was decided. */
  constructor(files: SourceFiles, matches: (host: HostVars) => boolean) {
    const { value: workspace } = load(files);
    const { value: inventory } = resolve(workspace);
    const known = new WeakMap<object, readonly Switch[]>();
    const onPart = ({ host, component, path, alike, reads }: RecordedPart): void => {
      const switches = known.get(alike) ?? readsApart(reads()).switches;
      known.set(alike, switches);
      for (const { of, results } of switches)
        this.#results.set(keyOfDecision({ host, component: component.name, path }, of), exactText(results));
    };
    const record = { memo: new RenderMemo(), onPart };
    render({ workspace, inventory, matches, usable: () => true, record });
  }

  /** Whether one of some variables that a part asks for came out differently elsewhere, or not at all. */
  differ(part: Part, variables: readonly VariableRead[], other: Decisions): boolean {
    return variables.some((read) => {
      const key = keyOfDecision(part, read);
      return this.#results.get(key) !== other.#results.get(key);
    });
  }
}

function keyOfDecision(
  { host, component, path }: Pick<Part, 'host' | 'component' | 'path'>,
  read: VariableRead,
) {
  return `${host.type}/${host.cluster}/${host.host} ${component} ${path.join()} ${keyOf(read)}`;
}

function errorsIn(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error');
}

/** One text for each list of results: `true` and the text of that name are two. */
function exactText(results: readonly unknown[]): string {
  return JSON.stringify(results.map((one) => [typeof one, String(one)]));
}

/**
 * All of a bundle. A file is its entry, its text and its secrets; they are numbered for all files of a host together, but
 * another number for the same secret, because of another file, means nothing.
 */
function stateOf(host: RenderedHost, { files, secrets: _secrets, ...rest }: Manifest): [string, HostState] {
  const entries = new Map(files.map(({ sha256: _bytes, size: _size, ...entry }) => [entry.path, entry]));
  const states = host.files.map(({ path, template, text, secrets }) => {
    return [path, { template, content: JSON.stringify([entries.get(path), text, secrets]) }] as const;
  });
  const id = `${host.type}/${host.cluster}/${host.host}`;
  return [id, { files: new Map(states), rest: JSON.stringify(rest) }];
}

/** A file or manifest of a host that differs between two states. */
export interface Difference {
  readonly host: string;
  /** A path, or `manifest`. */
  readonly path: string;
  /** Of a file that was not there before: what it is made of. */
  readonly template: string | undefined;
}

/** What differs on the hosts that were there before; a host that is new has no name that could have been told. */
export function differencesOf(before: State, after: State): Difference[] {
  return [...before].flatMap(([host, old]) => {
    const young = after.get(host);
    const found: Difference[] = [];
    for (const path of new Set([...old.files.keys(), ...(young?.files.keys() ?? [])])) {
      const [one, other] = [old.files.get(path), young?.files.get(path)];
      if (one?.content !== other?.content)
        found.push({ host, path, template: one ? undefined : other!.template });
    }
    if (old.rest !== young?.rest) found.push({ host, path: 'manifest', template: undefined });
    return found;
  });
}
