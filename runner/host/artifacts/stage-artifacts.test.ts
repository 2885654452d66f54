import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ArtifactEntry } from '../../../compiler/contract/manifest.ts';
import { type Disk, nodeDisk } from '../apply/disk.ts';
import { machineAccounts } from '../observe/accounts.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { folderName, folderPath, temporaryPath } from './artifact-folder.ts';
import { readLedger, writeLedger } from './artifact-ledger.ts';
import { pruneArtifacts } from './prune-artifacts.ts';
import {
  artifactSandbox,
  fileAddress,
  SAMPLE_TARBALL,
  SAMPLE_TREE,
  sampleArtifact,
} from './sample-artifacts.ts';
import { type SampleTarEntry, sampleTarball } from './sample-tar.ts';
import { stageArtifacts } from './stage-artifacts.ts';

test('unpacks a release beside its link, once, and leaves nothing else behind', async () => {
  const { root, rooted, downloads, stage, opt } = artifactSandbox();
  const artifact = sampleArtifact(SAMPLE_TARBALL, { url: fileAddress(SAMPLE_TARBALL) });
  expect(await stage(artifact)).toEqual({ ok: true, unpacked: [folderPath(artifact)] });
  expect(opt()).toEqual([folderName(artifact)]);
  const folder = join(root, folderPath(artifact));
  expect(readFileSync(join(folder, 'bin/hdfs'), 'utf8')).toBe('#!/bin/sh\n');
  expect(lstatSync(join(folder, 'bin/hdfs')).mode & 0o7777).toBe(0o755);
  expect(lstatSync(folder).mode & 0o7777).toBe(0o755);
  expect(readlinkSync(join(folder, 'lib/so'))).toBe('../share/hdfs.jar');
  expect(readFileSync(join(folder, 'lib/so'), 'latin1')).toBe('j'.repeat(100_000));
  expect(lstatSync(join(folder, 'share/twin.jar')).ino).toBe(lstatSync(join(folder, 'share/hdfs.jar')).ino);
  expect(readdirSync(downloads)).toEqual([]);
  expect(readLedger(rooted)[folderPath(artifact)]?.phase).toBe('staged');
  expect(await stage(artifact)).toEqual({ ok: true, unpacked: [] });
});

test('what a real tar packs, as gzip and as plain tar, is unpacked as it was', async () => {
  const folder = temporaryFolder();
  const tree = join(folder, 'zookeeper-3.8.4');
  mkdirSync(join(tree, 'bin'), { recursive: true });
  writeFileSync(join(tree, 'bin/zkServer.sh'), 'x');
  chmodSync(join(tree, 'bin/zkServer.sh'), 0o755);
  symlinkSync('bin/zkServer.sh', join(tree, 'run'));
  for (const [flag, name] of [
    ['-czf', 'a.tar.gz'],
    ['-cf', 'a.tar'],
    ['--zstd', '-cf', 'a.tar.zst'],
  ].map((args) => [args.slice(0, -1), args.at(-1)!] as const)) {
    execFileSync('tar', ['-C', folder, ...flag, join(folder, name), 'zookeeper-3.8.4']);
    const bytes = readFileSync(join(folder, name));
    const { root, stage } = artifactSandbox();
    const artifact = sampleArtifact(bytes, { url: `file://${join(folder, name)}`, link: '/opt/zookeeper' });
    expect(await stage(artifact), name).toMatchObject({ ok: true });
    expect(readFileSync(join(root, folderPath(artifact), 'run'), 'utf8')).toBe('x');
  }
});

