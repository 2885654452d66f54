import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostRef } from '../compiler/contract/names.ts';
import { resolve, updateRefs } from '../compiler/git/refs.ts';
import { openRepository } from '../compiler/git/repository.ts';
import { buildSite } from './build.ts';
import { bundleOf, createRepositories, type TestRepositories } from './test-repositories.ts';
import { NOW } from './view/test-fleet.ts';

let folder: string;
let repositories: TestRepositories;
let first: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'khp-site-test-'));
  const bundle = (host: string) => bundleOf({ host }, { '/etc/hadoop/conf/workers': `${host}\n` });
  repositories = await createRepositories(folder, {
    compiled: ['dn-1.example.org', 'dn-2.example.org'].map(bundle),
    promoted: [{ bundle: bundle('dn-1.example.org'), seq: 4 }],
    reports: [],
    operations: [],
    workspace: { 'releases/1.1.6-hadoop2.yml': 'release: 1.1.6-hadoop2\ncomponents: {}\n' },
  });
  first = join(folder, 'first');
  await buildSite({ ...repositories, outDir: first, now: NOW });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function contentsBelow(path: string): Map<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(path, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}

test('the same refs and time give the same bytes; a build replaces the last one and nothing else', async () => {
  const second = join(folder, 'second');
  await buildSite({ ...repositories, outDir: second, now: NOW });
  const before = contentsBelow(first);
  expect(before.size).toBeGreaterThan(6);
  expect(contentsBelow(second)).toEqual(before);
  writeFileSync(join(second, 'CNAME'), 'khp.example.org');
  mkdirSync(join(second, 'hosts', 'old'));
  await buildSite({ ...repositories, outDir: second, now: NOW });
  expect(existsSync(join(second, 'CNAME'))).toBe(true);
  expect(existsSync(join(second, 'hosts', 'old'))).toBe(false);
  rmSync(join(second, 'CNAME'));
  expect(contentsBelow(second)).toEqual(before);
});

test('a folder with something else in it is left alone', async () => {
  const foreign = join(folder, 'foreign');
  mkdirSync(foreign);
  writeFileSync(join(foreign, 'thesis.txt'), 'mine');
  const refused = await buildSite({ ...repositories, outDir: foreign, now: NOW });
  expect(refused).toMatchObject({
    pages: 0,
    diagnostics: [{ code: 'site/foreign-output', severity: 'error' }],
  });
  expect(readdirSync(foreign)).toEqual(['thesis.txt']);
});

test('without a config repository there is an error, and no page', async () => {
  const out = join(folder, 'none');
  const refused = await buildSite({
    ...repositories,
    config: join(folder, 'nowhere'),
    outDir: out,
    now: NOW,
  });
  expect(refused).toMatchObject({
    pages: 0,
    diagnostics: [{ code: 'site/no-repository', severity: 'error' }],
  });
});

test('a config repository may be a url', async () => {
  const out = join(folder, 'by-url');
  const config = `file://${repositories.config}`;
  expect(await buildSite({ ...repositories, config, outDir: out, now: NOW })).toMatchObject({
    hosts: { unknown: 2 },
    diagnostics: [],
  });
  expect(contentsBelow(out)).toEqual(contentsBelow(first));
});

test('what cannot be read is told, and the rest is shown', async () => {
  const config = await openRepository(repositories.config);
  const other = await resolve(config, hostRef('dn-1.example.org'));
  await updateRefs(config, [{ ref: hostRef('dn-2.example.org'), old: undefined, new: other }], 'test');
  const out = join(folder, 'told');
  const told = await buildSite({ ...repositories, workspace: repositories.config, outDir: out, now: NOW });
  expect(told.diagnostics.map(({ code, hosts }) => [code, hosts])).toEqual([
    ['site/bad-promotion', ['dn-2.example.org']],
    ['site/no-source', undefined],
  ]);
  expect(told).toMatchObject({ clusters: 1, hosts: { unknown: 2 } });
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('site/bad-promotion');
});
