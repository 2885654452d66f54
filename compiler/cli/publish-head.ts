import { join } from 'node:path';
import { writeAudit } from '../../runner/fleet/audit.ts';
import { SETTINGS_FILE } from '../1-load/layout.ts';
import { load } from '../1-load/load.ts';
import { type BundleTree, importedTree, storedTree } from '../5-publish/bundle-tree.ts';
import { clusterChanges, type StoredCluster } from '../5-publish/cluster-files.ts';
import { CompileCache } from '../5-publish/compile-cache.ts';
import { publish } from '../5-publish/publish.ts';
import {
  type PublishedClusters,
  publishedClusters,
  treeOfClusters,
} from '../5-publish/published-clusters.ts';
import type { Renders } from '../compile-share.ts';
import { COMPILER_VERSION } from '../compiler-version.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { BUNDLES_REF } from '../contract/names.ts';
import type { Person } from '../git/identity.ts';
import { ObjectImport, type PathChange } from '../git/object-import.ts';
import { type RefStore, readRefs } from '../git/ref-store.ts';
import { type CompiledFleet, compileFleet, type FleetCluster, remember } from './compile-fleet.ts';
import { configStore } from './config-repository.ts';
import { EXIT, print, remark } from './console.ts';
import { count } from './diff-text.ts';
import { fleetOfCommit } from './fleet-source.ts';
import type { Globals } from './globals.ts';
import { operator } from './operator.ts';
import { hasErrors, strictly, tellDiagnostics } from './print-diagnostics.ts';
import { publishedBranch, refuseOtherBranch, refuseUncommitted, removals } from './publish-guards.ts';
import { commitOf, type GitWorkspace, gitWorkspace } from './source.ts';

export interface PublishOptions {
  readonly force: boolean;
  readonly allowRemovals: boolean;
  readonly strict: boolean;
  /** Whether results of before may be used. */
  readonly cache: boolean;
  readonly workers: number | undefined;
}

/** Where the results of compiles are kept: below the git directory, where only who owns it writes. */
export function compileCache({ repository }: GitWorkspace): CompileCache {
  return new CompileCache(join(repository.gitDir, 'khp', 'cache'));
}

/** Compiles HEAD and commits the bundles to refs/heads/bundles; gives the exit code. */
export async function publishHead(options: PublishOptions, globals: Globals): Promise<number> {
  const { json } = globals;
  const workspace = await gitWorkspace(globals.folder);
  await refuseUncommitted(workspace);
  const head = await commitOf(workspace, 'HEAD');
  const source = await fleetOfCommit(workspace, head);
  const settings = load(await source.read([SETTINGS_FILE].filter((path) => source.ids.has(path)))).value
    .settings;
  const target = await configStore(workspace, settings);
  const tip = (await readRefs(target, [BUNDLES_REF])).get(BUNDLES_REF);
  const published = tip === undefined ? undefined : await publishedClusters(target.repository, tip);
  const objects = lazyImport(target);
  try {
    const cache = compileCache(workspace);
    const compiled = await compileFleet({
      source,
      cache: options.cache ? cache : undefined,
      stored: published?.clusters ?? new Map(),
      workers: options.workers,
      result: 'blobs',
      onBlobs: (blobs) => objects.blobs(blobs),
      verb: 'compiled',
    });
    const diagnostics = options.strict ? strictly(compiled.diagnostics) : compiled.diagnostics;
    tellDiagnostics(diagnostics, compiled.files, json);
    if (hasErrors(diagnostics)) return EXIT.problems;
    await refuseOtherBranch(workspace, head, await publishedBranch(workspace, target, settings));
    const who = await operator(workspace.repository);
    const reasons = options.allowRemovals ? [] : await refusedRemovals(target, published, compiled);
    if (reasons.length > 0) {
      if (json) print(JSON.stringify({ refused: reasons }));
      const lines = reasons.map((reason) => `  ${reason}\n`).join('');
      remark(`khp: nothing was published\n${lines}  if that is meant, compile with --allow-removals`);
      return EXIT.problems;
    }
    const { value, diagnostics: problems } = await publish({
      workspace: workspace.repository,
      target,
      source: head,
      compiler: COMPILER_VERSION,
      tree: await bundleTree(target, { published, compiled, objects }),
      force: options.force,
      guard: options.allowRemovals ? undefined : (now) => removalsFrom(now, { tip, target, compiled }),
    });
    if (!value) {
      tellDiagnostics(problems, new Map(), json);
      return EXIT.problems;
    }
    if (value.changed) await audit(target, who, { compiled, head, commit: value.commit });
    if (options.cache && isNew(compiled))
      remember(cache, compiled, (await publishedClusters(target.repository, value.commit)).clusters);
    report({ globals, head, ...value, compiled });
    return EXIT.well;
  } finally {
    await objects.drop();
  }
}

/** Whether there is anything to remember. */
function isNew({ clusters, fleet }: CompiledFleet): boolean {
  return fleet.sharedSecrets || [...clusters.values()].some(({ reused }) => !reused);
}