test('a hostile tarball is refused before anything of it is written', async () => {
  const hostile: SampleTarEntry[][] = [
    [{ name: '../evil', body: 'x' }],
    [{ name: '/evil', body: 'x' }],
    [{ name: 'a/up', type: '2', target: '../..' }],
    [
      { name: 'a/l', type: '2', target: 'b' },
      { name: 'a/l/x', body: 'x' },
    ],
    [{ name: 'a/null', type: '3' }],
    [{ name: 'a/su', mode: 0o4755, body: 'x' }],
    [
      { name: 'a/x', body: 'x' },
      { name: 'a/x', body: 'y' },
    ],
  ];
  for (const entries of hostile) {
    const bytes = sampleTarball([...SAMPLE_TREE.slice(1, 3), ...entries]);
    const { stage, root, downloads } = artifactSandbox();
    expect(await stage(sampleArtifact(bytes, { url: fileAddress(bytes) }))).toMatchObject({
      ok: false,
      code: 'artifacts/refused',
    });
    expect(readdirSync(join(root, 'opt'))).toEqual([]);
    expect(readdirSync(downloads)).toEqual([]);
  }
  const garbage = Buffer.from('no archive at all');
  const cut = SAMPLE_TARBALL.subarray(0, SAMPLE_TARBALL.length - 20);
  for (const bytes of [garbage, cut]) {
    const { stage } = artifactSandbox();
    expect(await stage(sampleArtifact(bytes, { url: fileAddress(bytes) }))).toMatchObject({
      ok: false,
      code: 'artifacts/refused',
    });
  }
});

test('a stranger at the place of the folder is left alone; a sandbox makes nothing setuid', async () => {
  const { root, stage } = artifactSandbox();
  const artifact = sampleArtifact(SAMPLE_TARBALL, { url: fileAddress(SAMPLE_TARBALL) });
  mkdirSync(join(root, folderPath(artifact)), { recursive: true });
  expect(await stage(artifact)).toMatchObject({ ok: false, code: 'artifacts/occupied' });
  expect(readdirSync(join(root, folderPath(artifact)))).toEqual([]);
  const bytes = sampleTarball([{ name: 'a/bin/su', mode: 0o6050, body: 'x', group: 'hadoop' }]);
  const allowed = sampleArtifact(bytes, { url: fileAddress(bytes), version: '1' });
  expect(await stage(allowed, {}, ['bin/su'])).toMatchObject({ ok: true });
  expect(lstatSync(join(root, folderPath(allowed), 'bin/su')).mode & 0o7777).toBe(0o050);
});

test("as root, files are root's, and what may be setuid is so for its group", async () => {
  const { root, rooted, downloads } = artifactSandbox();
  const bytes = sampleTarball([
    { name: 'a/bin/su', mode: 0o6050, body: 'x', group: 'daemon' },
    { name: 'a/plain', body: 'x', group: 'daemon' },
  ]);
  const artifact = sampleArtifact(bytes, { url: fileAddress(bytes) });
  const policy = { mirrors: {}, setuid: ['bin/su'], downloads };
  const accounts = machineAccounts();
  const staged = await stageArtifacts({ rooted, ownership: { kind: 'set', accounts } }, [artifact], policy);
  if (process.getuid!() !== 0) {
    expect(staged).toMatchObject({ ok: false, code: 'artifacts/not-unpacked' });
    return;
  }
  expect(staged).toMatchObject({ ok: true });
  const su = lstatSync(join(root, folderPath(artifact), 'bin/su'));
  expect([su.mode & 0o7777, su.uid, su.gid]).toEqual([0o6050, 0, accounts.gidOf('daemon')]);
  const plain = lstatSync(join(root, folderPath(artifact), 'plain'));
  expect([plain.mode & 0o7777, plain.uid, plain.gid]).toEqual([0o644, 0, 0]);
  const stranger = sampleTarball([{ name: 'a/bin/su', mode: 0o6050, body: 'x', group: 'no-such-group' }]);
  const other = sampleArtifact(stranger, { url: fileAddress(stranger) });
  expect(
    await stageArtifacts({ rooted, ownership: { kind: 'set', accounts } }, [other], policy),
  ).toMatchObject({
    ok: false,
    code: 'artifacts/refused',
    message: expect.stringContaining('no-such-group'),
  });
});

