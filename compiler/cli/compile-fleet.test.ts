import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toTree } from '../4-seal/tree.ts';
import { clusterTrees } from '../5-publish/cluster-files.ts';
import { CompileCache } from '../5-publish/compile-cache.ts';
import { treeOfClusters } from '../5-publish/published-clusters.ts';
import { compile } from '../compile.ts';
import { treeFiles, treeIds } from '../git/objects.ts';
import { temporaryFolder } from '../git/temporary-repository.ts';
import { type CompiledFleet, compileFleet, remember } from './compile-fleet.ts';
import { sizeOf } from './fleet-size.ts';
import { fleetOfFiles } from './fleet-source.ts';
import { hasErrors } from './print-diagnostics.ts';

type Files = Map<string, string>;

const COMPONENT = `component: app
roles: { app: {} }
files:
  - { template: a.j2, path: /etc/app/a, mode: "0644" }
  - { template: b.j2, path: "/etc/app/{{ name }}", mode: "0644" }
  - { template: c.j2, path: /etc/app/c, mode: "0644" }
`;

/** What a host asks of another only if its own file says so. */
const ASKING = `{{ text | default('') }}{% if asks | default(0) == 1 %}{{ hostvars['c2-h1'].text | default('-') }}
{% elif asks | default(0) == 2 %}{{ hostvars['c2-h1'] | list | sort | join(' ') }}{% endif %}
`;

function release(name: string, version: string): string {
  return `release: ${name}\ncomponents:\n  app: { version: "${version}" }\n`;
}

function start(): Files {
  const files: Files = new Map([
    ['khp.yml', 'paths: [/etc/app]\n'],
    ['inventories/_default.yml', 'name: b\nshared: 1\n'],
    ['releases/r1.yml', release('r1', '1')],
    ['releases/r2.yml', release('r2', '2')],
    ['templates/app/component.yml', COMPONENT],
    [
      'templates/app/a.j2',
      "{{ shared }} {{ khp_release.components.app.version }} {{ own | default('-') }} {{ groups['app'] | join(' ') }}\n",
    ],
    ['templates/app/b.j2', "{% for h in groups['app'] %}{{ hostvars[h].own | default(h) }}{% endfor %}\n"],
    ['templates/app/c.j2', ASKING],
  ]);
  for (const cluster of ['t/c1', 't/c2', 'u/c3']) {
    files.set(`inventories/${cluster}.yml`, `release: ${cluster === 'u/c3' ? 'r2' : 'r1'}\n`);
    const name = cluster.slice(2);
    files.set(`inventories/${cluster}.ini`, `[app]\n${name}-h[1:3]\n`);
  }
  return files;
}

