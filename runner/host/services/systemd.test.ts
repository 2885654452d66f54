import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeDisk } from '../apply/disk.ts';
import { JOURNAL_PATH } from '../config/layout.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { lookAtProcess } from './processes.ts';
import { runningService } from './running-service.ts';
import { definitionDigest } from './service-definition.ts';
import { waitAtGate } from './start-gate.ts';
import { type SystemctlResult, systemd } from './systemd.ts';
import { systemdUnit } from './systemd-unit.ts';

const UNITS = '/etc/systemd/system';

/** Answers as systemctl does where systemd runs, which it does not on every machine that tests run on. */
function fakeSystemd() {
  const root = temporaryFolder();
  const calls: string[] = [];
  const active = new Map<string, { state: string; pid: number }>();
  const done = (stdout = ''): SystemctlResult => ({ exit: 0, stdout, stderr: '' });
  const show = (unit: string): string => {
    const { state, pid } = active.get(unit) ?? { state: 'inactive', pid: 0 };
    return `MainPID=${pid}\nResult=success\nId=${unit}\nActiveState=${state}\nSubState=x\n`;
  };
  const systemctl = async ([, ...args]: readonly string[]): Promise<SystemctlResult> => {
    calls.push(args.join(' '));
    if (args[0] === 'show') return done(args.slice(2).map(show).join('\n'));
    const unit = args.at(-1)!;
    if (args[0] === 'start' && !readdirSync(join(root, UNITS)).includes(unit)) {
      return { exit: 5, stdout: '', stderr: `Failed to start ${unit}: Unit ${unit} not found.\n` };
    }
    if (args[0] === 'start') active.set(unit, { state: 'active', pid: process.pid });
    if (args[0] === 'stop') active.delete(unit);
    return done();
  };
  const manager = systemd({
    rooted: { disk: nodeDisk, root },
    units: UNITS,
    accountOf: () => undefined,
    systemctl,
    isIn: (pid, unit) => pid === process.pid && unit === 'khp-datanode.service',
  });
  return { root, calls, active, manager };
}

