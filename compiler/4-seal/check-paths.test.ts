import { expect, test } from 'vitest';
import type { RenderedHost } from '../3-render/rendered-host.ts';
import { checkPaths } from './check-paths.ts';

const place = { file: 'templates/c/component.yml', line: 1, column: 1 };

function hostWith(files: readonly string[], directories: readonly string[] = []): RenderedHost {
  return {
    host: 'h1',
    type: 'alpha',
    cluster: 'x',
    release: 'r',
    roles: [],
    files: files.map((path) => ({
      host: 'h1',
      cluster: 'alpha/x',
      component: 'c',
      template: 'templates/c/a.j2',
      path,
      pathPlace: place,
      content: { head: { path, owner: 'root', group: 'root', mode: '0644' }, text: '', secrets: [] },
      secrets: [],
      text: '',
      owner: 'root',
      group: 'root',
      mode: '0644',
      format: 'text',
      restart: [],
      reload: [],
    })),
    directories: directories.map((path) => ({
      place,
      entry: { path, mode: '0755', owner: 'root', group: 'root', mountpoint: false },
    })),
    artifacts: [],
    services: [],
    metrics: [],
    logs: [],
  };
}

test('accepts files and directories below the allowed prefixes', () => {
  const host = hostWith(['/etc/a/x', '/etc/a/y', '/opt'], ['/etc/a', '/etc/b/c']);
  expect([...checkPaths(host, ['/etc', '/opt/'])]).toEqual([]);
});

test('accepts a directory that two roles share, if they say the same of it', () => {
  const host = hostWith([], ['/etc/a', '/etc/a']);
  expect([...checkPaths(host, ['/etc'])]).toEqual([]);
  const [first, second] = host.directories;
  const other = { ...second!, entry: { ...second!.entry, mode: '0700' } };
  const found = [...checkPaths({ ...host, directories: [first!, other] }, ['/etc'])];
  expect(found.map(({ code }) => code)).toEqual(['seal/duplicate-path']);
});

test.each([
  ['relative', 'etc/x', 'seal/path-outside'],
  ['dot dot', '/etc/../root/.ssh/authorized_keys', 'seal/path-outside'],
  ['double slash', '/etc//x', 'seal/path-outside'],
  ['slash at the end', '/etc/x/', 'seal/path-outside'],
  ['newline', '/etc/x\ny', 'seal/path-outside'],
  ['empty', '', 'seal/path-outside'],
  ['outside', '/root/.bashrc', 'seal/path-outside'],
  ['a prefix as text only', '/etcetera/x', 'seal/path-outside'],
  ["khp's own trust", '/etc/khp/allowed_signers', 'seal/path-outside'],
  ["the runner's state", '/var/lib/khp/x', 'seal/path-outside'],
])('refuses a path: %s', (_, path, code) => {
  expect([...checkPaths(hostWith([path]), ['/etc', '/var'])].map((found) => found.code)).toEqual([code]);
});

test.each([
  ['twice', ['/etc/a', '/etc/a'], []],
  ['case', ['/etc/a', '/etc/A'], []],
  ['below a file', ['/etc/a', '/etc/a/b/c'], []],
  ['a directory that is a file', ['/etc/a'], ['/etc/a']],
  ['a directory below a file', ['/etc/a'], ['/etc/a/b']],
])('finds a clash: %s', (_, files, directories) => {
  const found = [...checkPaths(hostWith(files, directories), ['/etc'])];
  expect(found.map(({ code }) => code)).toEqual(['seal/duplicate-path']);
  expect(found[0]?.related).toHaveLength(1);
});
