import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { hostRef, reportRef } from '../../compiler/contract/names.ts';
import { REPORT_PATH, Report } from '../../compiler/contract/report.ts';
import { generateKey, publicKeyLine } from '../../compiler/git/ssh-key.ts';
import { git, khp, ROOT, type Run } from '../temporary-workspace.ts';
import { type Lab, startLab } from './lab.ts';
import { CLUSTER, DISKS, HOSTS, SETTINGS, writeWorkspace } from './workspace.ts';

const SIGNER = 'ops@khp.invalid';
const RUNNER = '/usr/local/bin/khp-runner';
const UNTIL_APPLIED = { timeout: 120_000, interval: 500 };

/** The hosts, and what an operator does with them. */
export interface Fleet {
  readonly lab: Lab;
  /** Runs `khp` in the workspace; fails where it does not end with 0. */
  khp(...args: string[]): Promise<string>;
  /** The same, however it ends. */
  tryKhp(...args: string[]): Promise<Run>;
  /** Changes a line of the cluster's settings, promotes it, and waits until every host has applied it; gives their reports. */
  change(line: RegExp, to: string): Promise<Report[]>;
  /** Runs `khp-runner` on a host; fails where it does not end with 0. */
  runner(host: string, ...args: string[]): Promise<string>;
  /** The last report of every host, in the order of HOSTS. */
  reports(): Promise<Report[]>;
  /** Starts the runner's daemon on every host. */
  startRunners(): Promise<void>;
}

/** Makes the repositories, the workspace and the hosts; each host has what bootstrap gives it, and nothing else. */
export async function createFleet(area: string): Promise<Fleet> {
  const shared = join(area, 'shared');
  const [workspace, config, reports] = ['workspace', 'config.git', 'reports.git'].map((name) =>
    join(shared, name),
  ) as [string, string, string];
  mkdirSync(workspace, { recursive: true });
  const key = join(area, 'key');
  const signer = `${SIGNER} namespaces="git" ${publicKeyLine(await generateKey(key, SIGNER))}`;
  for (const repository of [config, reports])
    await succeed(git(area, 'init', '--quiet', '--bare', repository));
  writeWorkspace(workspace, { config, reports, signer });
  await succeed(git(workspace, 'init', '--quiet', '-b', 'main'));
  await succeed(git(workspace, 'add', '--all'));
  await succeed(git(workspace, 'commit', '--quiet', '-m', 'begin'));
  const lab = await startLab({
    folder: join(area, 'lab'),
    hosts: HOSTS,
    shares: [shared],
    disks: DISKS,
    users: ['hdfs', 'zookeeper'],
    groups: ['hadoop', 'hadoop-admins'],
  });
  for (const host of HOSTS) bootstrap(lab, { host, config, reports, signer });

  const tryKhp = (...args: string[]) =>
    khp(workspace, ...args, ...(args[0] === 'promote' ? ['--key', key] : []));
  const report = async (host: string): Promise<Report> =>
    Report.parse(
      JSON.parse(await succeed(git(reports, 'cat-file', 'blob', `${reportRef(host)}:${REPORT_PATH}`))),
    );
  const fleet: Fleet = {
    lab,
    tryKhp,
    khp: (...args) => succeed(tryKhp(...args)),
    change: async (line, to) => {
      const path = join(workspace, SETTINGS);
      const text = readFileSync(path, 'utf8');
      const changed = text.replace(line, to);
      if (changed === text) throw new Error(`${SETTINGS} has no line ${line}, or has this already`);
      writeFileSync(path, changed);
      await succeed(git(workspace, 'commit', '--quiet', '-a', '-m', `inventories: ${to}`));
      await fleet.khp('compile');
      await fleet.khp('promote', CLUSTER);
      await expect.poll(() => appliedSeqs(fleet), UNTIL_APPLIED).toEqual(await promotedSeqs(config));
      return fleet.reports();
    },
    runner: (host, ...args) => succeed(lab.on(host, [RUNNER, ...args])),
    reports: () => Promise.all(HOSTS.map(report)),
    startRunners: async () => {
      await Promise.all(HOSTS.map((host) => succeed(lab.on(host, ['supervisorctl', 'update']))));
    },
  };
  return fleet;
}

/** The sequence that each host has been promoted to. */
function promotedSeqs(config: string): Promise<number[]> {
  const seqOf = async (host: string) =>
    Number(await succeed(git(config, 'log', '-1', '--format=%(trailers:key=Seq,valueonly)', hostRef(host))));
  return Promise.all(HOSTS.map(seqOf));
}

async function appliedSeqs(fleet: Fleet): Promise<(number | undefined)[]> {
  return (await fleet.reports()).map(({ active }) => active?.seq);
}

/** What a program printed; fails where it does not end with 0. */
export async function succeed(action: Promise<Run>): Promise<string> {
  const { status, stdout, stderr } = await action;
  expect({ status, stderr: status === 0 ? '' : stderr + stdout }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

interface Bootstrap {
  readonly host: string;
  readonly config: string;
  readonly reports: string;
  readonly signer: string;
}

/** What a host has before its first bundle: the runner, khp's settings, and whom it trusts. */
function bootstrap(lab: Lab, { host, config, reports, signer }: Bootstrap): void {
  const settings = {
    repository: config,
    reports,
    interval: '1s',
    paths: ['/etc/hadoop', '/etc/zookeeper', '/opt', '/var/lib', '/var/log', '/data'],
    users: ['hdfs', 'zookeeper'],
    services: { manager: 'supervisord' },
  };
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(lab.path(host, path)), { recursive: true });
    writeFileSync(lab.path(host, path), text, { mode: path === RUNNER ? 0o755 : 0o644 });
  };
  const source = join(ROOT, 'runner/host');
  write('/etc/khp/runner.yml', JSON.stringify(settings));
  write('/etc/khp/allowed_signers', `${signer}\n`);
  // From source, and Node takes the types out by machine code, which the program file spares the built one.
  write(
    RUNNER,
    `#!/bin/sh\nunset NODE_OPTIONS\nexec ${process.execPath} ${join(source, 'khp-runner.ts')} "$@"\n`,
  );
  const program = readFileSync(join(source, 'daemon/khp-runner.conf'), 'utf8');
  write('/etc/supervisor/conf.d/khp-runner.conf', program);
}