/** What somebody does to the workspace; some of it is wrong, or only warned of, and some of it undoes the rest. */
const EDITS: Readonly<Record<string, (files: Files, value: number) => void>> = {
  'a shared value': (files, value) => files.set('inventories/_default.yml', `name: b\nshared: ${value}\n`),
  'a warning in a shared file': (files, value) =>
    files.set('inventories/_default.yml', `name: b\nshared: ${value}\nshared: ${value}\n`),
  "a type's value": (files, value) => files.set('inventories/t/_default.yml', `shared: type ${value}\n`),
  "a warning in a type's file": (files, value) =>
    files.set('inventories/t/_default.yml', `shared: ${value}\nshared: ${value}\n`),
  "a cluster's value": (files, value) => files.set('inventories/t/c1.yml', `release: r1\nown: ${value}\n`),
  "a warning in a cluster's file": (files, value) =>
    files.set('inventories/u/c3.yml', `release: r1\nown: 1\nown: ${value}\n`),
  "a host's value": (files, value) => files.set('inventories/t/c2/c2-h2.host.yml', `own: ${value}\n`),
  'a release': (files, value) => files.set('releases/r1.yml', release('r1', `1.${value}`)),
  "a warning in a release's file": (files, value) =>
    files.set('releases/r2.yml', `release: r2\n${release('r2', `2.${value}`)}`),
  'a release that nobody has': (files, value) =>
    files.set(`releases/r${2 + value}.yml`, release(`r${2 + value}`, '3')),
  'another release': (files, value) => files.set('inventories/t/c1.yml', `release: r${value}\n`),
  'a release less': (files) => files.delete('releases/r2.yml'),
  'a text of one host': (files, value) => files.set('inventories/t/c2/c2-h1.host.yml', `text: ${value}\n`),
  'a variable of one host': (files, value) =>
    files.set('inventories/t/c2/c2-h1.host.yml', `text: 1\nother_${value}: 1\n`),
  'no file of one host': (files) => files.delete('inventories/t/c2/c2-h1.host.yml'),
  'a host that asks another': (files, value) =>
    files.set('inventories/t/c2/c2-h3.host.yml', `asks: ${value}\n`),
  'facts of a host': (files, value) => files.set('inventories/t/c2/c2-h1.facts.yml', `text: fact ${value}\n`),
  'a file of a host that is not there': (files, value) =>
    files.set(`inventories/t/c2/c2-h${3 + value}.host.yml`, 'text: 1\n'),
  'a host more or less': (files, value) => files.set('inventories/t/c2.ini', `[app]\nc2-h[1:${1 + value}]\n`),
  'a host of another cluster': (files, value) =>
    files.set('inventories/u/c3.ini', `[app]\nc3-h1\nc1-h${value}\n`),
  'no host of another cluster': (files) => files.set('inventories/u/c3.ini', '[app]\nc3-h[1:3]\n'),
  'a template': (files, value) => files.set('templates/app/b.j2', `${value} {{ own | default('') }}\n`),
  'a path that is not allowed on one host': (files) =>
    files.set('inventories/t/c2/c2-h2.host.yml', 'name: ../b\n'),
  'an error of some hosts': (files) =>
    files.set('templates/app/b.j2', "{{ own if inventory_hostname != 'c2-h1' else missing }}\n"),
  'a file that is no YAML': (files) => files.set('inventories/t/c1.yml', 'release: [r1\n'),
  'a file of one host that is no YAML': (files) => files.set('inventories/t/c2/c2-h1.host.yml', 'text: [1\n'),
  'two files of one path': (files) => files.set('inventories/_default.yml', 'name: a\nshared: 1\n'),
  'a new cluster': (files) => {
    files.set('inventories/u/c4.yml', 'release: r1\n');
    files.set('inventories/u/c4.ini', '[app]\nc4-h1\n');
  },
  'a cluster less': (files) => {
    for (const path of [...files.keys()]) if (path.includes('/c4')) files.delete(path);
  },
  'a file that nothing reads': (files) => files.set('inventories/u/notes.txt', ''),
  'back to the start': (files) => {
    files.clear();
    for (const [path, text] of start()) files.set(path, text);
  },
  nothing: () => {},
};

const edit = fc.record({
  name: fc.constantFrom(...Object.keys(EDITS)),
  value: fc.integer({ min: 1, max: 3 }),
});

function treesOf({ clusters }: CompiledFleet): Map<string, string> {
  return new Map(
    [...clusters].flatMap(([name, { files, before }]) => {
      const tree = files ? clusterTrees(files).get(name) : before?.tree;
      return tree === undefined ? [] : [[name, tree] as const];
    }),
  );
}

