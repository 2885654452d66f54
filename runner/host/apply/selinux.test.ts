import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { restoreLabels, setLabel } from './selinux.ts';

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

/** Programs that tell what they were asked, in the place of those of SELinux, which this machine may not have. */
function programs(matchpathcon: string, chcon = 'exit 0') {
  const folder = temporaryFolder();
  const log = join(folder, 'log');
  const write = (name: string, script: string): void => {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  };
  mkdirSync(join(folder, 'bin'));
  write('matchpathcon', matchpathcon);
  write('chcon', `echo "$@" >> ${log}\n${chcon}`);
  write('restorecon', `echo restorecon "$@" >> ${log}`);
  process.env.PATH = `${join(folder, 'bin')}:${PATH}`;
  const file = join(folder, '.khp-2-0');
  const existing = join(folder, 'core-site.xml');
  writeFileSync(file, '');
  return { file, existing, asked: () => readFileSync(log, 'utf8') };
}

test('a file takes the label of the one that it replaces', () => {
  const { file, existing, asked } = programs('exit 1');
  writeFileSync(existing, '');
  setLabel(file, { existing, path: '/etc/hadoop/core-site.xml' });
  expect(asked()).toBe(`--reference=${existing} -- ${file}\n`);
});

test('a new file takes the label that the policy has for its path, or its directory decides', () => {
  const known = programs('test "$*" = "-n /etc/hadoop/x" && echo system_u:object_r:etc_t:s0');
  setLabel(known.file, { existing: known.existing, path: '/etc/hadoop/x' });
  expect(known.asked()).toBe(`system_u:object_r:etc_t:s0 -- ${known.file}\n`);
  for (const script of ['echo "<<none>>"', 'exit 1']) {
    const unknown = programs(script);
    setLabel(unknown.file, { existing: unknown.existing, path: '/etc/hadoop/x' });
    expect(unknown.asked).toThrow(/ENOENT/);
  }
});

test('a label that cannot be set is an error of the system, which names the path', () => {
  const { file, existing } = programs('exit 1', 'echo "Operation not supported" >&2; exit 1');
  writeFileSync(existing, '');
  const setIt = (): void => setLabel(file, { existing, path: '/etc/hadoop/x' });
  expect(setIt).toThrow('chcon /etc/hadoop/x: Operation not supported');
  expect(setIt).toThrow(expect.objectContaining({ code: 'ELABEL', syscall: 'chcon' }));
});

test('a folder takes the labels of its paths', () => {
  const { asked } = programs('exit 1');
  restoreLabels('/opt/hadoop-3.3.6');
  expect(asked()).toBe('restorecon -R -- /opt/hadoop-3.3.6\n');
});
