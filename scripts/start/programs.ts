import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
const KHP = join(ROOT, 'compiler/cli/khp.js');
const RUNNER = join(ROOT, 'runner/host/khp-runner.ts');

/** What a program printed and how it ended. */
export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `khp` as a person would; fails with its whole output when it ends otherwise than with 0. */
export function khp(folder: string, ...args: string[]): Promise<Run> {
  return mustSucceed(process.execPath, [KHP, '-C', folder, ...args]);
}

/** As khp, and types `input`. */
export function khpWithInput(input: string, folder: string, ...args: string[]): Promise<Run> {
  return mustSucceed(process.execPath, [KHP, '-C', folder, ...args], input);
}

/** Runs `khp-runner apply` of a host in its sandbox root. */
export function runnerApply(root: string): Promise<Run> {
  return mustSucceed(process.execPath, [RUNNER, 'apply', '--json', '--root', root]);
}

/** Runs git in a folder, free of the person's own configuration. */
export function git(folder: string, ...args: string[]): Promise<Run> {
  return mustSucceed('git', ['-C', folder, ...args]);
}

/** Runs a program to its end. A program that cannot be started has status 127. */
export function run(command: string, args: readonly string[], input = ''): Promise<Run> {
  const env = {
    ...process.env,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'khp start',
    GIT_AUTHOR_EMAIL: 'start@khp.invalid',
    GIT_COMMITTER_NAME: 'khp start',
    GIT_COMMITTER_EMAIL: 'start@khp.invalid',
  };
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    // A program may end without reading it.
    child.stdin.on('error', () => {}).end(input);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error) => resolve({ status: 127, stdout, stderr: error.message }));
    child.on('close', (status) => resolve({ status: status ?? 1, stdout, stderr }));
  });
}

async function mustSucceed(command: string, args: readonly string[], input?: string): Promise<Run> {
  const result = await run(command, args, input);
  if (result.status === 0) return result;
  throw new Error(
    `${command} ${args.join(' ')} ended with ${result.status}\n${result.stdout}${result.stderr}`,
  );
}

/** Runs the action for each item, at most `width` at once, in order. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  action: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await action(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
