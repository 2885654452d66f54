import { load } from './1-load/load.ts';
import type { SourceFiles, Workspace } from './1-load/workspace.ts';
import { checkSecretRecipients, secretsIn } from './2-resolve/check-secret-recipients.ts';
import { checkUnreadVariables } from './2-resolve/check-unread-variables.ts';
import type { ClusterInventory, HostVars, Inventory } from './2-resolve/inventory.ts';
import { resolve } from './2-resolve/resolve.ts';
import { keysOf } from './2-resolve/secret-files.ts';
import { locator } from './3-render/locate.ts';
import type { RenderMemo } from './3-render/memo/render-memo.ts';
import { render } from './3-render/render.ts';
import type { RenderedHost } from './3-render/rendered-host.ts';
import type { SealedBundle } from './4-seal/bundle.ts';
import { checkSealing, type SealOptions, seal } from './4-seal/seal.ts';
import type { Diagnostic, Outcome } from './contract/diagnostic.ts';
import { sortDiagnostics } from './diagnostics/sort.ts';
import { notMissing } from './not-missing.ts';
import { unknownReaders } from './unknown-readers.ts';
import { isUnreadable, type Unreadable } from './unreadable.ts';

/** What is compiled, and what was found wrong in reading it. */
export interface CompileInput {
  readonly files: SourceFiles;
  readonly diagnostics: readonly Diagnostic[];
}

export interface CompileOptions {
  /** Which hosts to render; all where not said. */
  readonly matches?: (host: HostVars) => boolean;
  /** What was rendered before, and may be again. Every file of every host is rendered where not given. */
  readonly memo?: RenderMemo | undefined;
  /** Called as hosts are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Compilation {
  readonly workspace: Workspace;
  readonly inventory: Inventory;
  /** Of the chosen hosts, those without an error. */
  readonly bundles: readonly SealedBundle[];
}

/** A workspace whose clusters can be compiled, one by one. */
export interface Prepared {
  readonly workspace: Workspace;
  readonly inventory: Inventory;
  /** All that was found wrong up to here. */
  readonly diagnostics: readonly Diagnostic[];
  readonly unreadable: Unreadable;
  /** Whether only with all clusters at hand all that is wrong with shared files shows, and nothing else. */
  readonly needsAll: boolean;
}

/** Loads and resolves a workspace. */
export function prepare(input: CompileInput): Prepared {
  const { value: workspace, diagnostics: loading } = load(input.files);
  const { value: inventory, diagnostics: resolving } = resolve(workspace);
  const early = [...input.diagnostics, ...notMissing(loading, input.diagnostics), ...resolving];
  const isUnknown = unknownReaders(early);
  const ofSecrets = checkSecretRecipients(workspace, inventory).filter(
    ({ place }) => !isUnknown(place!.file),
  );
  const unreadable = isUnreadable(early);
  const unread = checkUnreadVariables(workspace, unreadable);
  return {
    workspace,
    inventory,
    diagnostics: [...early, ...ofSecrets, ...unread.diagnostics],
    unreadable,
    needsAll: unread.needsAll || hasSharedSecrets(workspace),
  };
}

/** Whether files of several clusters hold secrets. */
function hasSharedSecrets({ fleetVars, typeVars, components }: Workspace): boolean {
  const defaults = [...components.values()].map((component) => component.defaults);
  return [fleetVars, ...typeVars.values(), ...defaults].some((vars) => vars && secretsIn(vars).length > 0);
}

/**
 * The bundles of one cluster, with the problems of its rendering, unsorted. A host whose settings could not be read in
 * full is not rendered: what is undefined there would only be a consequence.
 */
export function compileCluster(
  prepared: Prepared,
  cluster: ClusterInventory,
  options: CompileOptions = {},
): Outcome<SealedBundle[]> {
  const rendered = renderCluster(prepared, cluster, options);
  const sealed = seal(rendered.value, sealOptions(prepared));
  return { value: sealed.value, diagnostics: [...rendered.diagnostics, ...sealed.diagnostics] };
}

/** The problems that compileCluster finds, and the hosts that it makes bundles of. */
export function checkCluster(
  prepared: Prepared,
  cluster: ClusterInventory,
  options: CompileOptions = {},
): Outcome<RenderedHost[]> {
  const rendered = renderCluster(prepared, cluster, options);
  const sealing = checkSealing(rendered.value, sealOptions(prepared));
  return { value: sealing.value, diagnostics: [...rendered.diagnostics, ...sealing.diagnostics] };
}

function renderCluster(
  { workspace, unreadable }: Prepared,
  cluster: ClusterInventory,
  { matches = () => true, memo, onProgress }: CompileOptions,
): Outcome<RenderedHost[]> {
  return render({
    workspace,
    inventory: { clusters: [cluster] },
    matches: (host) => matches(host) && !unreadable.host(host),
    usable: (component) => !unreadable.component(component),
    memo,
    onProgress,
  });
}

function sealOptions({ workspace, inventory, unreadable }: Prepared): SealOptions {
  const areUnknown = (host: string) =>
    workspace.clusters.some((one) => unreadable.keys(one) && one.inventory.byName.has(host));

  return {
    paths: workspace.settings.paths,
    locate: locator(workspace, inventory),
    keysOf: (host) => (areUnknown(host) ? undefined : keysOf(workspace, host)),
  };
}

/** The whole compiler but for the commit: files → bundles, with every problem of all phases, sorted, each once. */
export function compile(input: CompileInput, options: CompileOptions = {}): Outcome<Compilation> {
  const prepared = prepare(input);
  const { workspace, inventory } = prepared;
  const { matches = () => true, memo, onProgress } = options;
  const chosen = (cluster: ClusterInventory) => cluster.hosts.filter(matches).length;
  const total = onProgress ? inventory.clusters.reduce((sum, one) => sum + chosen(one), 0) : 0;
  const bundles: SealedBundle[] = [];
  const diagnostics = [...prepared.diagnostics];
  let before = 0;
  for (const cluster of inventory.clusters) {
    const done = before;
    const { value, diagnostics: found } = compileCluster(prepared, cluster, {
      matches,
      memo,
      ...(onProgress && { onProgress: (count) => onProgress(done + count, total) }),
    });
    for (const bundle of value) bundles.push(bundle);
    for (const diagnostic of found) diagnostics.push(diagnostic);
    if (onProgress) before += chosen(cluster);
  }
  return { value: { workspace, inventory, bundles }, diagnostics: sortDiagnostics(diagnostics) };
}
