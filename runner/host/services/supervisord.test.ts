import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { nodeDisk } from '../apply/disk.ts';
import { runningService } from './running-service.ts';
import { serviceAccount } from './service-account.ts';
import { definitionDigest } from './service-definition.ts';
import type { Activity, SeenService, ServiceManager } from './service-manager.ts';
import { supervisord } from './supervisord.ts';
import { callSupervisord } from './supervisord-rpc.ts';
import { HAS_SUPERVISORD, SUPERVISORD_PATHS, temporarySupervisord } from './temporary-supervisord.ts';

/** A supervisord of its own, which ends with the test: they wait more than they work, so they run beside each other. */
async function managed(
  { onTestFinished }: TestContext,
  accountOf: Parameters<typeof supervisord>[0]['accountOf'] = () => undefined,
) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'khp-runner-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const supervisor = await temporarySupervisord(root, onTestFinished);
  const manager = supervisord({ rooted: { disk: nodeDisk, root }, ...SUPERVISORD_PATHS, accountOf });
  return { root, supervisor, manager };
}

async function until(manager: ServiceManager, role: string, activity: Activity): Promise<SeenService> {
  for (let tries = 0; ; tries += 1) {
    const seen = (await manager.look()).get(role);
    if (seen?.activity === activity) return seen;
    if (tries > 300) throw new Error(`${role} is ${JSON.stringify(seen)}, not ${activity}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

describe.skipIf(!HAS_SUPERVISORD).concurrent('supervisord', () => {
  test('starts, stops and forgets a service, and restarts nothing by itself', async (context) => {
    const { root, manager } = await managed(context);
    expect(await manager.look()).toEqual(new Map());
    const [first, second] = [runningService(), runningService({ role: 'namenode' })];
    await manager.start(first);
    const before = await until(manager, 'datanode', 'running');
    expect(before).toMatchObject({ component: 'hadoop', role: 'datanode' });
    expect(before.process).toMatchObject({ definition: definitionDigest(first) });
    const stat = readFileSync(`/proc/${before.process!.pid}/stat`, 'utf8');
    expect(stat.split(' ')[21]).toBe(String(before.process!.start.ticks));

    // Another program is taken up while this one's file differs from what runs.
    const file = join(root, SUPERVISORD_PATHS.programs, 'khp-datanode.conf');
    writeFileSync(file, readFileSync(file, 'utf8').replace('sleep 1000', 'sleep 2000'));
    await manager.start(second);
    await until(manager, 'namenode', 'running');
    expect((await manager.look()).get('datanode')).toMatchObject({ process: before.process });

    await manager.stop('datanode');
    expect(await until(manager, 'datanode', 'stopped')).toMatchObject({ process: undefined });
    await manager.stop('datanode');
    const changed = runningService({ command: '/bin/sleep 3000' });
    await manager.start(changed);
    const after = await until(manager, 'datanode', 'running');
    expect(after.process!.definition).toBe(definitionDigest(changed));
    expect(readFileSync(`/proc/${after.process!.pid}/cmdline`, 'utf8')).toBe('/bin/sleep\x003000\0');

    await manager.stop('datanode');
    await until(manager, 'datanode', 'stopped');
    await manager.start(changed);
    await until(manager, 'datanode', 'running');
    await manager.stop('datanode');
    await until(manager, 'datanode', 'stopped');
    await manager.remove('datanode');
    expect([...(await manager.look()).keys()]).toEqual(['namenode']);
    expect(existsSync(file)).toBe(false);
  });

  test('starts what it knows after a reboot, and what was killed', async (context) => {
    const { manager, supervisor } = await managed(context);
    await manager.start(runningService());
    const first = await until(manager, 'datanode', 'running');
    process.kill(first.process!.pid, 'SIGKILL');
    await until(manager, 'datanode', 'starting');
    const second = await until(manager, 'datanode', 'running');
    expect(second.process!.pid).not.toBe(first.process!.pid);
    await supervisor.reboot();
    await until(manager, 'datanode', 'running');
    await manager.stop('datanode');
    await until(manager, 'datanode', 'stopped');
    await supervisor.end();
    await expect(manager.look()).rejects.toMatchObject({ code: 'services/manager-unreachable' });
  });

  test('gives a service every argument, variable and limit as they are', async (context) => {
    const { root, manager } = await managed(context);
    const out = join(root, 'out');
    const hostile = [
      `a b`,
      `it's`,
      `say "x"`,
      `# no comment`,
      ` ; neither`,
      `50% %(x)s %%`,
      `\\n $HOME \`id\``,
      'é',
      '',
    ];
    const words = hostile.map((word) => `'${word.replace(/'/g, `'"'"'`)}'`).join(' ');
    const script = `ulimit -n > ${out}.limit; printf '%s\\0' "$@" > ${out}; cat /proc/self/environ > ${out}.env; exec sleep 1000`;
    const environment = Object.fromEntries(hostile.map((value, index) => [`V${index}`, value]));
    const limits = { nofile: 123, core: 0 };
    const command = `/bin/sh -c "${script.replace(/["\\]/g, '\\$&')}" sh ${words}`;
    await manager.start(runningService({ command, environment, limits }));
    await until(manager, 'datanode', 'running');
    expect(readFileSync(out, 'utf8').split('\0')).toEqual([...hostile, '']);
    const variables = readFileSync(`${out}.env`, 'utf8').split('\0');
    for (const [name, value] of Object.entries(environment)) expect(variables).toContain(`${name}=${value}`);
    expect(readFileSync(`${out}.limit`, 'utf8')).toBe('123\n');
  });

  test.runIf(process.getuid?.() === 0)(
    'runs a service as its user, with its groups and home',
    async (context) => {
      const { root, manager } = await managed(context, serviceAccount);
      const log = join(root, SUPERVISORD_PATHS.logs, 'khp-datanode.log');
      const command = `/bin/sh -c 'id; echo $HOME $USER; exec sleep 1000'`;
      const limits = { nofile: 1_000 };
      await manager.start(runningService({ user: 'daemon', command, limits }));
      const { process: seen } = await until(manager, 'datanode', 'running');
      expect(readFileSync(log, 'utf8')).toMatch(
        /^uid=1\(daemon\) gid=1\(daemon\) groups=1\(daemon\)\n\S+ daemon\n/,
      );
      expect(seen!.definition).toBeDefined();
      await expect(manager.start(runningService({ role: 'x', user: 'no-such-user' }))).rejects.toMatchObject({
        code: 'services/unknown-user',
      });
      await expect(manager.start(runningService({ role: 'x', user: 'root' }))).rejects.toThrow(
        'number of root',
      );
    },
  );

  test('stops by the signal, the whole group, and by KILL when the time is over', async (context) => {
    const { root, manager } = await managed(context);
    const out = join(root, 'out');
    // A shell that does not exec, and a child that hears nothing.
    const polite = `/bin/sh -c 'trap "echo stopped > ${out}; exit 0" INT; sleep 1000 & wait'`;
    const deaf = `/bin/sh -c 'trap "" TERM; while :; do sleep 1; done'`;
    const services: ServiceEntry[] = [
      runningService({ role: 'polite', command: polite, stop: { signal: 'INT', timeout: 20 } }),
      runningService({ role: 'deaf', command: deaf, stop: { signal: 'TERM', timeout: 1 } }),
    ];
    for (const service of services) await manager.start(service);
    for (const { role } of services) await until(manager, role, 'running');
    for (const { role } of services) await manager.stop(role);
    await until(manager, 'polite', 'stopped');
    expect(readFileSync(out, 'utf8')).toBe('stopped\n');
    await until(manager, 'deaf', 'stopped');
  });

  test('touches no program of anybody else, whatever its name', async (context) => {
    const { root, manager } = await managed(context);
    const foreign = join(root, SUPERVISORD_PATHS.programs, 'khp-runner.conf');
    const text = '[program:khp-runner]\ncommand=/bin/sleep 1000\n';
    writeFileSync(foreign, text);
    await expect(manager.start(runningService({ role: 'runner' }))).rejects.toMatchObject({
      code: 'services/not-ours',
    });
    // Taken up by supervisord with the next program.
    await manager.start(runningService());
    await callSupervisord({ path: join(root, SUPERVISORD_PATHS.socket) }, 'addProcessGroup', ['khp-runner']);
    await until(manager, 'datanode', 'running');
    rmSync(foreign);
    await expect(manager.start(runningService({ role: 'runner' }))).rejects.toMatchObject({
      code: 'services/not-ours',
    });
    expect([...(await manager.look()).keys()]).toEqual(['datanode']);
    expect(existsSync(foreign)).toBe(false);
  });

  test('logs in where the socket asks for it, and says so where it cannot', async ({ onTestFinished }) => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'khp-runner-')));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    // As supervisord has it that keeps no password itself: {SHA} of it.
    const password = 'a:b "c" ä';
    const digest = createHash('sha1').update(password).digest('hex');
    await temporarySupervisord(root, onTestFinished, `username=khp\npassword={SHA}${digest}\n`);
    const managerOf = (login?: { username: string; password: string }) =>
      supervisord({
        rooted: { disk: nodeDisk, root },
        ...SUPERVISORD_PATHS,
        accountOf: () => undefined,
        login,
      });
    expect(await managerOf({ username: 'khp', password }).look()).toEqual(new Map());
    const refused = (message: string) => ({
      code: 'services/manager-unreachable',
      message: expect.stringContaining(message),
    });
    await expect(managerOf().look()).rejects.toMatchObject(refused('to be put into runner.yml'));
    const wrong = managerOf({ username: 'khp', password: 'x' }).look();
    await expect(wrong).rejects.toMatchObject(refused('other than those in runner.yml'));
  });

  test('says why a service does not run, and whose fault it is', async (context) => {
    const { root, manager } = await managed(context);
    await manager.start(runningService({ command: '/no/such/program' }));
    const failed = await until(manager, 'datanode', 'failed');
    expect(failed.detail).toContain('Exited too quickly');
    writeFileSync(join(root, SUPERVISORD_PATHS.programs, 'other.conf'), '[program:other]\nautostart=maybe\n');
    await expect(manager.start(runningService({ role: 'x' }))).rejects.toMatchObject({
      code: 'services/supervisord',
      message: expect.stringContaining('maybe'),
    });
  });
});
