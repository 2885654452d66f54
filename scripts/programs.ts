import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that some tests run for real, and Debian's package of it. */
interface Program {
  readonly name: string;
  readonly debianPackage: string;
}

const PROGRAMS: readonly Program[] = [
  { name: 'git', debianPackage: 'git' },
  { name: 'ssh-keygen', debianPackage: 'openssh-client' },
  { name: 'age', debianPackage: 'age' },
  { name: 'supervisord', debianPackage: 'supervisor' },
  { name: 'ip', debianPackage: 'iproute2' },
  { name: 'java', debianPackage: 'default-jre-headless' },
  { name: 'mvn', debianPackage: 'maven' },
];

/** The path of a program on PATH, or undefined. */
function findProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/**
 * Installs the programs that tests need and that are missing: from Debian's packages, as root on Debian only. What
 * can't be had is named on stderr; its tests then skip themselves. A Node 20, on which the runner must also run, goes
 * into `.khp/node20` wherever npm can fetch it.
 */
export function providePrograms(root: string): void {
  const missing = PROGRAMS.filter(({ name }) => !findProgram(name));
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    const packages = missing.map(({ debianPackage }) => debianPackage);
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
  }
  for (const { name } of missing.filter((program) => !findProgram(program.name))) {
    process.stderr.write(`khp: ${name} is not installed; the tests that need it are skipped\n`);
  }
  const node20 = join(root, '.khp', 'node20');
  if (!existsSync(join(node20, 'node_modules'))) {
    run('npm', [
      'install',
      '--prefix',
      node20,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `node-linux-${process.arch}@20`,
    ]);
  }
}

/** A Node 20: the one that providePrograms fetched, or one of the system's; undefined where there is none. */
export function findNode20(root: string): string | undefined {
  const own = join(root, '.khp', 'node20', 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  return [own, '/usr/bin/node', '/usr/local/bin/node'].find((path) =>
    spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('v20.'),
  );
}

function run(command: string, args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  if (status !== 0) process.stderr.write(`khp: ${command} ${args.join(' ')} failed\n`);
}
