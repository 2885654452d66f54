import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWorkTree } from '../compiler/1-load/read-files.ts';
import { toTree } from '../compiler/4-seal/tree.ts';
import { compile } from '../compiler/compile.ts';
import { CATALOGUE } from '../compiler/diagnostics/catalogue.ts';
import { printPretty } from '../compiler/diagnostics/pretty.ts';

/**
 * A folder a case: `input/` is a workspace, `expected/` everything that comes out of it, by path: `diagnostics.txt` is
 * what `khp check` prints, `tree/` the bundles of a workspace without an error. KHP_UPDATE=1 writes `expected/` anew;
 * its difference is then for a person to read.
 */
const corpus = join(import.meta.dirname, 'corpus');
const update = process.env.KHP_UPDATE === '1';

function outputOf(input: string): Map<string, string> {
  const source = readWorkTree(input);
  const { value, diagnostics } = compile({ files: source.value, diagnostics: source.diagnostics });
  const text = (bytes: Uint8Array | undefined): string | undefined =>
    bytes && new TextDecoder().decode(bytes);
  const printed = printPretty(diagnostics, (file) => text(source.value.get(file)));
  const output = new Map([['diagnostics.txt', printed]]);
  if (diagnostics.some(({ severity }) => severity === 'error')) return output;
  for (const [path, bytes] of toTree(value.bundles)) output.set(`tree/${path}`, text(bytes)!);
  return output;
}

function readExpected(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.sort().map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

function writeExpected(folder: string, output: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of output) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Shown by unit tests: no repository should hold an example, too large for one, or no workspace can. */
const WITHOUT_CASE = ['load/unreadable-file', 'load/dynamic-inventory', 'render/secret-too-long'];

describe('corpus', () => {
  it.each(readdirSync(corpus).sort())('%s', (name) => {
    const output = outputOf(join(corpus, name, 'input'));
    const expected = join(corpus, name, 'expected');
    if (update) writeExpected(expected, output);
    expect(Object.fromEntries(output)).toEqual(Object.fromEntries(readExpected(expected)));
  });

  it('has a case for every code', () => {
    const printed = readdirSync(corpus)
      .map((name) => readFileSync(join(corpus, name, 'expected/diagnostics.txt'), 'utf8'))
      .join('');
    const missing = Object.keys(CATALOGUE)
      .filter((code) => !WITHOUT_CASE.includes(code))
      .filter((code) => !printed.includes(`[${code}]`));
    expect(missing).toEqual([]);
  });
});
