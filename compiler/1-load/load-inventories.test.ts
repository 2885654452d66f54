import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { inventoryList } from '../2-resolve/ansible-inventory.ts';
import { resolve } from '../2-resolve/resolve.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { sortDiagnostics } from '../diagnostics/sort.ts';
import { load } from './load.ts';
import { INVENTORY_FOLDERS, type InventoriesByCluster, loadInventories } from './load-inventories.ts';
import { readWorkTree } from './read-files.ts';
import type { Cluster, Inventories, SourceFiles } from './workspace.ts';

const corpus = join(import.meta.dirname, '../../tests/corpus');

/** What is found wrong, but for what is in releases, which are not read cluster by cluster. */
const problems = (diagnostics: readonly Diagnostic[]) =>
  sortDiagnostics(diagnostics.filter(({ place }) => !place?.file.startsWith('releases/')));

function listed(inventories: Omit<Inventories, 'clusters'>, clusters: readonly Cluster[]) {
  const nothing = { releases: new Map(), components: new Map() };
  return inventoryList(resolve({ ...inventories, ...nothing, clusters }).value.clusters);
}

function expectAlike(files: SourceFiles): InventoriesByCluster {
  const whole = load(files);
  const byCluster = loadInventories(files);
  expect(problems(byCluster.diagnostics())).toEqual(problems(whole.diagnostics));
  // Anew each time, and with the same problems once more.
  for (let time = 0; time < 2; time++)
    expect(listed(byCluster, [...byCluster.clusters])).toEqual(listed(whole.value, whole.value.clusters));
  expect(problems(byCluster.diagnostics())).toEqual(problems(whole.diagnostics));
  return byCluster;
}

describe('a workspace loads cluster by cluster as it does whole', () => {
  const folders = [...INVENTORY_FOLDERS, 'khp.yml'].map((name) => (name === 'khp.yml' ? name : `${name}/`));
  it.each(readdirSync(corpus))('%s', (name) => {
    const { value } = readWorkTree(join(corpus, name, 'input'));
    expectAlike(new Map([...value].filter(([path]) => folders.some((folder) => path.startsWith(folder)))));
  });
});

test('of an inventory that holds too much, an error tells, and no part of it is left', () => {
  const files = new Map(
    Object.entries({
      'inventories/t/a.yml': 'release: r\n',
      'inventories/t/a.ini': `h1 x=[${'1,'.repeat(200_000)}]\nh2 x=[${'1,'.repeat(100_000)}]\nh3 x=1\n`,
      'releases/r.yml': 'release: r\ncomponents: {}\n',
    }).map(([path, text]) => [path, Buffer.from(text)]),
  );
  const byCluster = expectAlike(files);
  const [problem, ...others] = problems(byCluster.diagnostics());
  expect(problem).toMatchObject({ code: 'load/bad-ini', message: 'more than 250000 values' });
  expect(problem!.place).toMatchObject({ file: 'inventories/t/a.ini', line: 2, column: 4 });
  expect(others).toEqual([]);
  expect([...byCluster.clusters].flatMap(({ inventory }) => inventory.hosts)).toEqual([]);
});

test('what is wrong is known of clusters that nobody came to, and of hosts in two of them', () => {
  const files = new Map(
    Object.entries({
      'inventories/t/a.yml': 'release: r\n',
      'inventories/t/a.ini': 'h1\nh2\n',
      'inventories/t/b.yml': 'release: none\n',
      'inventories/t/b.ini': 'h3\nh2\nh1\n',
      'inventories/u/c.ini': 'h4\n',
      'releases/r.yml': 'release: r\ncomponents: {}\n',
    }).map(([path, text]) => [path, Buffer.from(text)]),
  );
  const byCluster = expectAlike(files);
  for (const { name } of byCluster.clusters) {
    expect(name).toBe('a');
    break;
  }
  expect(problems(byCluster.diagnostics()).map(({ code }) => code)).toEqual([
    'load/duplicate-host',
    'load/duplicate-host',
    'load/unknown-release',
    'load/missing-cluster',
  ]);
});

test('clusters share the values of files that are alike, of those that were read of late', () => {
  const filler = `# ${'x'.repeat(1024 * 1024)}\n`;
  const files = new Map(
    Object.entries({
      'inventories/t/a.yml': 'release: r\nlist: [1]\n',
      'inventories/t/a.ini': 'h1\n',
      'inventories/t/b.yml': 'release: r\nlist: [1]\n',
      'inventories/t/b.ini': 'h2\n',
      'inventories/t/b/h2.host.yml': `${filler}own: 1\n`,
      'inventories/t/c.yml': 'release: r\nlist: [1]\n',
      'inventories/t/c.ini': 'h3\n',
      'releases/r.yml': 'release: r\ncomponents: {}\n',
    }).map(([path, text]) => [path, Buffer.from(text)]),
  );
  const [a, b, c] = [...expectAlike(files).clusters];
  expect(b!.vars.vars).toBe(a!.vars.vars);
  expect(c!.vars.vars).not.toBe(a!.vars.vars);
  expect(c!.vars.places.of(c!.vars.vars, 'list')).toMatchObject({ file: 'inventories/t/c.yml', line: 2 });
});
