import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../diagnostics/line-ends.ts';
import { printPretty } from '../diagnostics/pretty.ts';
import { sortDiagnostics } from '../diagnostics/sort.ts';
import { load } from './load.ts';
import { readWorkTree } from './read-files.ts';
import type { SourceFiles } from './workspace.ts';

const corpus = join(import.meta.dirname, '../../tests/corpus');
const workspaces = readdirSync(corpus).map((name) => readWorkTree(join(corpus, name, 'input')).value);

/** A workspace with a few bytes of one of its files changed, and perhaps a file under another name. */
const damaged: fc.Arbitrary<SourceFiles> = fc
  .record({
    files: fc.constantFrom(...workspaces),
    pick: fc.nat(),
    at: fc.nat(),
    remove: fc.nat({ max: 20 }),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc
        .string({
          unit: fc.constantFrom(...'\r\u0085\u2028[]{}:=,#"\'\\ \t\n-&*!|>%@`~0aé[1:9]'),
          maxLength: 12,
        })
        .map((text) => new TextEncoder().encode(text)),
    ),
    rename: fc.option(
      fc.constantFrom('inventories/t/x.yml', 'inventories/t/c.ini', 'khp.yml', 'templates/web/component.yml'),
    ),
  })
  .map(({ files, pick, at, remove, insert, rename }) => {
    const [path, bytes] = [...files][pick % files.size]!;
    const start = at % (bytes.length + 1);
    const changed = Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + remove)]);
    return new Map(files).set(rename ?? path, changed);
  });

const lineCount = (bytes: Uint8Array): number => linesOf(new TextDecoder().decode(bytes)).length;

describe('load', () => {
  it('never throws, whatever a file holds, and places every problem in a file', () => {
    fc.assert(
      fc.property(damaged, (files) => {
        const { diagnostics } = load(files);
        for (const { place, related = [] } of diagnostics) {
          for (const { file, line, column } of [place!, ...related.map((part) => part.place)]) {
            expect(files.has(file)).toBe(true);
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(lineCount(files.get(file)!));
            expect(column).toBeGreaterThanOrEqual(1);
          }
        }
        const source = (file: string): string => new TextDecoder().decode(files.get(file));
        expect(printPretty(diagnostics, source) === '').toBe(diagnostics.length === 0);
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order in which the files were found', () => {
    fc.assert(
      fc.property(fc.constantFrom(...workspaces), fc.infiniteStream(fc.nat()), (files, order) => {
        const shuffled = [...files].map((entry) => ({ entry, rank: order.next().value as number }));
        shuffled.sort((a, b) => a.rank - b.rank);
        const other = load(new Map(shuffled.map(({ entry }) => entry)));
        const { value, diagnostics } = load(files);
        expect(sortDiagnostics(other.diagnostics)).toEqual(sortDiagnostics(diagnostics));
        const names = ({ clusters, components, releases, texts, typeVars }: typeof value): unknown =>
          [clusters.map(({ name }) => name), components, releases, texts, typeVars].map((part) =>
            Array.isArray(part) ? part : [...(part as ReadonlyMap<string, unknown>).keys()],
          );
        expect(names(other.value)).toEqual(names(value));
      }),
      { numRuns: 60 },
    );
  });

  it('sorts what it found by name, which is not the order of the paths', () => {
    const text = (content: string): Uint8Array => new TextEncoder().encode(content);
    const release = (name: string): Uint8Array => text(`release: "${name}"\ncomponents: {}\n`);
    const { value, diagnostics } = load(
      new Map([
        ['releases/1.0-a.yml', release('1.0-a')],
        ['releases/1.0.yml', release('1.0')],
        ['inventories/t-a/_default.yml', text('')],
        ['inventories/t/_default.yml', text('')],
        ['inventories/t/c-a.yml', text('release: "1.0"\n')],
        ['inventories/t/c-a.ini', text('h1\n')],
        ['inventories/t/c.yml', text('release: "1.0"\n')],
        ['inventories/t/c.ini', text('h2\n')],
      ]),
    );
    expect(diagnostics).toEqual([]);
    expect([...value.releases.keys()]).toEqual(['1.0', '1.0-a']);
    expect([...value.typeVars.keys()]).toEqual(['t', 't-a']);
    expect(value.clusters.map(({ name }) => name)).toEqual(['c', 'c-a']);
  });
});