/** An import that begins with the first blob. */
interface LazyImport {
  blobs(blobs: {
    readonly commands: Uint8Array;
    readonly ids: readonly string[];
    readonly ends: readonly number[];
  }): Promise<void>;
  started(): Promise<ObjectImport>;
  /** Gives up what was not kept. */
  drop(): Promise<void>;
}

function lazyImport({ repository }: RefStore): LazyImport {
  let objects: Promise<ObjectImport> | undefined;
  const sent = new Set<string>();
  const started = () => {
    objects ??= ObjectImport.start(repository);
    return objects;
  };
  return {
    started,
    blobs: async ({ commands, ids, ends }) => {
      const target = await started();
      let [from, at] = [0, 0];
      for (const [index, id] of ids.entries()) {
        const end = ends[index]!;
        if (sent.has(id)) {
          await target.write(commands.subarray(from, at));
          from = end;
        }
        sent.add(id);
        at = end;
      }
      await target.write(commands.subarray(from, at));
    },
    drop: async () => {
      await (await objects?.catch(() => undefined))?.drop();
    },
  };
}

/** What is published of the clusters that change or go, and why some of it may not go. */
function refusedRemovals(
  target: RefStore,
  published: PublishedClusters | undefined,
  { clusters }: CompiledFleet,
): Promise<string[]> {
  const before = [...(published?.clusters ?? [])].flatMap(([name, tree]) => {
    const now = clusters.get(name);
    const known = now?.before?.tree === tree ? now.before : undefined;
    return known && now?.reused ? [] : [{ tree, files: known?.files }];
  });
  // A host may have moved to any cluster.
  const after = [...clusters.values()].map(({ files }) => files);
  return removals(target, before, after);
}

interface Moved {
  /** The tip whose bundles were looked at. */
  readonly tip: string | undefined;
  readonly target: RefStore;
  readonly compiled: CompiledFleet;
}

/** What may not go of a tip that somebody else published meanwhile. */
export async function removalsFrom(
  now: string | undefined,
  { tip, target, compiled }: Moved,
): Promise<Diagnostic | undefined> {
  if (now === undefined || now === tip) return undefined;
  const reasons = await refusedRemovals(target, await publishedClusters(target.repository, now), compiled);
  if (reasons.length === 0) return undefined;
  return {
    code: 'publish/removals',
    severity: 'error',
    message: `${BUNDLES_REF} moved meanwhile: ${reasons.join('; ')}`,
    hint: 'see what was published; if that is meant, compile with --allow-removals',
  };
}

interface Made {
  readonly published: PublishedClusters | undefined;
  readonly compiled: CompiledFleet;
  readonly objects: LazyImport;
}

async function bundleTree(
  { repository }: RefStore,
  { published, compiled, objects }: Made,
): Promise<BundleTree> {
  const clusters = [...compiled.clusters];
  if (published && clusters.every(([, { reused }]) => reused)) {
    const trees = clusters.map(([name, { before }]) => [name, before!.tree] as const);
    if (treeOfClusters(trees) === published.tree) return storedTree(repository, published.tree);
  }
  const changes = function* (): Iterable<PathChange> {
    for (const [, { before, files }] of clusters) yield* clusterChanges(before as StoredCluster, files);
  };
  return importedTree({ repository, objects: await objects.started(), changes: changes() });
}

interface Published {
  readonly globals: Globals;
  readonly head: string;
  readonly commit: string;
  readonly changed: boolean;
  readonly compiled: CompiledFleet;
}

function report({ globals, head, commit, changed, compiled }: Published): void {
  const { hosts, files } = sizeOf([...compiled.clusters.values()]);
  if (globals.json) {
    print(JSON.stringify({ source: head, commit, changed, hosts, files, renders: rendersOf(compiled) }));
    return;
  }
  const what = `${count(hosts, 'host')}, ${count(files, 'file')} of ${head.slice(0, 12)}`;
  print(
    changed
      ? `${what} → bundles ${commit.slice(0, 12)}`
      : `${what}: published already as ${commit.slice(0, 12)}`,
  );
}

function rendersOf({ clusters }: CompiledFleet): Renders {
  const all = [...clusters.values()].map(({ renders }) => renders);
  const sum = (key: keyof Renders) => all.reduce((total, one) => total + one[key], 0);
  return { done: sum('done'), reused: sum('reused') };
}

/** How many hosts some clusters have, and how many files these. */
export function sizeOf(clusters: readonly FleetCluster[]): { hosts: number; files: number } {
  return {
    hosts: clusters.reduce((sum, { files }) => sum + files.hosts.length, 0),
    files: clusters.reduce((sum, { files }) => sum + files.pathOf.length, 0),
  };
}

async function audit(
  target: RefStore,
  who: Person,
  { compiled, head, commit }: { compiled: CompiledFleet; head: string; commit: string },
): Promise<void> {
  const { hosts } = sizeOf([...compiled.clusters.values()]);
  await writeAudit(target, {
    who,
    now: Math.floor(Date.now() / 1000),
    action: 'compile',
    result: 'done',
    summary: `${count(hosts, 'host')} of ${head.slice(0, 12)}`,
    clusters: compiled.clusters.keys(),
    hosts: [],
    bundles: commit,
  });
}
