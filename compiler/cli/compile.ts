import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { toTree } from '../4-seal/tree.ts';
import { BUNDLES_REF } from '../contract/names.ts';
import { compileAll } from './compile-all.ts';
import { EXIT, print, UsageError } from './console.ts';
import { count } from './diff-text.ts';
import { type Globals, globalsOf, workersOption } from './globals.ts';
import { publishHead } from './publish-head.ts';
import { parseSelectors, type Selection } from './selector.ts';
import { verifyBundles } from './verify-bundles.ts';
import { workTreeSource } from './work-tree.ts';

interface Options {
  readonly out?: string;
  readonly force?: boolean;
  readonly allowRemovals?: boolean;
  readonly strict?: boolean;
  readonly verify?: boolean;
  readonly cache: boolean;
  readonly workers?: number;
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
    .option('--no-cache', 'compile everything, whatever is known from before')
    .addOption(workersOption())
    .option('--verify', 'compile what was published last once more, and compare; nothing is written')
    .action(async (selectors: string[], options: Options, command: Command) => {
      const globals = globalsOf(command);
      if (options.verify) {
        const others = Object.keys(options).filter(
          (name) => !['verify', 'C', 'json', 'cache', 'workers'].includes(name),
        );
        if (selectors.length + others.length > 0) throw new UsageError('--verify stands alone');
        process.exitCode = await verifyBundles(globals, options.workers);
      } else if (options.out === undefined) {
        if (selectors.length > 0)
          throw new UsageError(
            'the bundles of the whole fleet are published, or none; with a selector, give --out DIR',
          );
        const { force = false, allowRemovals = false, strict = false, cache, workers } = options;
        process.exitCode = await publishHead({ force, allowRemovals, strict, cache, workers }, globals);
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
  const missed = selection.missed(compiled.inventory.clusters.flatMap(({ hosts }) => hosts));
  if (missed !== undefined) throw new UsageError(missed);
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
