import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

export const ROOT = dirname(import.meta.dirname);

/** What a program printed and how it ended. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with git's identity of a test and none of the person's configuration. */
export function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const identity = { NAME: 'Test', EMAIL: 'test@khp.invalid' };
  const settings: Record<string, string> = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  for (const [name, value] of Object.entries(identity)) {
    settings[`GIT_AUTHOR_${name}`] = value;
    settings[`GIT_COMMITTER_${name}`] = value;
  }
  const { GITHUB_ACTIONS: _, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...inherited, ...settings, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** Runs `khp` on a workspace. */
export function khp(workspace: string, ...args: string[]): Promise<Run> {
  return run(process.execPath, [join(ROOT, 'compiler/cli/khp.js'), '-C', workspace, ...args]);
}

/** Runs git in a folder. */
export function git(folder: string, ...args: string[]): Promise<Run> {
  return run('git', ['-C', folder, ...args]);
}

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'khp-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder that goes with the file of tests. */
export function temporaryFolderOfFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'khp-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Copies parts of the sample workspace into a folder. */
export function copySample(folder: string, parts: readonly string[]): void {
  for (const part of parts) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
}
