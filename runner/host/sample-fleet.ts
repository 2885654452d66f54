import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hostRef, reportRef } from '../../compiler/contract/names.ts';
import { Report } from '../../compiler/contract/report.ts';

import { readObject } from '../../compiler/git/read-objects.ts';
import { resolve, updateRefs } from '../../compiler/git/refs.ts';
import { initRepository, type Repository } from '../../compiler/git/repository.ts';
import { publicKeyLine } from '../../compiler/git/ssh-key.ts';
import { writeCommit } from '../../compiler/git/write-commit.ts';
import { writeObjects } from '../../compiler/git/write-objects.ts';
import { applyCommand } from './command/apply.ts';
import { planCommand } from './command/plan.ts';
import { prestageCommand } from './command/prestage.ts';
import { rollbackCommand } from './command/rollback.ts';
import { statusCommand } from './command/status.ts';
import {
  SAMPLE_KEY,
  SAMPLE_POLICY,
  type SampleOptions,
  sampleBundle,
  sampleCommit,
} from './sample-bundle.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** For tests: how a run of khp-runner ended. */
export interface RunnerResult {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** For tests: real repositories, and a sandbox that is a host of theirs. */
export interface SampleFleet {
  readonly root: string;
  readonly config: Repository;
  readonly reports: Repository;
  /** Promotes to the host, as signed at this moment; gives the id of the commit. */
  promote(options: SampleOptions): Promise<string>;
  /** Runs a command of khp-runner in this process, as the program does. */
  command(
    name: keyof typeof COMMANDS,
    options?: { json?: boolean; now?: () => number },
  ): Promise<RunnerResult>;
  /** Runs a program of khp-runner with `--root`; the source under this Node unless another command is given. */
  runner(args: readonly string[], command?: readonly string[]): Promise<RunnerResult>;
  /** The report at the host's ref. */
  report(): Promise<Report>;
}

/** For tests: the program as it lies in the project. */
export const RUNNER_SOURCE = join(import.meta.dirname, 'khp-runner.ts');

const COMMANDS = {
  apply: applyCommand,
  plan: planCommand,
  prestage: prestageCommand,
  rollback: rollbackCommand,
  status: statusCommand,
};

/** For tests: makes a fleet of one host, gone when the test ends. */
export async function sampleFleet(settings = ''): Promise<SampleFleet> {
  const folder = temporaryFolder();
  const root = join(folder, 'root');
  const config = await initRepository(join(folder, 'config.git'), 'host');
  const reports = await initRepository(join(folder, 'reports.git'), 'host');
  const paths = SAMPLE_POLICY.paths.map((path) => `  - ${path}\n`).join('');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write(
    'etc/khp/runner.yml',
    `repository: ${config.gitDir}\nreports: ${reports.gitDir}\nhost: ${SAMPLE_POLICY.host}\n` +
      `users: [hdfs, zookeeper]\npaths:\n${paths}${settings}`,
  );
  write('etc/khp/allowed_signers', `operator namespaces="git" ${publicKeyLine(SAMPLE_KEY)}\n`);
  const ref = hostRef(SAMPLE_POLICY.host);
  return {
    root,
    config,
    reports,
    promote: async (options) => {
      const commit = await storeSample(config, options);
      const moved = await updateRefs(
        config,
        [{ ref, old: await resolve(config, ref), new: commit }],
        'promote',
      );
      if (!moved.ok) throw new Error(moved.reason);
      return commit;
    },
    command: async (name, { json = false, now = Date.now } = {}) => {
      const { exit, text, problems } = await COMMANDS[name]({ root, host: undefined, json, now });
      return { exit, stdout: text, stderr: problems.map((problem) => `khp-runner: ${problem}\n`).join('') };
    },
    runner: (args, command = [process.execPath, RUNNER_SOURCE]) => run([...command, ...args, '--root', root]),
    report: async () => {
      const object = await readObject(reports, `${reportRef(SAMPLE_POLICY.host)}:report.json`);
      return Report.parse(JSON.parse(object!.content!.toString('utf8')));
    },
  };
}

async function storeSample(repository: Repository, options: SampleOptions): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const promotion = { expires: now + 86_400, ...options.promotion };
  const sample = sampleBundle({ ...options, promotion, signedAt: options.signedAt ?? now });
  const person = { name: 'a', email: 'a@example', time: now, zone: '+0000' };
  // Stores the tree and its files; the commit that it makes of them is not the signed one, and is left alone.
  const files = [...sample.tree].map(([path, bytes]) => ({ path, bytes }));
  await writeCommit({ repository, files, author: person, committer: person, message: 'tree\n' });
  const [id] = await writeObjects(repository, [{ type: 'commit', content: sampleCommit(sample) }]);
  return id!;
}

function run([program, ...args]: readonly string[]): Promise<RunnerResult> {
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (exit) => done({ exit, stdout, stderr }));
  });
}
