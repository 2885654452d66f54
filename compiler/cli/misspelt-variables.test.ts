import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clusterTrees } from '../5-publish/cluster-files.ts';
import { CompileCache } from '../5-publish/compile-cache.ts';
import { compile } from '../compile.ts';
import { temporaryFolder } from '../git/temporary-repository.ts';
import { compileFleet, remember } from './compile-fleet.ts';
import { fleetOfFiles } from './fleet-source.ts';

const COMPONENT = 'component: app\nroles: { app: {} }\nfiles:\n  - { template: a.j2, path: /etc/app/a }\n';

function start(): Map<string, string> {
  return new Map([
    ['khp.yml', 'paths: [/etc/app]\n'],
    ['releases/r1.yml', 'release: r1\ncomponents:\n  app: { version: "1" }\n'],
    ['templates/app/component.yml', COMPONENT],
    ['templates/app/a.j2', 'heap {{ heap_size | default(1) }}\n'],
    ...['t/c1', 't/c2', 'u/c3'].flatMap((cluster): [string, string][] => [
      [`inventories/${cluster}.yml`, 'release: r1\n'],
      [`inventories/${cluster}.ini`, `[app]\n${cluster.slice(2)}-h[1:3]\n`],
    ]),
  ]);
}

const FILES = {
  fleet: 'inventories/_default.yml',
  type: 'inventories/t/_default.yml',
  host: 'inventories/t/c1/c1-h1.host.yml',
  'another host': 'inventories/t/c2/c2-h1.host.yml',
  'a host of another type': 'inventories/u/c3/c3-h1.host.yml',
  defaults: 'templates/app/defaults.yml',
};
const TEXTS = [
  'heap_sise: 1\n',
  'a: "{{ heap_sise }}"\n',
  'heap_size: 2\n',
  'b: "{{ lookup(\'vars\', b) }}"\n',
  '',
];

/** What every run begins with: one cluster is warned of, and the others are as they were. */
const FIRST = [
  { file: FILES.fleet, text: '' },
  { file: FILES.host, text: TEXTS[0]! },
];

test('with results of before: the same warnings as without, whoever sets or reads a misspelt variable', {
  timeout: 120_000,
}, async () => {
  const edit = fc.record({
    file: fc.constantFrom(...Object.values(FILES)),
    text: fc.constantFrom(...TEXTS),
  });
  let warned = 0;
  let reused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 8 }), async (edits) => {
      const cache = new CompileCache(join(await temporaryFolder(), 'cache'));
      const files = start();
      let stored = new Map<string, string>();
      for (const { file, text } of [...FIRST, ...edits]) {
        files.set(file, text);
        const bytes = new Map([...files].map(([path, own]) => [path, Buffer.from(own)] as const));
        const fresh = compile({ files: bytes, diagnostics: [] });
        const source = fleetOfFiles({ files: bytes, diagnostics: [] });
        const made = await compileFleet({ source, cache, stored, workers: 1, result: 'blobs', verb: '' });
        expect(made.diagnostics, file).toEqual(fresh.diagnostics);
        warned += fresh.diagnostics.filter(({ code }) => code === 'resolve/unread-variable').length;
        reused += [...made.clusters.values()].filter((cluster) => cluster.reused).length;
        stored = new Map(
          [...made.clusters].map(([name, { files: own, before }]) => [
            name,
            own ? clusterTrees(own).get(name)! : before!.tree,
          ]),
        );
        remember(cache, made, stored);
      }
    }),
    { numRuns: 25 },
  );
  expect(warned).toBeGreaterThan(10);
  expect(reused).toBeGreaterThan(10);
});
