import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { decodeText, MAX_FILE_BYTES } from './decode-text.ts';
import { findWorkspace, readWorkTree } from './read-files.ts';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'khp-')));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, content: string | Uint8Array = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

it('reads the files of a workspace and no others, by path', () => {
  const paths = [
    'inventories/_default.yml',
    'inventories/t/c.ini',
    'khp.yml',
    'releases/1.md',
    'templates/a/b/c.j2',
  ];
  for (const path of paths) write(path, path);
  for (const path of ['README.md', 'src/x.yml', 'inventories/.hidden/x.yml', 'templates/a/.x.swp'])
    write(path);
  const { value, diagnostics } = readWorkTree(root);
  expect([...value.keys()]).toEqual(paths);
  expect([...value].every(([path, bytes]) => new TextDecoder().decode(bytes) === path)).toBe(true);
  expect(diagnostics).toEqual([]);
});

it('reads files of any length to their end, each on its own', () => {
  const lengths = [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000, 3];
  const content = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 7 + length) % 251);
  for (const length of lengths) write(`releases/${length}.md`, content(length));
  const { value, diagnostics } = readWorkTree(root);
  for (const length of lengths) {
    expect(Buffer.compare(value.get(`releases/${length}.md`)!, content(length)), `${length}`).toBe(0);
  }
  expect(diagnostics).toEqual([]);
});

it('leaves out links and what is too large, and says so', () => {
  write('outside.yml', 'a: 1\n');
  write('inventories/t/c.yml', new Uint8Array(MAX_FILE_BYTES + 1));
  symlinkSync(join(root, 'outside.yml'), join(root, 'inventories/t/d.yml'));
  symlinkSync('t', join(root, 'inventories/u'));
  symlinkSync('nowhere', join(root, 'khp.yml'));
  const { value, diagnostics } = readWorkTree(root);
  expect([...value.keys()]).toEqual([]);
  expect(diagnostics.map(({ code, place }) => [code, place?.file])).toEqual([
    ['load/unreadable-file', 'inventories/t/c.yml'],
    ['load/symbolic-link', 'inventories/t/d.yml'],
    ['load/symbolic-link', 'inventories/u'],
    ['load/symbolic-link', 'khp.yml'],
  ]);
});

it('reads nothing where there is no workspace', () => {
  expect(readWorkTree(root)).toEqual({ value: new Map(), diagnostics: [] });
  expect(readWorkTree(join(root, 'nowhere')).diagnostics.map(({ code }) => code)).toEqual([
    'load/unreadable-file',
  ]);
});

it('finds the nearest workspace around a folder', () => {
  write('khp.yml');
  write('deep/inner/inventories/t/c.yml');
  write('deep/inner/a/b/c');
  expect(findWorkspace(join(root, 'deep'))).toBe(root);
  expect(findWorkspace(join(root, 'deep/inner/a/b'))).toBe(join(root, 'deep/inner'));
  expect(findWorkspace(join(root, 'deep/inner'))).toBe(join(root, 'deep/inner'));
  expect(findWorkspace('/')).toBeUndefined();
});

it.each([
  ['a NUL byte', [0x61, 0x0a, 0x62, 0x00], [2, 2]],
  ['a lone continuation', [0x61, 0x80], [1, 2]],
  ['a sequence cut off', [0xc3, 0xa9, 0x0a, 0xe2, 0x82], [2, 1]],
  ['a sequence broken off', [0xe2, 0x82, 0x61, 0x0a], [1, 1]],
  ['a surrogate', [0x0a, 0x0a, 0xed, 0xa0, 0x80], [3, 1]],
])('finds %s at its place', (_, bytes, [line, column]) => {
  const { value, diagnostics } = decodeText('f', Uint8Array.from(bytes));
  expect(value).toBeUndefined();
  expect(diagnostics.map(({ code, place }) => [code, place])).toEqual([
    ['load/not-text', { file: 'f', line, column }],
  ]);
});
