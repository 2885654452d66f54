import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { InitAct } from '../../../compiler/contract/manifest.ts';
import { layoutOf } from '../config/layout.ts';
import { readSettings } from '../config/read-config.ts';
import { machineAccounts } from '../observe/accounts.ts';
import { hostOf } from '../run/run-once.ts';
import { sampleManifest } from '../sample-bundle.ts';
import { RUNNER_SOURCE, sampleFleet } from '../sample-fleet.ts';
import { runningService } from '../services/running-service.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { initCommand, init as initOn } from './init.ts';

const DIRECTORIES = ['/data/1', '/data/2'];
const FORMATTED = ['current/VERSION', 'current/fsimage_*'];

/** A host whose namenode has a command that formats as a namenode does. */
async function host(options: { more?: InitAct[]; mountpoint?: boolean; command?: string } = {}) {
  const fleet = await sampleFleet();
  const { root } = fleet;
  const script = join(root, 'format.sh');
  const lines = DIRECTORIES.map((path) => {
    const current = join(root, path, 'current');
    return `mkdir ${current}; echo "clusterID=CID-1" > ${current}/VERSION; echo > ${current}/fsimage_0`;
  });
  writeFileSync(script, `echo formatting; echo x >> ${root}/calls; ${lines.join('; ')}\n`);
  const format = {
    act: 'format',
    command: options.command ?? `/bin/sh ${script}`,
    fills: DIRECTORIES,
    needs: [],
    formatted: FORMATTED,
  };
  const service = runningService({ role: 'namenode', init: [format, ...(options.more ?? [])] });
  const attributes = { mode: '0700', owner: 'hdfs', group: 'hdfs', mountpoint: options.mountpoint ?? false };
  const directories = DIRECTORIES.map((path) => ({ path, ...attributes }));
  const services = [service, runningService()];
  await fleet.promote({ files: {}, manifest: sampleManifest([], { services, directories }) });
  await fleet.command('apply');
  const init = async (role: string, act?: string, json = false) => {
    const { exit, text, problems } = await initCommand(
      { root, host: undefined, json, now: Date.now },
      { role, act },
    );
    return { exit, stdout: text, stderr: problems.map((problem) => `khp-runner: ${problem}\n`).join('') };
  };
  const calls = () =>
    existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').length / 2 : 0;
  return { fleet, root, init, calls };
}

test('formats what is empty, once, and says so the next time', async () => {
  const { fleet, init, calls, root } = await host();
  mkdirSync(join(root, '/data/1/lost+found'));
  const done = await fleet.runner(['init', 'namenode']);
  expect(done).toMatchObject({ exit: 0, stderr: expect.stringContaining('formatting\n') });
  expect(done.stdout).toBe(
    'namenode format: done\n  /data/1: formatted clusterID=CID-1\n  /data/2: formatted clusterID=CID-1\n',
  );
  const again = await init('namenode', 'format', true);
  expect(JSON.parse(again.stdout)).toMatchObject({ result: 'done before', act: 'format' });
  expect(again).toMatchObject({ exit: 0, stderr: '' });
  expect(calls()).toBe(1);
});

test('refuses a place that is half formatted, formatted in part, missing, or a link', async () => {
  const { init, calls, root } = await host();
  const first = join(root, '/data/1');
  mkdirSync(join(first, 'current'));
  writeFileSync(join(first, 'current/VERSION'), 'clusterID=CID-0\n');
  expect(await init('namenode')).toMatchObject({
    exit: 1,
    stderr:
      'khp-runner: /data/1 holds something, but not current/fsimage_*; look at it, and empty it by hand\n',
  });
  writeFileSync(join(first, 'current/fsimage_7'), '');
  expect((await init('namenode')).stderr).toContain('/data/1 formatted, /data/2 empty');
  rmSync(first, { recursive: true });
  expect((await init('namenode')).stderr).toContain('/data/1 is missing');
  symlinkSync('2', first);
  expect(await init('namenode')).toMatchObject({ exit: 1 });
  expect(calls()).toBe(0);
});

test('refuses a place that is not mounted', async () => {
  const { init, calls, root } = await host({ mountpoint: true });
  for (const path of DIRECTORIES) mkdirSync(join(root, path), { recursive: true });
  expect(await init('namenode')).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('/data/1 is no mount point'),
  });
  expect(calls()).toBe(0);
});

