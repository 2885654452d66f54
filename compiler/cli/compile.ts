import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { writeAudit } from '../../runner/fleet/audit.ts';
import { type Tree, toTree } from '../4-seal/tree.ts';
import { publish } from '../5-publish/publish.ts';
import type { Compilation } from '../compile.ts';
import { COMPILER_VERSION } from '../compiler-version.ts';
import { BUNDLES_REF } from '../contract/names.ts';
import type { Person } from '../git/identity.ts';
import type { RefStore } from '../git/ref-store.ts';
import { compileAll } from './compile-all.ts';
import { configStore } from './config-repository.ts';
import { EXIT, print, remark, UsageError } from './console.ts';
import { count } from './diff-text.ts';
import { type Globals, globalsOf } from './globals.ts';
import { operator } from './operator.ts';
import { tellDiagnostics } from './print-diagnostics.ts';
import { publishedBranch, refuseOtherBranch, refuseUncommitted, removals } from './publish-guards.ts';
import { parseSelectors, type Selection } from './selector.ts';
import { commitOf, commitSource, gitWorkspace } from './source.ts';
import { verifyBundles } from './verify-bundles.ts';
import { workTreeSource } from './work-tree.ts';

interface Options {
  readonly out?: string;
  readonly force?: boolean;
  readonly allowRemovals?: boolean;
  readonly strict?: boolean;
  readonly verify?: boolean;
}

/** `khp compile`: HEAD's bundles to refs/heads/bundles, or the work tree's as files. */
export function addCompile(program: Command): void {
  program
    .command('compile')
    .description(`compile HEAD and commit the bundles to ${BUNDLES_REF}; with --out, the work tree to files`)
    .argument('[selector...]', 'hosts; with --out only')
    .option(
      '--out <dir>',
      'write the bundles of the work tree as files below this folder, which must be empty or new',
    )
    .option('--allow-removals', "drop a role's last host, or more than 5 % of a cluster's hosts")
    .option('--strict', 'take warnings for errors')
    .option('--force', 'publish although HEAD does not descend from the commit published last')
    .option('--verify', 'compile what was published last once more, and compare; nothing is written')
    .action(async (selectors: string[], options: Options, command: Command) => {
      const globals = globalsOf(command);
      if (options.verify) {
        const others = Object.keys(options).filter((name) => !['verify', 'C', 'json'].includes(name));
        if (selectors.length + others.length > 0) throw new UsageError('--verify stands alone');
        process.exitCode = await verifyBundles(globals);
      } else if (options.out === undefined) {
        process.exitCode = await publishHead(selectors, options, globals);
      } else {
        process.exitCode = writeOut(
          options.out,
          { selection: parseSelectors(selectors), strict: options.strict === true },
          globals,
        );
      }
    });
}

function writeOut(
  out: string,
  { selection, strict }: { selection: Selection; strict: boolean },
  globals: Globals,
): number {
  const { json } = globals;
  const folder = resolve(out);
  if (existing(folder).length > 0) throw new UsageError(`${out} is not empty`);
  const compiled = compileAll(workTreeSource(globals.folder), { json, selection, strict });
  if (!compiled) return EXIT.problems;
  const unmatched = selection.unmatched(compiled.inventory.clusters.flatMap(({ hosts }) => hosts));
  if (unmatched.length > 0) throw new UsageError(`${unmatched.join(', ')}: selects no host`);
  const tree = toTree(compiled.bundles);
  try {
    for (const [path, bytes] of tree) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  } catch (error) {
    throw new UsageError(`${out} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
  }
  const result = { hosts: compiled.bundles.length, files: tree.size, out: folder };
  print(
    globals.json
      ? JSON.stringify(result)
      : `${count(result.hosts, 'host')}, ${count(tree.size, 'file')} below ${out}`,
  );
  return EXIT.well;
}

function existing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UsageError(`${folder} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

async function publishHead(
  selectors: readonly string[],
  options: Options,
  globals: Globals,
): Promise<number> {
  if (selectors.length > 0)
    throw new UsageError(
      'the bundles of the whole fleet are published, or none; with a selector, give --out DIR',
    );
  const workspace = await gitWorkspace(globals.folder);
  await refuseUncommitted(workspace);
  const head = await commitOf(workspace, 'HEAD');
  const compiled = compileAll(await commitSource(workspace, head), {
    json: globals.json,
    strict: options.strict === true,
  });
  if (!compiled) return EXIT.problems;
  const { settings } = compiled.workspace;
  const target = await configStore(workspace, settings);
  await refuseOtherBranch(workspace, head, await publishedBranch(workspace, target, settings));
  const who = await operator(workspace.repository);
  const tree = toTree(compiled.bundles);
  const reasons = options.allowRemovals ? [] : await removals(target, compiled);
  if (reasons.length > 0) {
    if (globals.json) print(JSON.stringify({ refused: reasons }));
    remark(
      `khp: nothing was published\n${reasons.map((reason) => `  ${reason}\n`).join('')}  if that is meant, compile with --allow-removals`,
    );
    return EXIT.problems;
  }
  const { value, diagnostics } = await publish({
    workspace: workspace.repository,
    target,
    source: head,
    compiler: COMPILER_VERSION,
    tree,
    force: options.force === true,
  });
  if (!value) {
    tellDiagnostics(diagnostics, new Map(), globals.json);
    return EXIT.problems;
  }
  if (value.changed) await audit(target, who, { compiled, head, commit: value.commit });
  report({ globals, head, ...value, tree, hosts: compiled.bundles.length });
  return EXIT.well;
}

interface Published {
  readonly globals: Globals;
  readonly head: string;
  readonly commit: string;
  readonly changed: boolean;
  readonly tree: Tree;
  readonly hosts: number;
}

function report({ globals, head, commit, changed, tree, hosts }: Published): void {
  if (globals.json) {
    print(JSON.stringify({ source: head, commit, changed, hosts, files: tree.size }));
    return;
  }
  const what = `${count(hosts, 'host')}, ${count(tree.size, 'file')} of ${head.slice(0, 12)}`;
  print(
    changed
      ? `${what} → bundles ${commit.slice(0, 12)}`
      : `${what}: published already as ${commit.slice(0, 12)}`,
  );
}

async function audit(
  target: RefStore,
  who: Person,
  { compiled, head, commit }: { compiled: Compilation; head: string; commit: string },
): Promise<void> {
  const clusters = compiled.inventory.clusters.map(({ type, cluster }) => `${type}/${cluster}`);
  const summary = `${count(compiled.bundles.length, 'host')} of ${head.slice(0, 12)}`;
  const now = Math.floor(Date.now() / 1000);
  await writeAudit(target, {
    who,
    now,
    action: 'compile',
    result: 'done',
    summary,
    clusters,
    hosts: [],
    bundles: commit,
  });
}
