/**
 * `npm run conformance:sample [WORKSPACE]`: every file of every host of a workspace (this repository's sample where not
 * said), rendered by ansible-core and by our compiler, compared byte for byte. Exit code 1 where one differs, 2 where
 * Python is missing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { readWorkTree } from '../../compiler/1-load/read-files.ts';
import { toTree } from '../../compiler/4-seal/tree.ts';
import { compile } from '../../compiler/compile.ts';
import { MissingPython, providePython } from './setup-python.ts';

const root = dirname(dirname(import.meta.dirname));

function renderWithAnsible(python: string, workspace: string, out: string): Map<string, Buffer> {
  const script = join(import.meta.dirname, 'render-workspace.py');
  const { status } = spawnSync(python, [script, workspace, out], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`ansible-core could not render ${workspace}`);
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.map((path) => [relative(out, path), readFileSync(path)]));
}

function renderWithKhp(workspace: string): Map<string, Uint8Array> {
  const source = readWorkTree(workspace);
  const { value } = compile({ files: source.value, diagnostics: source.diagnostics });
  return new Map([...toTree(value.bundles)].filter(([path]) => path.split('/')[3] === 'files'));
}

function compareRenderings(workspace: string): number {
  const python = providePython(root);
  const out = mkdtempSync(join(tmpdir(), 'khp-sample-'));
  try {
    const expected = renderWithAnsible(python, workspace, out);
    const ours = renderWithKhp(workspace);
    const paths = [...new Set([...expected.keys(), ...ours.keys()])].sort();
    const different = paths.filter((path) => {
      const [theirs, own] = [expected.get(path), ours.get(path)];
      return !theirs || !own || Buffer.compare(theirs, own) !== 0;
    });
    for (const path of different.slice(0, 20)) console.log(`differs: ${path}`);
    const hosts = new Set(paths.map((path) => path.split('/').slice(0, 3).join('/')));
    console.log(
      `${paths.length} files of ${hosts.size} hosts: ${different.length} differ from ansible-core's`,
    );
    return different.length === 0 && paths.length > 0 ? 0 : 1;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

try {
  process.exitCode = compareRenderings(resolve(process.argv[2] ?? root));
} catch (error) {
  if (!(error instanceof MissingPython)) throw error;
  console.error(`khp: ${error.message}`);
  process.exitCode = 2;
}