test('an unpacking that fails or is cut off at any operation is done anew, and never taken for whole', async () => {
  const small = sampleTarball(SAMPLE_TREE.map((entry) => (entry.body ? { ...entry, body: 'x' } : entry)));
  const artifact = sampleArtifact(small, { url: fileAddress(small) });
  const writes = [
    'makeFolder',
    'createFile',
    'write',
    'setMode',
    'sync',
    'rename',
    'link',
    'makeLink',
    'unlink',
  ] as const;
  for (let at = 1; ; at += 1) {
    let count = 0;
    let failing = false;
    const disk: Disk = { ...nodeDisk, sync: () => {} };
    const { rooted, stage, root } = artifactSandbox(disk);
    for (const name of writes) {
      const real = disk[name] as (...args: unknown[]) => unknown;
      Object.assign(disk, {
        [name]: (...args: unknown[]) => {
          count += 1;
          if (failing && count === at)
            throw Object.assign(new Error('ENOSPC: full'), { code: 'ENOSPC', syscall: name });
          return real(...args);
        },
      });
    }
    failing = true;
    const failed = await stage(artifact).catch((error: NodeJS.ErrnoException) => ({
      ok: error.code === undefined,
    }));
    failing = false;
    if (count < at) {
      expect(failed).toMatchObject({ ok: true });
      expect(at).toBeGreaterThan(30);
      break;
    }
    if (readLedger(rooted)[folderPath(artifact)]?.phase !== 'staged') expect(failed.ok).toBe(false);
    expect(await stage(artifact)).toMatchObject({ ok: true });
    expect(readFileSync(join(root, folderPath(artifact), 'lib/so'), 'utf8')).toBe('x');
    expect(readdirSync(join(root, 'opt'))).toEqual([folderName(artifact)]);
  }
});

test('what no generation, no link and no process needs is removed, and nothing else', async () => {
  const { root, rooted, stage, opt } = artifactSandbox();
  const artifacts = ['1', '2', '3', '4'].map((version) =>
    sampleArtifact(SAMPLE_TARBALL, { url: fileAddress(SAMPLE_TARBALL), version }),
  );
  for (const artifact of artifacts) await stage(artifact);
  mkdirSync(join(root, 'opt/hadoop-stranger'));
  const [one, two, three, four] = artifacts as [ArtifactEntry, ArtifactEntry, ArtifactEntry, ArtifactEntry];
  symlinkSync(folderName(two), join(root, 'opt/hadoop'));
  const fd = openSync(join(root, folderPath(three), 'share/hdfs.jar'), 'r');
  expect(pruneArtifacts(rooted, [four])).toEqual([folderPath(one)]);
  closeSync(fd);
  expect(pruneArtifacts(rooted, [four])).toEqual([folderPath(three)]);
  expect(opt()).toEqual(['hadoop', 'hadoop-stranger', folderName(two), folderName(four)].sort());
  expect(Object.keys(readLedger(rooted)).sort()).toEqual([folderPath(two), folderPath(four)].sort());
});

test('what was broken off and is not wanted any more goes: the download and the half of a folder', async () => {
  const { root, rooted, downloads, stage, opt } = artifactSandbox();
  const [old, next] = ['1', '2'].map((version) => {
    const bytes = sampleTarball([{ name: 'a/RELEASE', body: version }]);
    return sampleArtifact(bytes, { version, url: fileAddress(bytes) });
  }) as [ArtifactEntry, ArtifactEntry];
  const half = join(root, temporaryPath(folderPath(old)));
  mkdirSync(join(half, 'deep'), { recursive: true });
  writeLedger(rooted, folderPath(old), { sha256: old.sha256, link: old.link, phase: 'unpacking' });
  mkdirSync(downloads);
  writeFileSync(join(downloads, old.sha256), 'half');
  writeFileSync(join(downloads, 'note-of-a-person'), '');
  expect(await stage(next)).toMatchObject({ ok: true });
  expect(readdirSync(downloads)).toEqual(['note-of-a-person']);
  expect(pruneArtifacts(rooted, [next])).toEqual([folderPath(old)]);
  expect(opt()).toEqual([folderName(next)]);
  expect(Object.keys(readLedger(rooted))).toEqual([folderPath(next)]);
});
