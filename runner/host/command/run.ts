import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { JOURNAL_PATH, layoutOf, STATE_PATH } from '../config/layout.ts';
import { runDaemon } from '../daemon/daemon.ts';
import { type LastServices, servicesIn } from '../daemon/live-services.ts';
import { pollRef } from '../fetch/poll-ref.ts';
import { thisMoment } from '../observe/moment.ts';
import type { CommandOptions, CommandResult } from './command.ts';
import type { DaemonSettings } from './settings.ts';

/**
 * `run`: the daemon. It only looks; each full run is `apply` in a process of its own, so that what a run took is given
 * back, and a run that dies takes nothing with it. SIGTERM and SIGINT end it behind a run that is under way, SIGHUP has it
 * look at once. Settings are read at its start, in a process of their own too: what reads YAML need not stay in memory.
 */
export async function runCommand(options: CommandOptions): Promise<CommandResult> {
  const { root } = options;
  let ending = false;
  let wake = (): void => {};
  const end = (): void => {
    ending = true;
    wake();
  };
  process
    .on('SIGTERM', end)
    .on('SIGINT', end)
    .on('SIGHUP', () => wake());
  const flags = ['--root', root, ...(options.host === undefined ? [] : ['--host', options.host])];
  const settings = await readInChild(flags);
  if (!settings) return { exit: 1, text: '', problems: [] };
  const { repository, host, interval } = settings;
  const tell = (line: string): void => {
    process.stderr.write(`khp-runner: ${line}\n`);
  };
  tell(`looks at ${repository} for ${host} every ${interval} s`);
  await runDaemon(
    {
      now: () => Date.now() / 1000,
      elapsed: () => performance.now() / 1000,
      sleep: (seconds) =>
        new Promise((resolve) => {
          const timer = setTimeout(() => wake(), seconds * 1000);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        }),
      poll: () => pollRef({ gitDir: layoutOf(root).repository, url: repository, host }),
      run: () => runApply(flags, tell),
      services: () => lastServices(join(root, STATE_PATH)),
      isInterrupted: () => existsSync(join(root, JOURNAL_PATH)),
      tell,
      isEnding: () => ending,
    },
    { host, interval },
  );
  return { exit: 0, text: '', problems: [] };
}

/** The runner itself once more: the executable that it is, or Node with the file that it was started from. */
function itself(args: readonly string[]): string[] {
  const script = process.argv[1];
  const isExecutable = script === undefined || script === process.execPath;
  return [...(isExecutable ? [] : [...process.execArgv, script]), ...args];
}

/** Undefined where they cannot be used, which the child has told. */
async function readInChild(flags: readonly string[]): Promise<DaemonSettings | undefined> {
  const child = spawn(process.execPath, itself(['settings', ...flags]), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [exit]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return exit === 0 ? (JSON.parse(output) as DaemonSettings) : undefined;
}

function runApply(flags: readonly string[], tell: (line: string) => void): Promise<number> {
  // Of its own session: what ends the daemon's group must not end a run in the middle of a restart.
  const child = spawn(process.execPath, itself(['apply', '--quiet', ...flags]), {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      tell(`a run cannot be started: ${error.message}`);
      resolve(1);
    });
    child.on('close', (exit, signal) => {
      if (signal) tell(`a run was ended by ${signal}; the next one recovers`);
      resolve(exit ?? 1);
    });
  });
}

function lastServices(state: string): LastServices {
  let text: string | undefined;
  try {
    text = readFileSync(join(state, 'last-report.json'), 'utf8');
  } catch {
    // There was no run yet.
  }
  return servicesIn(text, thisMoment().boot);
}
