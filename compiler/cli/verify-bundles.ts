import { type Tree, toTree } from '../4-seal/tree.ts';
import { COMPILER_VERSION } from '../compiler-version.ts';
import { readTree } from '../git/read-tree.ts';
import { compileAll } from './compile-all.ts';
import { configStore, workTreeSettings } from './config-repository.ts';
import { EXIT, print } from './console.ts';
import { count } from './diff-text.ts';
import type { Globals } from './globals.ts';
import { publishedSource } from './published-source.ts';
import { commitSource, gitWorkspace } from './source.ts';

/** The first path, in order, at which a committed tree is not what was compiled. */
export interface Difference {
  readonly path: string;
  readonly problem: 'missing' | 'not compiled' | 'other bytes';
  /** Of `other bytes`: the first line that differs, from 1. */
  readonly line?: number;
}

/** The first difference of two trees, by path; undefined where they are the same. */
export function firstDifference(committed: Tree, compiled: Tree): Difference | undefined {
  const paths = [...new Set([...committed.keys(), ...compiled.keys()])].sort();
  for (const path of paths) {
    const [was, is] = [committed.get(path), compiled.get(path)];
    if (was === undefined) return { path, problem: 'missing' };
    if (is === undefined) return { path, problem: 'not compiled' };
    if (Buffer.compare(was, is) !== 0) return { path, problem: 'other bytes', line: firstLine(was, is) };
  }
  return undefined;
}

function firstLine(a: Uint8Array, b: Uint8Array): number {
  let line = 1;
  for (let at = 0; a[at] === b[at]; at += 1) if (a[at] === 0x0a) line += 1;
  return line;
}

/** `khp compile --verify`: compiles what was published last once more, and compares it with what is committed. */
export async function verifyBundles(globals: Globals): Promise<number> {
  const workspace = await gitWorkspace(globals.folder);
  const settings = workTreeSettings(globals.folder, globals.json);
  if (!settings) return EXIT.problems;
  const config = await configStore(workspace, settings);
  const { bundles, source, compiler } = await publishedSource(config, workspace);
  const compiled = compileAll(await commitSource(workspace, source), { json: globals.json });
  if (!compiled) return EXIT.problems;
  const committed = await readTree(config.repository, bundles);
  const difference = firstDifference(committed, toTree(compiled.bundles));
  if (globals.json) {
    print(
      JSON.stringify({ bundles, source, compiler, same: !difference, ...(difference && { difference }) }),
    );
  } else if (difference) {
    const other = compiler === COMPILER_VERSION ? '' : `; they were made by khp ${compiler}`;
    print(
      `bundles ${bundles.slice(0, 12)} are not what ${source.slice(0, 12)} compiles to${other}\n${differenceText(difference)}`,
    );
  } else {
    print(
      `bundles ${bundles.slice(0, 12)} are what ${source.slice(0, 12)} compiles to: ${count(compiled.bundles.length, 'host')}, ${count(committed.size, 'file')}`,
    );
  }
  return difference ? EXIT.problems : EXIT.well;
}

function differenceText({ path, problem, line }: Difference): string {
  if (problem === 'missing') return `  ${path} is compiled, but not committed`;
  if (problem === 'not compiled') return `  ${path} is committed, but not compiled`;
  return `  ${path} differs from line ${line} on`;
}
