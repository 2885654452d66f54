import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Disk, nodeDisk } from './disk.ts';
import { makeFolders } from './folders.ts';
import { restoreLabels, setLabel } from './selinux.ts';

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

const LABEL = 'system_u:object_r:etc_t:s0';

interface Programs {
  readonly matchpathcon?: string;
  readonly chcon?: string;
  readonly stat?: string;
}

/** Programs that tell what they were asked, in the place of those of SELinux, which this machine may not have. */
function programs({ matchpathcon = 'exit 1', chcon = 'exit 0', stat = `echo ${LABEL}` }: Programs) {
  const folder = temporaryFolder();
  const log = join(folder, 'log');
  const write = (name: string, script: string): void => {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  };
  mkdirSync(join(folder, 'bin'));
  write('matchpathcon', matchpathcon);
  write('stat', `echo stat "$@" >> ${log}\n${stat}`);
  write('chcon', `echo "$@" >> ${log}\n${chcon}`);
  write('restorecon', `echo restorecon "$@" >> ${log}`);
  process.env.PATH = `${join(folder, 'bin')}:${PATH}`;
  const made = join(folder, '.khp-2-0');
  const existing = join(folder, 'core-site.xml');
  writeFileSync(made, '');
  const asked = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  return { folder, made, existing, asked };
}

test('a file or a link takes the label of the one that it replaces, which no link is followed for', () => {
  const file = programs({});
  writeFileSync(file.existing, '');
  setLabel(file.made, { existing: file.existing, path: '/etc/hadoop/core-site.xml', kind: 'file' });
  expect(file.asked()).toBe(`stat -c %C -- ${file.existing}\n-h ${LABEL} -- ${file.made}\n`);
  const link = programs({});
  symlinkSync('/nowhere', link.existing);
  setLabel(link.made, { existing: link.existing, path: '/opt/hadoop', kind: 'link' });
  expect(link.asked()).toBe(`stat -c %C -- ${link.existing}\n-h ${LABEL} -- ${link.made}\n`);
});

test.each([
  ['file', 'file'],
  ['folder', 'dir'],
  ['link', 'lnk_file'],
] as const)('a new %s takes the label that the policy has for a %s of its path', (kind, type) => {
  const matchpathcon = `test "$*" = "-n -m ${type} /etc/hadoop/x" && echo ${LABEL}`;
  const { folder, made, existing, asked } = programs({ matchpathcon });
  // What lies there is of another kind: it says nothing of this one.
  if (kind !== 'folder') mkdirSync(existing);
  setLabel(made, { existing: kind === 'folder' ? folder : existing, path: '/etc/hadoop/x', kind });
  expect(asked()).toBe(`-h ${LABEL} -- ${made}\n`);
});

test('where nothing is known its directory decides', () => {
  for (const matchpathcon of ['echo "<<none>>"', 'exit 1']) {
    const { made, existing, asked } = programs({ matchpathcon, stat: 'echo "?"' });
    for (const kind of ['file', 'folder', 'link'] as const)
      setLabel(made, { existing, path: '/etc/hadoop/x', kind });
    expect(asked()).toBe('');
    writeFileSync(existing, '');
    setLabel(made, { existing, path: '/etc/hadoop/x', kind: 'file' });
    expect(asked()).toBe(`stat -c %C -- ${existing}\n`);
  }
});

test('a label that cannot be set is an error of the system, which names the path', () => {
  const { made, existing } = programs({
    matchpathcon: `echo ${LABEL}`,
    chcon: 'echo "Permission denied" >&2; exit 1',
  });
  const setIt = (): void => setLabel(made, { existing, path: '/etc/hadoop/x', kind: 'file' });
  expect(setIt).toThrow('chcon /etc/hadoop/x: Permission denied');
  expect(setIt).toThrow(expect.objectContaining({ code: 'ELABEL', syscall: 'chcon' }));
});

test('a file system that keeps no labels, as NFS, is left to what it was mounted with', () => {
  const { made, existing } = programs({
    matchpathcon: `echo ${LABEL}`,
    // Coreutils 9.1 of proc, which keeps none either.
    chcon: `test "$LC_ALL" = C && echo "chcon: failed to change context of 'x' to '${LABEL}': Operation not supported" >&2
exit 1`,
  });
  expect(() => setLabel(made, { existing, path: '/mnt/filer/nn', kind: 'folder' })).not.toThrow();
});

test('a directory that cannot be labelled is not left behind without', () => {
  const root = temporaryFolder();
  const label: Disk['label'] = () => {
    throw Object.assign(new Error('chcon'), { code: 'ELABEL', syscall: 'chcon' });
  };
  expect(() => makeFolders({ disk: { ...nodeDisk, label }, root }, '/etc/hadoop', 0o755)).toThrow('chcon');
  expect(readdirSync(root)).toEqual([]);
});

test('a folder takes the labels of its paths', () => {
  const { asked } = programs({});
  restoreLabels('/opt/hadoop-3.3.6');
  expect(asked()).toBe('restorecon -R -- /opt/hadoop-3.3.6\n');
});
