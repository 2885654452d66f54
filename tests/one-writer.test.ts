import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { killCompiles } from '../scripts/kill-compiles/kill-compiles.ts';
import { type SmallFleet, smallFleet } from '../scripts/kill-compiles/small-fleet.ts';
import { khp, ROOT, run, temporaryFolder } from './temporary-workspace.ts';

const TREE = 'bundles^{tree}';

/** What a compile of HEAD gives in a repository that has nothing of before. */
async function freshTree({ folder }: SmallFleet): Promise<string> {
  const clone = join(temporaryFolder(), 'clone');
  execFileSync('git', ['clone', '--quiet', folder, clone]);
  execFileSync('git', ['checkout', '--quiet', '-B', 'main'], { cwd: clone });
  expect((await khp(clone, 'compile', '--no-cache')).status).toBe(0);
  return execFileSync('git', ['rev-parse', TREE], { cwd: clone, encoding: 'utf8' }).trim();
}

test('a kill at any moment leaves the old commit or the new one', { timeout: 300_000 }, async () => {
  const report = await killCompiles(smallFleet(temporaryFolder()), 20, 1);
  expect(report.problems).toEqual([]);
  expect(report.kills).toBe(20);
});

test('two compiles at once: one commit, and both are well', { timeout: 120_000 }, async () => {
  const fleet = smallFleet(temporaryFolder());
  for (const value of ['one', 'two', 'three']) {
    const source = fleet.edit(value);
    const both = await Promise.all([khp(fleet.folder, 'compile'), khp(fleet.folder, 'compile')]);
    expect(both.map(({ status, stderr }) => ({ status, stderr }))).toEqual([
      { status: 0, stderr: '' },
      { status: 0, stderr: '' },
    ]);
    expect(fleet.git('log', '-1', '--format=%B', 'bundles')).toContain(`Source: ${source}`);
  }
  expect(fleet.git('rev-list', '--count', 'bundles')).toBe('3');
  expect(fleet.git('rev-parse', TREE)).toBe(await freshTree(fleet));
  fleet.git('fsck', '--strict');
});

test('where there is no room, the old commit stays and nothing is left over', {
  timeout: 120_000,
}, async () => {
  const fleet = smallFleet(temporaryFolder());
  expect((await khp(fleet.folder, 'compile')).status).toBe(0);
  const old = fleet.git('rev-parse', 'bundles');
  const objects = join(fleet.folder, '.git', 'objects');
  const before = readdirSync(objects, { recursive: true }).sort();
  writeFileSync(join(fleet.folder, 'templates/app/b.j2'), '{{ range(200000) | join(inventory_hostname) }}\n');
  fleet.edit('large');
  // Files of 64 KiB at most, which to a program is a disk that is full.
  const command = `ulimit -f 128; exec "$0" "$@"`;
  const args = [
    '-c',
    command,
    process.execPath,
    join(ROOT, 'compiler/cli/khp.ts'),
    '-C',
    fleet.folder,
    'compile',
  ];
  const { status, stderr } = await run('sh', args);
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('khp: git fast-import') });
  expect(fleet.git('rev-parse', 'bundles')).toBe(old);
  const isOfSource = (file: string | Buffer) => /^..$|^..\/.{38}$/.test(String(file));
  const left = readdirSync(objects, { recursive: true }).filter((file) => !isOfSource(file));
  expect(left.sort()).toEqual(before.filter((file) => !isOfSource(file)));
  fleet.git('fsck', '--strict', '--no-dangling');
  expect((await khp(fleet.folder, 'compile')).status).toBe(0);
  expect(fleet.git('rev-parse', TREE)).toBe(await freshTree(fleet));
});

test('on a disk that is full, the old commit stays; with room again, the next compile is well', {
  timeout: 120_000,
}, async ({ skip }) => {
  const disk = temporaryFolder();
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk], { stdio: 'ignore' });
  if (mount.status !== 0) skip('only root can mount a small disk');
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', disk]);
  });
  const folder = join(disk, 'fleet');
  mkdirSync(folder);
  const fleet = smallFleet(folder);
  expect((await khp(folder, 'compile')).status).toBe(0);
  const old = fleet.git('rev-parse', 'bundles');
  writeFileSync(join(folder, 'templates/app/b.j2'), '{{ range(100000) | join(inventory_hostname) }}\n');
  fleet.edit('large');
  const filler = join(disk, 'filler');
  for (const left of [256, 64, 8, 0]) {
    const { bavail, bsize } = statfsSync(disk);
    appendFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left * 1024)));
    const { status, stderr } = await khp(folder, 'compile');
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('khp: ') });
    expect(stderr).not.toContain('a bug of ours');
    expect(fleet.git('rev-parse', 'bundles')).toBe(old);
    fleet.git('fsck', '--strict', '--no-dangling');
  }
  rmSync(filler);
  writeFileSync(join(folder, 'templates/app/b.j2'), '{{ value }}\n');
  fleet.edit('small');
  expect((await khp(folder, 'compile')).status).toBe(0);
  expect(fleet.git('rev-parse', TREE)).toBe(await freshTree(fleet));
  expect(readdirSync(join(folder, '.git', 'objects')).filter((name) => name.startsWith('tmp'))).toEqual([]);
});

