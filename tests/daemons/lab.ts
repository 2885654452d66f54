import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, type Run, run } from '../temporary-workspace.ts';

/** Programs that make the hosts, fetch the jars and run the daemons. */
const PROGRAMS = [
  'unshare',
  'nsenter',
  'setpriv',
  'prlimit',
  'ip',
  'supervisord',
  'java',
  'mvn',
  'tar',
  'gzip',
];

/** Makes what hosts are made of, in namespaces that end with it. */
const PROBE = `ip link add type bridge
mount --make-rprivate /
mount -t tmpfs probe /tmp
mkdir /tmp/upper /tmp/work /tmp/merged
mount -t overlay overlay -o lowerdir=/,upperdir=/tmp/upper,workdir=/tmp/work /tmp/merged`;

/** Why there can be no lab on this machine; undefined where there can be one. */
export function whyNoLab(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it takes root on Linux';
  const missing = PROGRAMS.filter((name) => spawnSync(name, ['--version']).error !== undefined);
  if (missing.length > 0) return `${missing.join(', ')} not installed`;
  const probe = ['--mount', '--net', '--pid', '--uts', '--fork', 'sh', '-ec', PROBE];
  const { status, stderr } = spawnSync('unshare', probe, { encoding: 'utf8' });
  return status === 0 ? undefined : `hosts can't be made: ${stderr.trim()}`;
}

export interface LabOptions {
  /** A folder of its own; hosts see it at this path. */
  readonly folder: string;
  readonly hosts: readonly string[];
  /** Folders that the hosts see at their own paths, besides the project. */
  readonly shares: readonly string[];
  /** Mount points of each host. */
  readonly disks: readonly string[];
  /** Users of each host, in the group of that name and in the first of `groups`. */
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** Hosts on this machine: see lab.sh and host.sh. */
export interface Lab {
  /** Runs a program on a host, as root or as another user. */
  on(host: string, command: readonly string[], options?: OnHost): Promise<Run>;
  /** Where a path of a host lies for this machine's processes. */
  path(host: string, path: string): string;
  /** Ends every process of every host, and what was mounted and linked for them. */
  end(): Promise<void>;
}

interface OnHost {
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Below 1000, as system users are; high enough for no package to have taken it. */
const FIRST_ID = 901;

/** Milliseconds for all hosts to come up. */
const BOOT = 60_000;

/** Starts the hosts, each with its supervisord running and nothing else. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { folder, hosts } = options;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'disks'), `${options.disks.join('\n')}\n`);
  writeAccounts(options);
  const shares = [...new Set([ROOT, dirname(realpathSync(process.execPath)), ...options.shares])];
  const addresses = hosts.map((host, index) => `${host}=10.77.0.${index + 1}`);
  const script = join(import.meta.dirname, 'lab.sh');
  const rack = spawn('unshare', ['--net', '--mount', 'sh', script, folder, ...shares, '--', ...addresses], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  await untilUp(rack);
  const pids = new Map(hosts.map((host) => [host, readFileSync(join(folder, `${host}.pid`), 'utf8').trim()]));
  const entering = (host: string, { user, env = {} }: OnHost = {}): string[] => [
    ...['--target', pids.get(host)!, '--mount', '--uts', '--net', '--pid', '--root', '--wd'],
    ...(user === undefined ? [] : ['setpriv', '--reuid', user, '--regid', user, '--init-groups']),
    ...['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
  ];
  return {
    on: (host, command, onHost) => run('nsenter', [...entering(host, onHost), ...command]),
    // Through the host's first process: the layer is mounted in its namespace alone.
    path: (host, path) => join('/proc', pids.get(host)!, 'root', path),
    end: async () => {
      if (rack.exitCode !== null) return;
      const ended = new Promise((done) => rack.once('close', done));
      rack.stdin!.end();
      await ended;
    },
  };
}

function writeAccounts({ folder, users, groups }: LabOptions): void {
  const [first] = groups;
  const lines = [...groups, ...users].map((group, index) => {
    const members = group === first ? users.join(',') : '';
    return `${group}:x:${FIRST_ID + index}:${members}\n`;
  });
  writeFileSync(join(folder, 'group'), lines.join(''));
  const passwd = users.map((user, index) => {
    const id = FIRST_ID + groups.length + index;
    return `${user}:x:${id}:${id}::/nonexistent:/bin/sh\n`;
  });
  writeFileSync(join(folder, 'passwd'), passwd.join(''));
}

function untilUp(rack: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string): void => {
      rack.stdin!.end();
      reject(new Error(`the hosts do not come up: ${why}\n${said}`));
    };
    const late = setTimeout(() => fail(`not within ${BOOT / 1000} s`), BOOT);
    rack.stderr!.on('data', (text) => {
      said += text;
    });
    rack.on('close', (status) => fail(`exit ${status}`));
    rack.stdout!.once('data', () => {
      clearTimeout(late);
      resolve();
    });
  });
}
