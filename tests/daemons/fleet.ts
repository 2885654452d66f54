import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { reportRef } from '../../compiler/contract/names.ts';
import { REPORT_PATH, Report } from '../../compiler/contract/report.ts';
import { generateKey, publicKeyLine } from '../../compiler/git/ssh-key.ts';
import { git, khp, ROOT, type Run } from '../temporary-workspace.ts';
import { type Lab, startLab } from './lab.ts';
import { DISKS, HOSTS, writeWorkspace } from './workspace.ts';

const SIGNER = 'ops@khp.invalid';
const RUNNER = '/usr/local/bin/khp-runner';

/** The hosts, and what an operator does with them. */
export interface Fleet {
  readonly lab: Lab;
  /** Runs `khp` in the workspace; fails where it does not end with 0. */
  khp(...args: string[]): Promise<string>;
  /** Runs `khp-runner` on a host; fails where it does not end with 0. */
  runner(host: string, ...args: string[]): Promise<string>;
  /** The last report of every host, in the order of HOSTS. */
  reports(): Promise<Report[]>;
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
  return {
    lab,
    khp: (...args) => succeed(tryKhp(...args)),
    runner: (host, ...args) => succeed(lab.on(host, [RUNNER, ...args])),
    reports: () => Promise.all(HOSTS.map(report)),
  };
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
  write(RUNNER, `#!/bin/sh\nexec ${process.execPath} ${join(source, 'khp-runner.ts')} "$@"\n`);
  const program = readFileSync(join(source, 'daemon/khp-runner.conf'), 'utf8');
  write('/etc/supervisor/conf.d/khp-runner.conf', program);
}
