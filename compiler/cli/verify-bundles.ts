import { bundleFolder, toTree } from '../4-seal/tree.ts';
import { clusterPaths, clusterTrees } from '../5-publish/cluster-files.ts';
import { treeOfClusters } from '../5-publish/published-clusters.ts';
import { compile } from '../compile.ts';
import { COMPILER_VERSION } from '../compiler-version.ts';
import { readObject } from '../git/read-objects.ts';
import { listTree } from '../git/read-tree.ts';
import { resolve } from '../git/refs.ts';
import type { Repository } from '../git/repository.ts';
import { type CompiledFleet, compileFleet } from './compile-fleet.ts';
import { configStore, workTreeSettings } from './config-repository.ts';
import { EXIT, print } from './console.ts';
import { count } from './diff-text.ts';
import { sizeOf } from './fleet-size.ts';
import { type FleetSource, fleetOfCommit } from './fleet-source.ts';
import type { Globals } from './globals.ts';
import { hasErrors, tellDiagnostics } from './print-diagnostics.ts';
import { publishedSource } from './published-source.ts';
import { gitWorkspace } from './source.ts';

/** The first path, in order, at which a committed tree is not what was compiled. */
export interface Difference {
  readonly path: string;
  readonly problem: 'missing' | 'not compiled' | 'other bytes' | 'other mode';
  /** Of `other bytes`: the first line that differs, from 1. */
  readonly line?: number;
}

/** What a path holds: a mode as git writes it, and an id. */
export interface PathEntry {
  readonly mode: string;
  readonly id: string;
}

/** The first difference of two trees, by path; undefined where they are the same. */
export function firstDifference(
  committed: ReadonlyMap<string, PathEntry>,
  compiled: ReadonlyMap<string, PathEntry>,
): Difference | undefined {
  const paths = [...new Set([...committed.keys(), ...compiled.keys()])].sort();
  for (const path of paths) {
    const [was, is] = [committed.get(path), compiled.get(path)];
    if (was === undefined) return { path, problem: 'missing' };
    if (is === undefined) return { path, problem: 'not compiled' };
    if (was.id !== is.id) return { path, problem: 'other bytes' };
    if (was.mode !== is.mode) return { path, problem: 'other mode' };
  }
  return undefined;
}

/** The first line, from 1, in which two texts differ. */
export function firstLine(a: Uint8Array, b: Uint8Array): number {
  let line = 1;
  for (let at = 0; at < a.length && a[at] === b[at]; at += 1) if (a[at] === 0x0a) line += 1;
  return line;
}

/**
 * `khp compile --verify`: compiles what was published last once more, all of it, whatever is known from before, and
 * compares it with what is committed.
 */
export async function verifyBundles(globals: Globals, workers: number | undefined): Promise<number> {
  const workspace = await gitWorkspace(globals.folder);
  const settings = workTreeSettings(globals.folder, globals.json);
  if (!settings) return EXIT.problems;
  const config = await configStore(workspace, settings);
  const { repository } = config;
  const { bundles, source: commit, compiler } = await publishedSource(config, workspace);
  const source = await fleetOfCommit(workspace, commit);
  const compiled = await compileFleet({ source, workers, result: 'ids', verb: 'compiled' });
  tellDiagnostics(compiled.diagnostics, compiled.files, globals.json);
  if (hasErrors(compiled.diagnostics)) return EXIT.problems;
  const difference = await findDifference({ repository, bundles, source, compiled });
  if (globals.json) {
    print(
      JSON.stringify({
        bundles,
        source: commit,
        compiler,
        same: !difference,
        ...(difference && { difference }),
      }),
    );
  } else if (difference) {
    const other = compiler === COMPILER_VERSION ? '' : `; they were made by khp ${compiler}`;
    print(
      `bundles ${bundles.slice(0, 12)} are not what ${commit.slice(0, 12)} compiles to${other}\n${differenceText(difference)}`,
    );
  } else {
    const { hosts, files } = sizeOf([...compiled.clusters.values()]);
    print(
      `bundles ${bundles.slice(0, 12)} are what ${commit.slice(0, 12)} compiles to: ${count(hosts, 'host')}, ${count(files, 'file')}`,
    );
  }
  return difference ? EXIT.problems : EXIT.well;
}

interface Compared {
  readonly repository: Repository;
  readonly bundles: string;
  readonly source: FleetSource;
  readonly compiled: CompiledFleet;
}

async function findDifference(compared: Compared): Promise<Difference | undefined> {
  const { repository, bundles, source, compiled } = compared;
  const clusters = [...compiled.clusters];
  const trees = clusters.flatMap(([name, { files }]) => {
    const tree = files && clusterTrees(files).get(name);
    return tree === undefined ? [] : [[name, tree] as const];
  });
  if (treeOfClusters(trees) === (await resolve(repository, `${bundles}^{tree}`))) return undefined;
  const committed = await listTree({ repository, treeish: bundles });
  const is = clusters.flatMap(([, { files }]) => (files ? [...clusterPaths(files)] : []));
  const difference = firstDifference(
    new Map(committed.map(({ path, mode, id }) => [path, { mode, id }])),
    new Map(is.map(({ path, id }) => [path, { mode: '100644', id }])),
  );
  if (difference?.problem !== 'other bytes') return difference;
  const was = (await readObject(repository, `${bundles}:${difference.path}`))?.content;
  const { value } = compile(
    { files: await source.read(source.ids.keys()), diagnostics: source.diagnostics },
    { matches: (host) => difference.path.startsWith(`${bundleFolder(host)}/`) },
  );
  const now = toTree(value.bundles).get(difference.path);
  return was && now ? { ...difference, line: firstLine(was, now) } : difference;
}

function differenceText({ path, problem, line }: Difference): string {
  if (problem === 'missing') return `  ${path} is compiled, but not committed`;
  if (problem === 'not compiled') return `  ${path} is committed, but not compiled`;
  if (problem === 'other mode') return `  ${path} is no regular file without the right to be run`;
  return line === undefined ? `  ${path} is no file` : `  ${path} differs from line ${line} on`;
}
