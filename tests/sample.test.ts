import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readWorkTree } from '../compiler/1-load/read-files.ts';
import { LAYERS } from '../compiler/2-resolve/inventory.ts';
import { toTree } from '../compiler/4-seal/tree.ts';
import { compile } from '../compiler/compile.ts';
import { printPretty } from '../compiler/diagnostics/pretty.ts';

const root = dirname(import.meta.dirname);
const { value: files } = readWorkTree(root);
const compiled = compile({ files, diagnostics: [] });
const tree = toTree(compiled.value.bundles);

/** A value of a layer, and the line of a rendered file that it reaches; nothing else sets that line so. */
interface LayerCase {
  readonly layer: string;
  readonly variable: string;
  readonly host: string;
  readonly path: string;
  readonly line: string;
}

const layers = JSON.parse(readFileSync(join(import.meta.dirname, 'layers.json'), 'utf8')) as LayerCase[];

describe('the sample workspace', () => {
  test('compiles without a problem', () => {
    const sources = (file: string) => Buffer.from(files.get(file) ?? '').toString('utf8');
    expect(printPretty(compiled.diagnostics, sources)).toBe('');
    expect(compiled.value.bundles.length).toBeGreaterThanOrEqual(60);
  });

  test('shows every layer', () => {
    expect(new Set(layers.map(({ layer }) => layer))).toEqual(new Set(LAYERS));
  });

  test.each(layers)('$layer: $variable reaches $path of $host', ({ layer, variable, host, path, line }) => {
    const bundle = compiled.value.bundles.find(({ manifest }) => manifest.host === host);
    const text = Buffer.from(bundle?.files.get(path) ?? '').toString('utf8');
    expect(text.split('\n').filter((one) => one === line)).toEqual([line]);
    if (layer === 'component defaults') return;
    // Some values reach the files of other hosts, through hostvars.
    const hosts = compiled.value.inventory.clusters.flatMap((cluster) => cluster.hosts);
    expect(hosts.map(({ vars }) => vars.get(variable)?.settings[0]?.layer)).toContain(layer);
  });

  test('compiles to the same tree from files in any order, and a second time', () => {
    const backwards = new Map([...files].reverse());
    const sorted = new Map([...files].sort(([a], [b]) => (a.slice(3) < b.slice(3) ? -1 : 1)));
    for (const order of [files, backwards, sorted]) {
      expect(toTree(compile({ files: order, diagnostics: [] }).value.bundles)).toEqual(tree);
    }
  });
});