test('a merge, a rebase and a revert compile to what their trees say', { timeout: 120_000 }, async () => {
  const fleet = smallFleet(temporaryFolder());
  const { folder, git } = fleet;
  const file = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
    git('add', '--all');
    git('commit', '--quiet', '-m', path);
  };
  const compiled = async () => {
    const { status, stderr } = await khp(folder, 'compile');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(git('rev-parse', TREE)).toBe(await freshTree(fleet));
    return git('rev-parse', TREE);
  };
  const start = await compiled();
  git('checkout', '--quiet', '-b', 'side');
  file('inventories/t/c1/c1-h1.host.yml', 'value: side\n');
  git('checkout', '--quiet', 'main');
  file('inventories/t/c2/c2-h1.host.yml', 'value: main\n');
  const main = await compiled();
  git('merge', '--quiet', '--no-edit', 'side');
  const merged = await compiled();
  expect(new Set([start, main, merged]).size).toBe(3);
  git('revert', '--no-edit', '-m', '1', 'HEAD');
  expect(await compiled()).toBe(main);
  git('revert', '--no-edit', 'HEAD~1^1');
  expect(await compiled()).toBe(start);
  git('checkout', '--quiet', '-b', 'late', 'side');
  file('inventories/u/c3/c3-h1.host.yml', 'value: late\n');
  git('rebase', '--quiet', 'main');
  git('checkout', '--quiet', 'main');
  git('merge', '--quiet', '--ff-only', 'late');
  await compiled();
  expect(git('show', 'bundles:u/c3/c3-h1/files/etc/app/a')).toBe('late c3-h1');
});

test('an unknown tip is compiled on in full, whatever is known from before', {
  timeout: 120_000,
}, async () => {
  const fleet = smallFleet(temporaryFolder());
  expect((await khp(fleet.folder, 'compile')).status).toBe(0);
  const published = fleet.git('rev-parse', 'bundles');
  const message = fleet.git('log', '-1', '--format=%B', 'bundles');
  // Somebody changes a host's file, leaves another one out, and adds what is no bundle.
  const clone = join(temporaryFolder(), 'bundles');
  fleet.git('worktree', 'add', '--quiet', '--detach', clone, 'bundles');
  writeFileSync(join(clone, 't/c1/c1-h1/files/etc/app/a'), 'changed\n');
  rmSync(join(clone, 't/c2/c2-h2'), { recursive: true });
  writeFileSync(join(clone, 'u/README'), 'foreign\n');
  execFileSync('git', ['add', '--all'], { cwd: clone });
  execFileSync('git', ['commit', '--quiet', '-m', message], { cwd: clone });
  const foreign = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: clone, encoding: 'utf8' }).trim();
  fleet.git('update-ref', 'refs/heads/bundles', foreign);
  const verified = await khp(fleet.folder, 'compile', '--verify');
  expect({ status: verified.status, stdout: verified.stdout }).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('t/c1/c1-h1/files/etc/app/a differs from line 1 on'),
  });
  const { status, stderr } = await khp(fleet.folder, 'compile');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(fleet.git('rev-parse', TREE)).toBe(fleet.git('rev-parse', `${published}^{tree}`));
  expect(fleet.git('rev-parse', 'bundles~1')).toBe(foreign);
  expect((await khp(fleet.folder, 'compile', '--verify')).status).toBe(0);
});

test('what is known from before, damaged in any file, changes nothing', { timeout: 120_000 }, async () => {
  const fleet = smallFleet(temporaryFolder());
  expect((await khp(fleet.folder, 'compile')).status).toBe(0);
  const cache = join(fleet.folder, '.git', 'khp', 'cache');
  const files = readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.length).toBeGreaterThanOrEqual(4);
  for (const [index, entry] of files.entries()) {
    const file = join(entry.parentPath, entry.name);
    const bytes = readFileSync(file);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    writeFileSync(file, index % 2 === 0 ? bytes : bytes.subarray(0, bytes.length / 2));
  }
  fleet.edit('next');
  expect((await khp(fleet.folder, 'compile')).status).toBe(0);
  expect(fleet.git('rev-parse', TREE)).toBe(await freshTree(fleet));
});