test('with results of before: the same tree and problems as without, after any edits', {
  timeout: 120_000,
}, async () => {
  let reused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 8 }), async (edits) => {
      const cache = new CompileCache(join(await temporaryFolder(), 'cache'));
      const files = start();
      let stored = new Map<string, string>();
      for (const { name, value } of [{ name: 'nothing', value: 1 }, ...edits]) {
        EDITS[name]!(files, value);
        const bytes = new Map([...files].map(([path, text]) => [path, Buffer.from(text)] as const));
        const fresh = compile({ files: bytes, diagnostics: [] });
        const source = fleetOfFiles({ files: bytes, diagnostics: [] });
        const cached = await compileFleet({ source, cache, stored, workers: 1, result: 'blobs', verb: '' });
        expect(cached.diagnostics, name).toEqual(fresh.diagnostics);
        const checked = await compileFleet({ source, workers: 1, result: 'problems', verb: '' });
        expect(checked.diagnostics, name).toEqual(fresh.diagnostics);
        for (const { clusters } of [cached, checked]) {
          const made = [...clusters.values()].reduce((sum, { bundles }) => sum + bundles, 0);
          expect(made, name).toBe(fresh.value.bundles.length);
        }
        if (hasErrors(fresh.diagnostics)) continue;
        const trees = treesOf(cached);
        expect(treeOfClusters(trees), name).toBe(treeIds(treeFiles(toTree(fresh.value.bundles))).get(''));
        const { hosts, files: count } = sizeOf([...cached.clusters.values()]);
        expect([hosts, count], name).toEqual([fresh.value.bundles.length, toTree(fresh.value.bundles).size]);
        reused += [...cached.clusters.values()].filter((cluster) => cluster.reused).length;
        stored = trees;
        remember(cache, cached, trees);
      }
    }),
    { numRuns: 40 },
  );
  expect(reused).toBeGreaterThan(50);
});

test('an edit compiles the clusters that depend on it', async () => {
  const cache = new CompileCache(join(await temporaryFolder(), 'cache'));
  const files = start();
  const compiled = async (stored: ReadonlyMap<string, string>) => {
    const bytes = new Map([...files].map(([path, text]) => [path, Buffer.from(text)] as const));
    const source = fleetOfFiles({ files: bytes, diagnostics: [] });
    const made = await compileFleet({ source, cache, stored, workers: 1, result: 'blobs', verb: '' });
    remember(cache, made, treesOf(made));
    return made;
  };
  let last = await compiled(new Map());
  const renders = (name: string) => {
    const { done, reused } = last.clusters.get(name)!.renders;
    return done + reused;
  };
  const whole = renders('t/c2');
  const again = async (name: string): Promise<string[]> => {
    EDITS[name]!(files, 3);
    last = await compiled(treesOf(last));
    return [...last.clusters].flatMap(([cluster, { reused }]) => (reused ? [] : [cluster]));
  };
  expect(await again('nothing')).toEqual([]);
  expect(await again("a host's value")).toEqual(['t/c2']);
  expect(renders('t/c2')).toBe(whole);
  expect(await again('a text of one host')).toEqual(['t/c2']);
  expect(renders('t/c2')).toBe(whole / 3);
  files.set('inventories/t/c2/c2-h3.host.yml', 'asks: 1\n');
  expect(await again('nothing')).toEqual(['t/c2']);
  expect(renders('t/c2')).toBe(whole / 3);
  // From now on it is asked.
  EDITS['a text of one host']!(files, 1);
  expect(await again('nothing')).toEqual(['t/c2']);
  expect(renders('t/c2')).toBe(whole);
  expect(await again('a release')).toEqual(['t/c1', 't/c2']);
  expect(await again('a release that nobody has')).toEqual([]);
  expect(last.isKnown).toBe(false);
  expect(await again('a new cluster')).toEqual(['u/c4']);
  expect(await again('a cluster less')).toEqual([]);
  expect([...last.clusters.keys()]).toEqual(['t/c1', 't/c2', 'u/c3']);
  expect(await again("a type's value")).toEqual(['t/c1', 't/c2']);
  expect(await again('a shared value')).toEqual(['t/c1', 't/c2', 'u/c3']);
});

