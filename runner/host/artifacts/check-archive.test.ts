import { expect, test } from 'vitest';
import { checkArchive } from './check-archive.ts';
import { BadArchive, type TarEntry } from './read-tar.ts';

function entry(path: string, more: Partial<TarEntry> = {}): TarEntry {
  return { path, kind: 'file', mode: 0o644, size: 0, target: '', group: 'root', ...more };
}
const link = (path: string, target: string): TarEntry => entry(path, { kind: 'symlink', target });
const folder = (path: string): TarEntry => entry(path, { kind: 'directory', mode: 0o755 });

function check(entries: readonly TarEntry[], setuid: readonly string[] = []) {
  const archive = checkArchive(setuid);
  for (const one of entries) archive.add(one);
  return archive.finish();
}

const BASE = [folder('hadoop/'), entry('hadoop/bin/hdfs', { mode: 0o755 }), entry('hadoop/README')];

// biome-ignore format: a row a case reads best
const HOSTILE: [string, TarEntry[], RegExp][] = [
  ['an absolute path', [entry('/etc/passwd')], /no path/],
  ['a path with ..', [entry('hadoop/../../etc/passwd')], /leaves/],
  ['a path that ends in ..', [folder('hadoop/..')], /leaves/],
  ['a path with . inside', [entry('hadoop/./x')], /no path/],
  ['a path with //', [entry('hadoop//x')], /no path/],
  ['a path with a line feed', [entry('hadoop/a\nb')], /no path/],
  ['a path with an escape', [entry('hadoop/\u001b[2J')], /no path/],
  ['a path with NUL', [entry('hadoop/a\0b')], /no path/],
  ['a name that is too long', [entry(`hadoop/${'x'.repeat(256)}`)], /no path/],
  ['a path that is too long', [entry(`hadoop/${'x/'.repeat(3000)}x`)], /no path/],
  ['a device', [entry('hadoop/null', { kind: 'other' })], /neither/],
  ['a link with an absolute target', [link('hadoop/x', '/etc')], /leave/],
  ['a link to the folder above', [link('hadoop/x', '..')], /leave/],
  ['a link far above', [link('hadoop/bin/x', '../../x')], /leave/],
  ['a link that climbs behind a name', [link('hadoop/x', 'bin/../../..')], /leave/],
  ['a link that climbs through another link', [link('hadoop/bin/up', '..'), link('hadoop/x', 'bin/up/../y')], /leave/],
  ['a link with ./..', [link('hadoop/x', './..')], /leave/],
  ['a link to nothing', [link('hadoop/x', '')], /nothing/],
  ['a link with a line feed', [link('hadoop/x', 'a\nb')], /nothing/],
  ['a file below a link', [link('hadoop/x', 'bin'), entry('hadoop/x/evil')], /below/],
  ['a file below a link that comes later', [entry('hadoop/x/evil'), link('hadoop/x', 'bin')], /below/],
  ['a file in the place of the folder itself', [entry('.')], /no folder/],
  ['a link below a link', [link('hadoop/x', 'bin'), link('hadoop/x/y', 'z')], /below/],
  ['a file below a file', [entry('hadoop/README/x')], /below/],
  ['a file twice', [entry('hadoop/README')], /twice/],
  ['a file in the place of a link', [link('hadoop/x', 'bin'), entry('hadoop/x')], /twice/],
  ['a link in the place of a folder', [folder('hadoop/lib'), link('hadoop/lib', 'bin')], /twice/],
  ['a file in other spelling', [entry('./hadoop/README')], /twice/],
  ['setuid', [entry('hadoop/bin/su', { mode: 0o4755 })], /setuid/],
  ['setgid', [entry('hadoop/bin/su', { mode: 0o2755 })], /setuid/],
  ['a hard link to a file outside', [entry('hadoop/x', { kind: 'hardlink', target: '/etc/shadow' })], /no path/],
  ['a hard link that climbs', [entry('hadoop/x', { kind: 'hardlink', target: 'hadoop/../../etc/shadow' })], /leaves/],
  ['a hard link to what the archive has not', [entry('hadoop/x', { kind: 'hardlink', target: 'hadoop/y' })], /second name/],
  ['a hard link to a link', [link('hadoop/l', 'bin'), entry('hadoop/x', { kind: 'hardlink', target: 'hadoop/l' })], /second name/],
  ['a hard link beside the folder', [entry('hadoop/x', { kind: 'hardlink', target: 'xxxxxx/README' })], /beside/],
  ['more bytes than any archive', [entry('hadoop/x', { size: 2 ** 40 })], /more than/],
];

test.each(HOSTILE)('refuses %s', (_, entries, message) => {
  expect(() => check([...BASE, ...entries])).toThrow(BadArchive);
  expect(() => check([...BASE, ...entries])).toThrow(message);
});

test('leaves out the one folder that everything lies in, and no more than one', () => {
  expect(check(BASE)).toMatchObject({ top: 'hadoop', entries: [{ path: 'bin/hdfs' }, { path: 'README' }] });
  expect(check([folder('./'), ...BASE.map((one) => ({ ...one, path: `./${one.path}` }))]).top).toBe('hadoop');
  expect(check([entry('bin/hdfs'), entry('README')])).toMatchObject({
    top: '',
    entries: [{ path: 'bin/hdfs' }, { path: 'README' }],
  });
  expect(check([entry('README')]).top).toBe('');
  expect(check([]).entries).toEqual([]);
});

test('keeps links that stay inside, as they are', () => {
  const links = [
    link('hadoop/lib/libhadoop.so', './libhadoop.so.1.0.0'),
    link('hadoop/lib/native/up', '../../bin/hdfs'),
    link('hadoop/here', '.'),
    link('hadoop/lib/top', '..'),
    link('hadoop/dangling', 'not/there/'),
  ];
  const { entries } = check([...BASE, ...links]);
  expect(entries.slice(2).map(({ target }) => target)).toEqual(links.map(({ target }) => target));
});

test('setuid passes on the paths that the host names, with its group; other modes come down', () => {
  const executor = entry('hadoop/bin/container-executor', { mode: 0o6050, group: 'hadoop' });
  const { entries } = check(
    [...BASE, executor, entry('hadoop/open', { mode: 0o666 }), entry('hadoop/odd', { mode: 0o1711 })],
    ['bin/container-executor'],
  );
  expect(entries.slice(2).map(({ mode, group }) => [mode, group])).toEqual([
    [0o6050, 'hadoop'],
    [0o644, undefined],
    [0o755, undefined],
  ]);
});