test('asks which act, knows no other role, and needs what an act needs', async () => {
  const adopt = { act: 'adopt', command: '/bin/true', fills: [], needs: DIRECTORIES, formatted: FORMATTED };
  const { init, calls } = await host({ more: [adopt] });
  expect((await init('namenode')).stderr).toContain('say which act of namenode: format, adopt');
  expect((await init('namenode', 'fromat')).stderr).toContain('no act fromat, only format, adopt');
  expect((await init('datanode')).stderr).toContain(
    'datanode has nothing that is to be initialised; it has namenode',
  );
  expect((await init('journalnode')).stderr).toContain('no role journalnode');
  expect((await init('namenode', 'adopt')).stderr).toContain(
    '/data/1 is empty, and must be formatted before',
  );
  expect(await init('namenode', 'format')).toMatchObject({ exit: 0 });
  expect(await init('namenode', 'adopt')).toMatchObject({ exit: 0 });
  expect(calls()).toBe(1);
});

test('tells a command that failed, and one that did nothing', async () => {
  const failing = await host({ command: `/bin/sh -c 'echo no quorum >&2; exit 4'` });
  expect(await failing.init('namenode')).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('exit code 4'),
  });
  const idle = await host({ command: '/bin/true' });
  expect((await idle.init('namenode')).stderr).toContain('but /data/1, /data/2 is not formatted');
});

const HAS_SCRIPT = spawnSync('script', ['--version']).status === 0;

test.skipIf(!HAS_SCRIPT)('a command has no part in the terminal of whoever calls it', async () => {
  const folder = temporaryFolder();
  const seen = join(folder, 'seen');
  const probe = join(folder, 'probe.sh');
  writeFileSync(
    probe,
    `for fd in 0 1 2; do test -t $fd && echo "$fd is a terminal"; done > ${seen}
( : < /dev/tty ) 2> /dev/null && echo "it has a terminal" >> ${seen}
echo "session $(cut -d' ' -f6 /proc/self/stat)" >> ${seen}
printf 'told \\033[31mred\\007\\n'; exit 3
`,
  );
  const { root } = await host({ command: `/bin/sh ${probe}` });
  const line = [process.execPath, RUNNER_SOURCE, 'init', 'namenode', '--root', root].join(' ');
  const { stdout } = spawnSync('script', ['-qec', `cut -d' ' -f6 /proc/self/stat; ${line}`, '/dev/null'], {
    encoding: 'utf8',
  });
  expect(stdout).toContain('told ?[31mred?');
  const outer = /^(\d+)/.exec(stdout)![1];
  const said = readFileSync(seen, 'utf8');
  expect(said).toMatch(/^session \d+\n$/);
  expect(said).not.toBe(`session ${outer}\n`);
});

test('a command hears what is said to init, and ends with it', async () => {
  const { root } = await host({ command: `/bin/sh -c 'read answer; echo "it was $answer"; exit 3'` });
  const start = () => spawn(process.execPath, [RUNNER_SOURCE, 'init', 'namenode', '--root', root]);
  const answered = start();
  answered.stdin.write('yes\n');
  const [told] = await Promise.all([text(answered.stderr), once(answered, 'exit')]);
  expect(told).toContain('it was yes\n');
  expect(told).toContain('exit code 3: it was yes');
  const interrupted = start();
  await once(interrupted.stderr, 'data');
  await new Promise((done) => setTimeout(done, 500));
  interrupted.kill('SIGINT');
  const [output, [exit]] = await Promise.all([text(interrupted.stderr), once(interrupted, 'exit')]);
  expect(output).toContain('ended by SIGINT');
  expect(exit).toBe(1);
});

test('does nothing on a host where nothing was applied', async () => {
  const fleet = await sampleFleet();
  expect((await fleet.runner(['init', 'namenode'])).stderr).toContain('nothing has been applied');
});

test('runs nothing as root on a host that does not say who runs its services', async () => {
  const { root, calls } = await host();
  const settings = readSettings(layoutOf(root), undefined);
  if (!settings.ok) throw new Error(settings.problems.join());
  const sandbox = hostOf(layoutOf(root), settings.settings);
  const real = { ...sandbox.engine, ownership: { kind: 'set', accounts: machineAccounts() } as const };
  const request = { role: 'namenode', act: undefined };
  const refused = await initOn({ ...sandbox, engine: real }, { json: false }, request);
  expect(refused).toMatchObject({ exit: 1, problems: [expect.stringContaining('services is missing')] });
  expect(calls()).toBe(0);
  expect(await initOn(sandbox, { json: false }, request)).toMatchObject({ exit: 0 });
});