test('threads give what one gives', { timeout: 60_000 }, async () => {
  const files = new Map([...start()].map(([path, text]) => [path, Buffer.from(text)] as const));
  files.set('inventories/_default.yml', Buffer.from('name: b\nshared: 1\nshared: 2\n'));
  files.set('inventories/t/c1.yml', Buffer.from('release: r1\nown: 1\nown: 2\n'));
  const source = fleetOfFiles({ files, diagnostics: [] });
  const [one, three] = await Promise.all(
    [1, 3].map((workers) => compileFleet({ source, workers, result: 'ids', verb: '' })),
  );
  expect(three!.diagnostics).toHaveLength(2);
  expect(three!.diagnostics).toEqual(one!.diagnostics);
  expect(treesOf(three!)).toEqual(treesOf(one!));
});

test('what was known and is damaged is compiled again', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const cache = new CompileCache(folder);
  const files = new Map([...start()].map(([path, text]) => [path, Buffer.from(text)] as const));
  const request = {
    source: fleetOfFiles({ files, diagnostics: [] }),
    workers: 1,
    result: 'ids',
    verb: '',
  } as const;
  const fresh = await compileFleet(request);
  const stored = treesOf(fresh);
  const damages: ((file: string) => void)[] = [
    (file) => truncateSync(file, 50),
    (file) => rmSync(file),
    (file) => writeFileSync(file, Buffer.from(Array.from({ length: 500 }, (_, at) => (at * 7919) % 256))),
  ];
  for (const damage of damages) {
    remember(cache, fresh, stored);
    const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
    expect(
      [...(await compileFleet({ ...request, cache, stored })).clusters.values()].map(({ reused }) => reused),
    ).toEqual([true, true, true]);
    damage(all.find((file) => file.endsWith('c2'))!);
    const again = await compileFleet({ ...request, cache, stored });
    expect([...again.clusters].map(([name, { reused }]) => [name, reused])).toEqual([
      ['t/c1', true],
      ['t/c2', false],
      ['u/c3', true],
    ]);
    expect(treesOf(again)).toEqual(stored);
    damage(join(folder, 'fleet'));
    expect(treesOf(await compileFleet({ ...request, cache, stored }))).toEqual(stored);
  }
  // Seals that do not fit, in a memo that is as it was written: the cluster is compiled afresh.
  const made = await compileFleet({ ...request, result: 'blobs', cache });
  remember(cache, made, stored);
  const memo = join(folder, 'renders', 't/c2');
  const [first, , ...rest] = readFileSync(memo, 'utf8').split('\n');
  const body = rest.join('\n').replace(/"sha256":"[^"]*"/g, `"sha256":"${'0'.repeat(64)}"`);
  expect(body).toContain('0'.repeat(64));
  writeFileSync(memo, `${first}\n${createHash('sha256').update(body).digest('hex')}\n${body}`);
  rmSync(join(folder, 'clusters', 't/c2'));
  const forged = new Map([...stored, ['t/c2', 'f'.repeat(40)]]);
  const afresh = await compileFleet({ ...request, result: 'blobs', cache, stored: forged });
  expect(afresh.clusters.get('t/c2')).toMatchObject({ reused: false, renders: { done: expect.any(Number) } });
  expect(treesOf(afresh)).toEqual(stored);
  // What is known of the fleet is enough where nothing changed.
  remember(cache, fresh, stored);
  for (const name of stored.keys()) rmSync(join(folder, 'clusters', name));
  const same = await compileFleet({ ...request, result: 'blobs', cache, stored });
  expect(same.isKnown).toBe(true);
  expect(treesOf(same)).toEqual(stored);
  // A result counts for the tree that the repository has, and for no other.
  const other = new Map([...stored, ['t/c1', 'f'.repeat(40)]]);
  remember(cache, fresh, stored);
  const moved = await compileFleet({ ...request, cache, stored: other });
  expect(moved.clusters.get('t/c1')).toMatchObject({ reused: false, before: undefined });
});
