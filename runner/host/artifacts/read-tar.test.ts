import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { BadArchive, readTar, type TarEntry } from './read-tar.ts';
import { paxRecord, sampleTar } from './sample-tar.ts';

async function* pieces(bytes: Uint8Array, size = 4096) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Uint8Array, size?: number) {
  const entries: (TarEntry & { text: string })[] = [];
  for await (const { entry, body } of readTar(pieces(bytes, size))) {
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(Uint8Array.from(part));
    entries.push({ ...entry, text: Buffer.concat(parts).toString() });
  }
  return entries;
}

const LONG = `${'deep/'.repeat(30)}${'ü'.repeat(120)}.txt`;

test.each(['ustar', 'gnu', 'pax', 'posix', 'v7', 'oldgnu'])(
  'reads what GNU tar writes as %s',
  async (format) => {
    const folder = temporaryFolder();
    const tree = join(folder, 'tree');
    const long = format === 'ustar' || format === 'v7' ? 'deep/plain.txt' : LONG;
    mkdirSync(join(tree, long, '..'), { recursive: true });
    writeFileSync(join(tree, long), 'long\n');
    writeFileSync(join(tree, 'run'), 'x'.repeat(1000), { mode: 0o755 });
    writeFileSync(join(tree, 'empty'), '');
    symlinkSync('run', join(tree, 'link'));
    execFileSync('ln', [join(tree, 'run'), join(tree, 'twin')]);
    execFileSync('tar', ['-C', tree, '--sort=name', `--format=${format}`, '-cf', join(folder, 'a.tar'), '.']);
    const bytes = readFileSync(join(folder, 'a.tar'));
    const entries = await read(bytes);
    const byPath = new Map(entries.map((entry) => [entry.path, entry]));
    expect(byPath.get(`./${long}`)).toMatchObject({ kind: 'file', text: 'long\n', size: 5 });
    expect(byPath.get('./run')).toMatchObject({ kind: 'file', text: 'x'.repeat(1000), mode: 0o755 });
    expect(byPath.get('./empty')).toMatchObject({ kind: 'file', text: '' });
    expect(byPath.get('./link')).toMatchObject({ kind: 'symlink', target: 'run' });
    expect(byPath.get('./twin')).toMatchObject({ kind: 'hardlink', target: './run' });
    expect(byPath.get('./')).toMatchObject({ kind: 'directory' });
    for (const size of [1, 511, 513]) expect(await read(bytes, size)).toEqual(entries);
  },
);

test('a body that nobody reads is skipped', async () => {
  const bytes = sampleTar([
    { name: 'a', body: 'x'.repeat(700) },
    { name: 'b', body: 'y' },
  ]);
  const names = [];
  for await (const { entry } of readTar(pieces(bytes))) names.push(entry.path);
  expect(names).toEqual(['a', 'b']);
});

const BAD: [string, Uint8Array, RegExp][] = [
  ['a wrong checksum', sampleTar([{ name: 'a' }]).fill('b', 0, 1), /checksum/],
  ['a size that is none', sampleTar([{ name: 'a', body: 'x' }]).fill('9', 124, 126), /checksum|number/],
  ['a cut header', sampleTar([{ name: 'a' }]).subarray(0, 300), /cut off/],
  ['a cut body', sampleTar([{ name: 'a', body: 'x'.repeat(600) }]).subarray(0, 800), /cut off/],
  ['a huge header of names', sampleTar([{ name: 'x', type: 'x', size: 2 ** 31 }]), /header of/],
  ['a name that is not UTF-8', sampleTar([{ name: 'x', type: 'L', body: Buffer.from([0xff, 0]) }]), /UTF-8/],
  [
    'a sparse file',
    sampleTar([{ name: 'x', type: 'x', body: paxRecord('GNU.sparse.major', '1') }]),
    /sparse/,
  ],
  ['a global path', sampleTar([{ name: 'x', type: 'g', body: paxRecord('path', '/etc/passwd') }]), /global/],
  ['a size of letters', sampleTar([{ name: 'x', type: 'x', body: paxRecord('size', '1e9') }]), /size/],
  ['a record without an end', sampleTar([{ name: 'x', type: 'x', body: '99 path=a\n' }]), /header of names/],
  ['a record without a key', sampleTar([{ name: 'x', type: 'x', body: '6 abc\n' }]), /header of names/],
];
test.each(BAD)('refuses %s', async (_, bytes, message) => {
  const failed = await read(bytes).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(BadArchive);
  expect((failed as Error).message).toMatch(message);
});

test('names of pax and GNU go before those of the header, and hold for one entry only', async () => {
  const entries = await read(
    sampleTar([
      { name: 'pax', type: 'g', body: paxRecord('comment', 'abc') },
      {
        name: 'pax',
        type: 'x',
        body: paxRecord('path', 'long/a') + paxRecord('mtime', '1.5') + paxRecord('gname', 'g'),
      },
      { name: 'short', body: 'x' },
      { name: '././@LongLink', type: 'K', body: 'far\0' },
      { name: 'link', type: '2', target: 'near' },
      { name: 'next', body: 'y' },
    ]),
  );
  expect(entries).toMatchObject([
    { path: 'long/a', group: 'g', text: 'x' },
    { path: 'link', target: 'far' },
    { path: 'next', group: 'root', text: 'y' },
  ]);
});

test('property: random bytes never do more than refuse', async () => {
  const sound = sampleTar([
    { name: 'p', type: 'x', body: paxRecord('path', 'a') },
    { name: 'a', body: 'x'.repeat(99) },
  ]);
  await fc.assert(
    fc.asyncProperty(fc.nat(sound.length - 1), fc.nat(255), async (at, value) => {
      const bytes = Buffer.from(sound);
      bytes[at] = value;
      await read(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(BadArchive));
    }),
    { numRuns: 300 },
  );
});
