import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reportRef } from '../../compiler/contract/names.ts';
import { listTree } from '../../compiler/git/read-tree.ts';
import { resolve } from '../../compiler/git/refs.ts';
import { git } from '../../compiler/git/repository.ts';
import { sampleFile, sampleManifest } from './sample-bundle.ts';
import { sampleFleet } from './sample-fleet.ts';
import { RUNNER_VERSION } from './version.ts';

const CORE = '/etc/hadoop/conf/core-site.xml';
const HDFS = '/etc/hadoop/conf/hdfs-site.xml';
const REF = reportRef('dn1.example');

/** Every file below a folder with its bytes, mode and time of change. */
function snapshot(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name);
      const { mode, mtimeNs, ino } = lstatSync(path, { bigint: true });
      const bytes = lstatSync(path).isFile() ? readFileSync(path, 'latin1') : '';
      return [name, `${mode} ${mtimeNs} ${ino} ${bytes}`];
    }),
  );
}

describe('khp-runner', () => {
  test('applies, does nothing the second time, follows a change, and reports each', async () => {
    const fleet = await sampleFleet();
    await fleet.promote({ files: { [CORE]: 'one\n', [HDFS]: 'two\n' } });

    const first = await fleet.runner(['apply', '--json']);
    expect(first).toMatchObject({ exit: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toEqual(await fleet.report());
    expect(await fleet.report()).toMatchObject({
      host: 'dn1.example',
      result: 'applied',
      active: { generation: 1, seq: 1, release: '1.1.6-hadoop2' },
      problem: null,
      drift: [],
      debt: [],
      written: [CORE, HDFS],
      runner: RUNNER_VERSION,
    });
    // A khp that does not know the key takes the report.
    expect(await fleet.report()).not.toHaveProperty('unmounted');
    const { phases_ms: phases, duration_ms: whole } = await fleet.report();
    expect(Object.keys(phases!).sort()).toEqual(
      ['accept', 'artifacts', 'fetch', 'observe', 'plan', 'recover', 'services', 'stage', 'swap'].sort(),
    );
    expect(phases!.fetch).toBeGreaterThan(0);
    const sum = Object.values(phases!).reduce((all, ms) => all + ms, 0);
    expect(sum).toBeLessThanOrEqual(whole + Object.keys(phases!).length);
    expect(readFileSync(join(fleet.root, CORE), 'utf8')).toBe('one\n');
    expect(lstatSync(join(fleet.root, CORE)).mode & 0o7777).toBe(0o644);

    const before = snapshot(join(fleet.root, 'etc'));
    const state = snapshot(join(fleet.root, 'var/lib/khp/gens'));
    const reported = await resolve(fleet.reports, REF);
    const second = await fleet.runner(['apply', '--json']);
    expect(JSON.parse(second.stdout)).toMatchObject({ result: 'unchanged', written: [] });
    expect(snapshot(join(fleet.root, 'etc'))).toEqual(before);
    expect(snapshot(join(fleet.root, 'var/lib/khp/gens'))).toEqual(state);

    // The first unchanged report tells nothing that the applied one has not told.
    expect(await resolve(fleet.reports, REF)).toBe(reported);

    await fleet.promote({ files: { [CORE]: 'three\n' }, promotion: { seq: 2 } });
    const third = await fleet.runner(['apply']);
    expect(third).toMatchObject({ exit: 0, stderr: '' });
    expect(third.stdout).toBe(
      `dn1.example: applied (generation 2, seq 2, release 1.1.6-hadoop2)\n  wrote ${CORE}\n  wrote ${HDFS}\n`,
    );
    expect(readFileSync(join(fleet.root, CORE), 'utf8')).toBe('three\n');
    expect(existsSync(join(fleet.root, HDFS))).toBe(false);
    expect(await listTree({ repository: fleet.reports, treeish: REF })).toMatchObject([
      { path: 'report.json', mode: '100644' },
    ]);
    const { stdout: count } = await git(fleet.reports, ['rev-list', '--count', REF]);
    expect(count.toString().trim()).toBe('2');
  });

  test('a refused promotion changes nothing, and the report says why', async () => {
    const fleet = await sampleFleet();
    await fleet.promote({ files: { [CORE]: 'one\n' }, promotion: { seq: 5 } });
    await fleet.command('apply');
    const before = snapshot(join(fleet.root, 'etc'));
    await fleet.promote({ files: { [CORE]: 'two\n' }, promotion: { seq: 4 } });
    const refused = await fleet.command('apply');
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain('[accept/lower-sequence]');
    expect(await fleet.report()).toMatchObject({
      result: 'refused',
      problem: { code: 'accept/lower-sequence' },
      active: { seq: 5 },
    });
    await fleet.promote({ files: { '/etc/passwd': 'two\n' }, promotion: { seq: 6 } });
    expect((await fleet.command('apply')).stderr).toContain('[accept/path-outside]');
    expect(snapshot(join(fleet.root, 'etc'))).toEqual(before);
  });

  test('at expiry the host keeps what it has and says so; a renewal is noted without an apply', async () => {
    const fleet = await sampleFleet();
    const files = { [CORE]: 'one\n' };
    const start = Math.floor(Date.now() / 1000);
    const applyAt = async (seconds: number) => {
      const { exit, stdout } = await fleet.command('apply', { json: true, now: () => seconds * 1000 });
      return { exit, report: JSON.parse(stdout) };
    };
    await fleet.promote({ files, signedAt: start, promotion: { expires: start + 100 } });
    expect((await applyAt(start + 99)).exit).toBe(0);
    expect(await applyAt(start + 100)).toMatchObject({
      exit: 1,
      report: { result: 'unchanged', problem: { code: 'accept/expired' }, active: { generation: 1 } },
    });

    await fleet.promote({ files, signedAt: start + 200, promotion: { expires: start + 5000 } });
    const expires = new Date((start + 5000) * 1000).toISOString().replace('.000Z', 'Z');
    expect(await applyAt(start + 200)).toMatchObject({
      exit: 0,
      report: { result: 'unchanged', problem: null, active: { generation: 1, expires } },
    });
    expect(await fleet.report()).toMatchObject({ active: { expires } });

    const late = { seq: 2, expires: start + 150 };
    await fleet.promote({ files: { [CORE]: 'late\n' }, signedAt: start, promotion: late });
    // The clock was set back; what was signed last says what time it is at least.
    expect(await applyAt(start + 10)).toMatchObject({
      exit: 1,
      report: { result: 'refused', problem: { code: 'accept/expired' } },
    });
    expect(readFileSync(join(fleet.root, CORE), 'utf8')).toBe('one\n');
  });

  test('a file edited by hand is left and reported, until a promotion changes it: then a copy is kept', async () => {
    const fleet = await sampleFleet();
    await fleet.promote({ files: { [CORE]: 'one\n', [HDFS]: 'two\n' } });
    await fleet.command('apply');
    appendFileSync(join(fleet.root, CORE), 'by hand\n');
    chmodSync(join(fleet.root, HDFS), 0o600);
    const drifted = await fleet.command('apply', { json: true });
    expect(JSON.parse(drifted.stdout)).toMatchObject({ result: 'unchanged', drift: [CORE, HDFS] });
    expect(await fleet.report()).toMatchObject({ drift: [CORE, HDFS] });

    await fleet.promote({ files: { [CORE]: 'one\n', [HDFS]: 'three\n' }, promotion: { seq: 2 } });
    expect(JSON.parse((await fleet.command('apply', { json: true })).stdout)).toMatchObject({
      result: 'applied',
      written: [HDFS],
      drift: [CORE],
    });
    await fleet.promote({ files: { [CORE]: 'four\n', [HDFS]: 'three\n' }, promotion: { seq: 3 } });
    const planned = await fleet.command('plan');
    expect(planned.stdout).toBe(
      `write    ${CORE} (0644 root:root, 5 bytes, what is there is saved)\n1 step\n`,
    );
    expect(JSON.parse((await fleet.command('apply', { json: true })).stdout)).toMatchObject({ drift: [] });
    expect(readFileSync(join(fleet.root, CORE), 'utf8')).toBe('four\n');
    expect(readFileSync(join(fleet.root, `${CORE}.khp-saved-3`), 'utf8')).toBe('one\nby hand\n');
  });

  test('drift: restore puts an edited file back at once and keeps the copy', async () => {
    const fleet = await sampleFleet('drift: restore\n');
    await fleet.promote({ files: { [CORE]: 'one\n' } });
    await fleet.command('apply');
    for (const copy of [`${CORE}.khp-saved-1`, `${CORE}.khp-saved-1.2`]) {
      writeFileSync(join(fleet.root, CORE), `by hand ${copy}\n`);
      expect(JSON.parse((await fleet.command('apply', { json: true })).stdout)).toMatchObject({
        written: [CORE],
        drift: [],
      });
      expect(readFileSync(join(fleet.root, CORE), 'utf8')).toBe('one\n');
      expect(readFileSync(join(fleet.root, copy), 'utf8')).toBe(`by hand ${copy}\n`);
    }
  });

  test('follows no symbolic link below the root', async () => {
    const fleet = await sampleFleet();
    mkdirSync(join(fleet.root, 'elsewhere'));
    mkdirSync(join(fleet.root, 'etc/hadoop'));
    symlinkSync(join(fleet.root, 'elsewhere'), join(fleet.root, 'etc/hadoop/conf'));
    await fleet.promote({ files: { [CORE]: 'one\n' } });
    const blocked = await fleet.command('apply');
    expect(blocked.exit).toBe(1);
    expect(await fleet.report()).toMatchObject({
      result: 'failed',
      problem: { code: 'apply/obstacle' },
      active: null,
    });
    expect(readdirSync(join(fleet.root, 'elsewhere'))).toEqual([]);
  });

  test('makes directories with mode and recorded owner, and none that should be a mount point', async () => {
    const fleet = await sampleFleet();
    const directory = { mode: '0700', owner: 'hdfs', group: 'hadoop', mountpoint: false };
    const file = sampleFile('/data/1/dfs/VERSION', 'x', { mode: '0440', owner: 'hdfs', group: 'hadoop' });
    const manifest = sampleManifest([file], {
      directories: [
        { ...directory, path: '/data/1/dfs' },
        { ...directory, path: '/data/2', mountpoint: true },
      ],
    });
    await fleet.promote({ files: { [file.path]: 'x' }, manifest });
    const applied = await fleet.command('apply');
    expect(applied.stderr).toBe('');
    expect(applied.stdout).toContain('\n  no disk is mounted at /data/2, so it is not made\n');
    expect(await fleet.report()).toMatchObject({ result: 'applied', unmounted: ['/data/2'] });
    expect((await fleet.command('status')).stdout).toContain('\nno disk     /data/2 is no mount point');
    expect(lstatSync(join(fleet.root, 'data/1/dfs')).mode & 0o7777).toBe(0o700);
    expect(lstatSync(join(fleet.root, 'data/1')).mode & 0o7777).toBe(0o755);
    expect(existsSync(join(fleet.root, 'data/2'))).toBe(false);
    const ledger = JSON.parse(readFileSync(join(fleet.root, 'var/lib/khp/ownership.json'), 'utf8'));
    expect(ledger[file.path]).toEqual({ owner: 'hdfs', group: 'hadoop' });
    const planned = await fleet.command('plan');
    expect(planned.stdout).toBe(
      'leave    /data/2: it is no mount point, so it is not created\nnothing to do\n',
    );
  });

  test('without a promotion or without the repository it says so', async () => {
    const fleet = await sampleFleet();
    const none = await fleet.command('apply', { json: true });
    expect(none.exit).toBe(0);
    expect(JSON.parse(none.stdout)).toMatchObject({ result: 'unchanged', active: null, problem: null });
    expect((await fleet.command('plan')).stdout).toBe('nothing is promoted to this host\n');
    renameSync(fleet.config.gitDir, `${fleet.config.gitDir}.away`);
    const failed = await fleet.command('apply', { json: true });
    expect(failed.exit).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({ result: 'failed', problem: { code: 'fetch/failed' } });
  });

  test('plan and status leave no trace', async () => {
    const fleet = await sampleFleet();
    await fleet.promote({ files: { [CORE]: 'one\n' } });
    const before = snapshot(fleet.root);
    expect((await fleet.command('plan')).stdout).toBe(`create   ${CORE} (0644 root:root, 4 bytes)\n1 step\n`);
    expect((await fleet.command('status')).stdout).toContain('active      nothing yet\n');
    expect(snapshot(fleet.root)).toEqual(before);
  });

  test('damaged state is told, and nothing is applied over it', async () => {
    const fleet = await sampleFleet();
    await fleet.promote({ files: { [CORE]: 'one\n' } });
    await fleet.command('apply');
    writeFileSync(join(fleet.root, 'var/lib/khp/watermark.json'), '{}');
    await fleet.promote({ files: { [CORE]: 'two\n' }, promotion: { seq: 2 } });
    const damaged = await fleet.command('apply');
    expect(damaged.exit).toBe(1);
    expect(await fleet.report()).toMatchObject({ result: 'failed', problem: { code: 'state/damaged' } });
    expect(readFileSync(join(fleet.root, CORE), 'utf8')).toBe('one\n');
  });

  test('tells every problem of its settings, and what is wrong usage', async () => {
    const fleet = await sampleFleet('users: [root]\nintervall: 5\n');
    writeFileSync(join(fleet.root, 'etc/khp/runner.yml'), 'users: [root]\nintervall: 5\npaths: [etc]\n');
    writeFileSync(join(fleet.root, 'etc/khp/allowed_signers'), 'operator ssh-rsa AAAA\n');
    const settings = await fleet.runner(['apply']);
    expect(settings.exit).toBe(1);
    expect(settings.stderr.split('\n').sort().slice(1)).toEqual([
      'khp-runner: allowed_signers, line 1: keys of type ssh-rsa are not supported, only ssh-ed25519',
      'khp-runner: runner.yml: paths.0: not an absolute path in its shortest form',
      'khp-runner: runner.yml: the key "intervall" is unknown; known are repository, reports, host, interval, paths, users, services, mirrors, proxy, no_proxy, setuid, drift, identities, vault_password_files, metrics, min_seq',
      'khp-runner: runner.yml: the key "repository" is missing',
      'khp-runner: runner.yml: users.0: no service may run as root',
    ]);
    for (const args of [['aply'], ['apply', '--nonsense'], ['apply', '--host', 'A_B'], []]) {
      expect((await fleet.runner(args)).exit, args.join(' ')).toBe(2);
    }
  });

  test('of many runs at once one works at a time, and none is broken by another', async () => {
    const fleet = await sampleFleet();
    await fleet.promote({ files: { [CORE]: 'one\n' } });
    const runs = await Promise.all(Array.from({ length: 8 }, () => fleet.runner(['apply'])));
    const entered = runs.filter(({ exit }) => exit === 0);
    const busy = runs.filter(
      ({ stderr }) => stderr === 'khp-runner: another run is under way on this host\n',
    );
    expect(entered.length).toBeGreaterThan(0);
    expect(entered.length + busy.length).toBe(8);
    expect(entered.filter(({ stdout }) => stdout.includes('applied'))).toHaveLength(1);
  });
});