describe('systemd', () => {
  test('reads units again and enables one before it starts it, and asks for nothing else', async () => {
    const { root, calls, manager, active } = fakeSystemd();
    expect(await manager.look()).toEqual(new Map());
    await manager.start(runningService());
    const unit = 'khp-datanode.service';
    const start = ['daemon-reload', `enable ${unit}`, `reset-failed ${unit}`, `start --no-block ${unit}`];
    expect(calls.splice(0)).toEqual(start);
    const start0 = lookAtProcess(process.pid)!.start;
    expect((await manager.look()).get('datanode')).toMatchObject({
      activity: 'running',
      component: 'hadoop',
      process: { pid: process.pid, start: start0, definition: undefined },
    });
    active.set(unit, { state: 'failed', pid: 0 });
    expect((await manager.look()).get('datanode')).toMatchObject({ activity: 'failed', process: undefined });
    calls.splice(0);
    await manager.stop('datanode');
    expect(calls.splice(0)).toEqual([`stop --no-block ${unit}`]);
    expect((await manager.look()).get('datanode')!.activity).toBe('stopped');
    calls.splice(0);
    await manager.remove('datanode');
    expect(calls.splice(0)).toEqual([`disable ${unit}`, 'daemon-reload']);
    expect(readdirSync(join(root, UNITS))).toEqual([]);
  });

  test('a process that is not in the control group of the unit is not its own', async () => {
    const { manager, active } = fakeSystemd();
    await manager.start(runningService({ role: 'namenode' }));
    active.set('khp-namenode.service', { state: 'active', pid: process.pid });
    expect((await manager.look()).get('namenode')).toMatchObject({ activity: 'running', process: undefined });
  });

  test('a unit of another hand is none of ours, and a failure is told', async () => {
    const { root, manager } = fakeSystemd();
    mkdirSync(join(root, UNITS), { recursive: true });
    writeFileSync(join(root, UNITS, 'khp-datanode.service'), '[Service]\nExecStart=/bin/true\n');
    expect(await manager.look()).toEqual(new Map());
    await expect(manager.start(runningService())).rejects.toMatchObject({ code: 'services/not-ours' });
    const broken = systemd({
      rooted: { disk: nodeDisk, root },
      units: UNITS,
      accountOf: () => undefined,
      systemctl: async () => ({ exit: 1, stdout: '', stderr: 'Access denied\n' }),
    });
    await expect(broken.stop('datanode')).rejects.toMatchObject({
      code: 'services/systemd',
      message: 'systemctl stop --no-block khp-datanode.service: Access denied',
    });
  });

  const service = runningService({
    command: `/opt/x/bin/run "a b" 'it''s' 50% $HOME # ; "\\\\"`,
    environment: { OPTS: '-Da="b c" %h $PATH' },
    limits: { nofile: 131_072, core: 0 },
    stop: { signal: 'INT', timeout: 600 },
    after: ['namenode'],
  });

  // What the gate's shell gets: its own dollars and quotes.
  const SCRIPT = `"${waitAtGate('')[2]!.replace(/"/g, '\\"').replace(/\$/g, '$$$$')}"`;

  test('a unit says what the service is', () => {
    const unit = systemdUnit(service, {
      account: { uid: 5, gid: 6, home: '/var/lib/hdfs' },
      journal: JOURNAL_PATH,
    });
    expect(unit).toBe(`# Written by khp-runner, which writes it again: change the component instead.
# khp {"component":"hadoop","role":"datanode"}
[Unit]
Description=datanode of hadoop
Wants=network-online.target
RequiresMountsFor=/var/lib/khp
After=network-online.target khp-namenode.service

[Service]
Type=exec
User=hdfs
Environment=HOME=/var/lib/hdfs
Environment=KHP_DEFINITION=${definitionDigest(service)}
Environment=LOGNAME=hdfs
Environment="OPTS=-Da=\\"b c\\" %%h $PATH"
Environment=USER=hdfs
LimitCORE=0
LimitNOFILE=131072
ExecStartPre=+/bin/sh -c ${SCRIPT} /var/lib/khp/journal.json
ExecStart=/opt/x/bin/run "a b" its "50%%" "$$HOME" "#" ";" "\\\\"
ExecStop=/bin/kill -s INT -- -$MAINPID
KillMode=process
KillSignal=SIGINT
TimeoutStopSec=600
Restart=on-failure
RestartSec=5
SuccessExitStatus=130 143

[Install]
WantedBy=multi-user.target
`);
  });

  test('a prefix of a command is none to systemd, where it could ask for the rights of root', () => {
    const plain = { account: undefined, journal: JOURNAL_PATH };
    for (const prefix of ['+', '!', '!!', '-', '@', ':', '|', '']) {
      const unit = systemdUnit(runningService({ command: `'${prefix}bin/sh' -c id` }), plain);
      expect(unit).toMatch(/^ExecStart=\/usr\/bin\/env .* -c id$/m);
    }
    expect(systemdUnit(runningService(), plain)).toContain('\nExecStart=/bin/sleep 1000\n');
  });

  const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;
  test.runIf(hasAnalyze)('systemd finds no fault with a unit', () => {
    const file = join(temporaryFolder(), 'khp-datanode.service');
    const runnable = { ...service, command: service.command.replace('/opt/x/bin/run', '/bin/sleep') };
    const account = { uid: 1, gid: 1, home: '/' };
    writeFileSync(file, systemdUnit({ ...runnable, user: 'daemon' }, { account, journal: JOURNAL_PATH }));
    const verify = () => {
      const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
        encoding: 'utf8',
      });
      return (stdout + stderr).split('\n').filter((line) => line.includes('khp-datanode'));
    };
    expect(verify()).toEqual([]);
    writeFileSync(file, readFileSync(file, 'utf8').replace('LimitNOFILE=', 'LimitNOFILE=x'));
    expect(verify()).not.toEqual([]);
  });
});
