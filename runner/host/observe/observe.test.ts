import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeDisk } from '../apply/disk.ts';
import { adjustDirectory } from '../apply/stage.ts';
import { sha256 } from '../sample-bundle.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { machineAccounts, missingAccount, type Ownership } from './accounts.ts';
import { type ObserveContext, observe } from './observe.ts';

const accounts = machineAccounts();
const SET: Ownership = { kind: 'set', accounts };

function contextOf(root: string, ownership: Ownership = SET): ObserveContext {
  return {
    rooted: { disk: nodeDisk, root },
    ownership,
    ledger: { '/a': { owner: 'hdfs', group: 'hadoop' } },
  };
}

test('sees bytes, mode and owner of files, and follows no link', () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'folder'));
  writeFileSync(join(root, 'a'), 'x');
  chmodSync(join(root, 'a'), 0o4640);
  symlinkSync('a', join(root, 'link'));
  symlinkSync('folder', join(root, 'linked'));
  spawnSync('mkfifo', [join(root, 'pipe')]);
  const owner = accounts.userName(process.getuid!());
  const group = accounts.groupName(process.getgid!());
  const paths = [
    '/a',
    '/a/below',
    '/folder',
    '/link',
    '/linked/below',
    '/missing',
    '/missing/below',
    '/pipe',
  ];
  const seen = Object.fromEntries(observe(paths, contextOf(root)));
  const below = { kind: 'other', what: 'below a symbolic link or a file, something that is not followed' };
  expect(seen).toEqual({
    '/a': { kind: 'file', sha256: sha256('x'), mode: '4640', owner, group },
    '/a/below': below,
    '/folder': {
      kind: 'directory',
      mode: expect.stringMatching(/^0[0-7]{3}$/),
      owner,
      group,
      mountpoint: false,
    },
    '/link': { kind: 'link', target: 'a' },
    '/linked/below': below,
    '/missing': { kind: 'none' },
    '/missing/below': { kind: 'none' },
    '/pipe': { kind: 'other', what: 'a device, pipe or socket' },
  });
  expect(observe(['/a'], contextOf(root, { kind: 'record' })).get('/a')).toMatchObject({
    owner: 'hdfs',
    group: 'hadoop',
  });
});

test('reads no file that is larger than all that a bundle can hold', () => {
  const root = temporaryFolder();
  writeFileSync(join(root, 'a'), '');
  truncateSync(join(root, 'a'), 2 ** 40);
  expect(observe(['/a'], contextOf(root)).get('/a')).toMatchObject({ kind: 'file', sha256: 'huge' });
});

test('knows a mount point', () => {
  const seen = observe(['/proc', '/proc/self/fd'], contextOf('/'));
  expect(seen.get('/proc')).toMatchObject({ kind: 'directory', mountpoint: true });
});

test('sets owners by name, as root those of others too', () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'a'));
  const isRoot = process.getuid!() === 0;
  const owner = isRoot ? 'daemon' : accounts.userName(process.getuid!());
  const group = isRoot ? 'daemon' : accounts.groupName(process.getgid!());
  adjustDirectory(
    { rooted: { disk: nodeDisk, root }, ownership: SET },
    { path: '/a', mode: '0710', owner, group },
  );
  expect(observe(['/a'], contextOf(root)).get('/a')).toMatchObject({ mode: '0710', owner, group });
  expect(statSync(join(root, 'a')).uid).toBe(accounts.uidOf(owner));
});

test('names the account that a host lacks, before anything is touched', () => {
  const owners = [
    { owner: 'root', group: 'root' },
    { owner: 'root', group: 'no-such-group' },
  ];
  expect(missingAccount(SET, owners)).toBe('the group no-such-group');
  expect(missingAccount(SET, [{ owner: 'no-such-user', group: 'root' }])).toBe('the user no-such-user');
  expect(missingAccount({ kind: 'record' }, owners)).toBeUndefined();
});
