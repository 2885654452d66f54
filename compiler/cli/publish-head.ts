import { auditUpdate, type Operation } from '../../runner/fleet/audit.ts';
import { SETTINGS_FILE } from '../1-load/layout.ts';
import { load } from '../1-load/load.ts';
import type { Settings } from '../1-load/settings.ts';
import { type BundleTree, importedTree, storedTree } from '../5-publish/bundle-tree.ts';
import {
  clusterChanges,
  clusterFolder,
  type StoredCluster,
  storedChange,
} from '../5-publish/cluster-files.ts';
import { publish } from '../5-publish/publish.ts';
import {
  type PublishedClusters,
  publishedClusters,
  treeOfClusters,
} from '../5-publish/published-clusters.ts';
import type { Renders } from '../compile-share.ts';
import { COMPILER_VERSION } from '../compiler-version.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { AUDIT_REF, BUNDLES_REF } from '../contract/names.ts';
import type { Person } from '../git/identity.ts';
import type { PathChange } from '../git/object-import.ts';
import { type RefStore, readRefs } from '../git/ref-store.ts';
import { withReader } from '../git/repository.ts';
import { compileCache } from './compile-cache.ts';
import {
  type CompiledFleet,
  compileFleet,
  type FleetCluster,
  type MadeCluster,
  remember,
} from './compile-fleet.ts';
import { configStore } from './config-repository.ts';
import { EXIT, print } from './console.ts';
import { count } from './diff-text.ts';
import { sizeOf } from './fleet-size.ts';
import { type FleetSource, fleetOfCommit } from './fleet-source.ts';
import type { Globals } from './globals.ts';
import { type LazyImport, lazyImport } from './lazy-import.ts';
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

/** Compiles HEAD and commits the bundles to refs/heads/bundles; gives the exit code. */
export async function publishHead(options: PublishOptions, globals: Globals): Promise<number> {
  const workspace = await gitWorkspace(globals.folder);
  return await withReader(workspace.repository, (repository) =>
    publishFrom({ ...workspace, repository }, options, globals),
  );
}

async function publishFrom(
  workspace: GitWorkspace,
  options: PublishOptions,
  globals: Globals,
): Promise<number> {
  const { json } = globals;
  // What each run of git has to say is waited for where it is needed.
  const operating = early(operator(workspace.repository));
  const listing = early(headSource(workspace));
  await refuseUncommitted(workspace);
  const { head, source, settings } = await listing;
  const target = await configStore(workspace, settings);
  const refs = await readRefs(target, [BUNDLES_REF, AUDIT_REF]);
  const tip = refs.get(BUNDLES_REF);
  const ofBranch = early(onBranch({ workspace, head, settings, target, tip }));
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
      onMade: (made) => sendCluster(objects, made),
      verb: 'compiled',
    });
    const diagnostics = options.strict ? strictly(compiled.diagnostics) : compiled.diagnostics;
    tellDiagnostics(diagnostics, compiled.files, json);
    if (hasErrors(diagnostics)) return EXIT.problems;
    await ofBranch;
    const who = await operating;
    const reasons = options.allowRemovals ? [] : await refusedRemovals(target, published, compiled);
    if (reasons.length > 0) {
      tellDiagnostics(reasons.map(refusal), new Map(), json);
      return EXIT.problems;
    }
    const { value, diagnostics: problems } = await publish({
      workspace: workspace.repository,
      target,
      source: head,
      compiler: COMPILER_VERSION,
      tree: await bundleTree(target, { published, compiled, objects }),
      audit: (commit, last) =>
        auditUpdate(target.repository, operation({ who, compiled, head, commit }), last),
      seen: refs,
      force: options.force,
      guard: options.allowRemovals ? undefined : (now) => removalsFrom(now, { tip, target, compiled }),
    });
    if (!value) {
      tellDiagnostics(problems, new Map(), json);
      return EXIT.problems;
    }
    if (options.cache && !compiled.isKnown)
      remember(cache, compiled, (await publishedClusters(target.repository, value.commit)).clusters);
    report({ globals, head, ...value, compiled });
    return EXIT.well;
  } finally {
    await objects.drop();
  }
}

/** A promise that may fail before anybody waits for it. */
function early<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

interface HeadSource {
  readonly head: string;
  readonly source: FleetSource;
  readonly settings: Settings;
}

async function headSource(workspace: GitWorkspace): Promise<HeadSource> {
  const head = await commitOf(workspace, 'HEAD');
  const source = await fleetOfCommit(workspace, head);
  const files = await source.read([SETTINGS_FILE].filter((path) => source.ids.has(path)));
  return { head, source, settings: load(files).value.settings };
}

interface OnBranch extends Pick<HeadSource, 'head' | 'settings'> {
  readonly workspace: GitWorkspace;
  readonly target: RefStore;
  readonly tip: string | undefined;
}

async function onBranch({ workspace, head, settings, target, tip }: OnBranch): Promise<void> {
  const commit = tip === undefined ? undefined : { repository: target.repository, id: tip };
  await refuseOtherBranch(workspace, head, await publishedBranch(workspace, commit, settings));
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
    return known && now?.reused ? [] : [{ name, tree, files: known?.files }];
  });
  // A host may have moved to any cluster.
  const after = [...clusters].flatMap(([name, { members }]) => {
    const [type, cluster] = name.split('/') as [string, string];
    return members.map(({ host, roles }) => ({ type, cluster, host, roles: [...roles] }));
  });
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
  return refusal(`${BUNDLES_REF} moved meanwhile: ${reasons.join('; ')}`);
}

function refusal(message: string): Diagnostic {
  return {
    code: 'publish/removals',
    severity: 'error',
    message,
    hint: 'nothing was published; if that is meant, compile with --allow-removals',
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
  const trees = await objects.trees();
  const changes = function* (): Iterable<PathChange> {
    for (const [name, { before, files }] of clusters) {
      const tree = files ? trees.get(name) : before!.tree;
      if (tree !== undefined) yield storedChange(name, tree);
      else yield* clusterChanges(storedCluster(before), files!);
    }
  };
  return importedTree({ repository, objects: await objects.started(), changes: changes() });
}

/** Sends what is new of a cluster; of one of many its trees too, for these take as long to store as to compile others. */
async function sendCluster(objects: LazyImport, { files, before, blobs, isOneOfMany }: MadeCluster) {
  if (blobs) await objects.blobs(blobs);
  if (isOneOfMany) await objects.cluster(clusterFolder(files), clusterChanges(storedCluster(before), files));
}

function storedCluster(before: FleetCluster['before']): StoredCluster | undefined {
  return before?.files && { tree: before.tree, files: before.files };
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

interface AuditedCompile {
  readonly who: Person;
  readonly compiled: CompiledFleet;
  readonly head: string;
  readonly commit: string;
}

/** What the audit is to say of a compile. */
function operation({ who, compiled, head, commit }: AuditedCompile): Operation {
  const { hosts } = sizeOf([...compiled.clusters.values()]);
  return {
    who,
    now: Math.floor(Date.now() / 1000),
    action: 'compile',
    result: 'done',
    summary: `${count(hosts, 'host')} of ${head.slice(0, 12)}`,
    clusters: compiled.clusters.keys(),
    hosts: [],
    bundles: commit,
  };
}
