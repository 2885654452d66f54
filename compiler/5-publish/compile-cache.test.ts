import { appendFileSync, chmodSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../git/temporary-repository.ts';
import { type CachedCluster, CompileCache } from './compile-cache.ts';

const CLUSTER: CachedCluster = {
  key: 'k',
  tree: 'f'.repeat(40),
  release: 'r1',
  diagnostics: [{ code: 'load/x', severity: 'warning', message: 'é' }],
  files: {
    type: 'alpha',
    cluster: 'x',
    hosts: [
      { host: 'h1', roles: ['datanode'], files: 2, manifest: 'a'.repeat(64) },
      { host: 'h2', roles: [], files: 1, manifest: 'b'.repeat(64) },
    ],
    paths: ['manifest.json', 'files/etc/a'],
    pathOf: Uint32Array.from([1, 0, 0]),
    ids: Uint8Array.from({ length: 60 }, (_, index) => index),
  },
  hosts: { base: 'b', keys: { h1: 'c' }, asked: { h2: { rack: null, '': 's1' } } },
};

async function filled(): Promise<{ folder: string; file: string; cache: CompileCache }> {
  const folder = join(await temporaryFolder(), 'khp', 'cache');
  const cache = new CompileCache(folder);
  cache.writeCluster('alpha/x', CLUSTER);
  return { folder, file: join(folder, 'clusters', 'alpha', 'x'), cache };
}

test('what was written is read back, and nothing else is there', async () => {
  const { folder, cache } = await filled();
  const { files, hosts: _, ...rest } = CLUSTER;
  const members = files.hosts.map(({ host, roles }) => ({ host, roles }));
  const clusters = new Map([
    ['alpha/x', { ...rest, members, count: 3 }],
    ['alpha/none', { ...rest, members: [], count: 0 }],
  ]);
  const fleet = { key: 'k', all: 'a', needsAll: false, diagnostics: [], clusters };
  expect(cache.fleet()).toBeUndefined();
  cache.writeFleet(fleet);
  expect(cache.fleet()).toEqual(fleet);
  const read = cache.cluster('alpha/x')!;
  expect({ ...read, files: { ...read.files, ids: new Uint8Array(read.files.ids) } }).toEqual(CLUSTER);
  expect(cache.cluster('alpha/y')).toBeUndefined();
  expect(readdirSync(folder).sort()).toEqual(['clusters', 'fleet']);
});

test('clusters that are gone and files of a process that was killed are removed', async () => {
  const { folder, cache } = await filled();
  cache.writeCluster('alpha/gone', CLUSTER);
  cache.writeMemo('alpha/x', Buffer.from('x'));
  cache.writeMemo('alpha/gone', Buffer.from('x'));
  // No process has a number above the greatest.
  const left = ['fleet.4194305.tmp', 'clusters/alpha/x.4194305.tmp', 'renders/alpha/x.4194305.tmp'];
  const running = [`fleet.${process.pid}.tmp`, `clusters/alpha/x.${process.pid}.tmp`];
  for (const name of [...left, ...running]) writeFileSync(join(folder, name), '');
  cache.keepOnly(['alpha/x']);
  const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  expect(all.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort()).toEqual(
    ['clusters/alpha/x', 'renders/alpha/x', ...running].sort(),
  );
});

test('cut off, changed in any byte, longer, empty, foreign or gone: it is not there', async () => {
  const { file, cache } = await filled();
  const whole = readFileSync(file);
  const isIgnored = (bytes: Uint8Array) => {
    writeFileSync(file, bytes);
    expect(cache.cluster('alpha/x')).toBeUndefined();
  };
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= change;
      isIgnored(bytes);
      isIgnored(whole.subarray(0, at));
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), isIgnored));
  writeFileSync(file, whole);
  appendFileSync(file, 'x');
  expect(cache.cluster('alpha/x')).toBeUndefined();
  truncateSync(file, whole.length);
  expect(cache.cluster('alpha/x')?.key).toBe('k');
});

test('what others may write is not believed', async () => {
  const { folder, cache } = await filled();
  expect(new CompileCache(join(folder, 'none')).isForeign()).toBe(false);
  chmodSync(folder, 0o770);
  expect(cache.cluster('alpha/x')).toBeUndefined();
  expect(cache.isForeign()).toBe(true);
  chmodSync(folder, 0o755);
  expect(cache.isForeign()).toBe(false);
  expect(cache.cluster('alpha/x')?.key).toBe('k');
});

test('where it cannot be written, nothing happens', async () => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const cache = new CompileCache(join(folder, 'file', 'cache'));
  cache.writeCluster('alpha/x', CLUSTER);
  expect(cache.cluster('alpha/x')).toBeUndefined();
});
