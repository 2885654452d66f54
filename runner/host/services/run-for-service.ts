import { spawn } from 'node:child_process';
import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { relay } from './relay.ts';
import type { ServiceAccount } from './service-account.ts';
import { asUser, environmentOf, withVariables, wordsOf } from './service-definition.ts';

/** Milliseconds in which what a command said last is read. */
const REST = 500;

/** How a command that is run for a service ended. */
export interface CommandEnd {
  readonly ok: boolean;
  /** Why not, and the last line that it printed. */
  readonly detail: string;
}

/**
 * Runs a command line as the service's user, with its environment, and kills it with all that it started when its time
 * is over: milliseconds. It is a session of its own, without a terminal. `relayed`: it hears the runner's stdin, and is shown
 * on stderr.
 */
export function runForService(
  line: string,
  options: {
    readonly service: ServiceEntry;
    readonly account: ServiceAccount | undefined;
    readonly timeout?: number;
    readonly relayed?: boolean;
  },
): Promise<CommandEnd> {
  const { service, account, timeout, relayed = false } = options;
  const words = wordsOf(line);
  const [program, ...args] = account ? asUser(account, withVariables(service, account, words)) : words;
  const own = { PATH: process.env.PATH ?? '/usr/bin:/bin' };
  const env = account ? own : { ...own, ...environmentOf(service, account) };
  return new Promise((resolve) => {
    const child = spawn(program!, args, {
      cwd: '/',
      env,
      detached: true,
      stdio: [relayed ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    const stopRelay = relayed ? relay(child) : undefined;
    let tail = '';
    const keep = (chunk: Buffer | string): void => {
      tail = (tail + chunk.toString()).slice(-2_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const seconds = (timeout ?? 0) / 1000;
    let late = false;
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            killGroup(child.pid);
          }, timeout);
    const end = (why: string): void => {
      clearTimeout(timer);
      stopRelay?.();
      const last = tail
        .trim()
        .split('\n')
        .at(-1)!
        .replace(/[\u0000-\u001f\u007f]/g, ' ')
        .slice(0, 300);
      const reason = late ? `no end within ${seconds} s` : why;
      resolve({ ok: reason === '', detail: last === '' ? reason : `${reason}: ${last}` });
    };
    child.on('error', (error) => end(error.message));
    child.on('exit', () => {
      // What it left behind may hold the pipes open, and what it said last may still be in them.
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, REST).unref();
    });
    child.on('close', (code, signal) => {
      end(code === 0 ? '' : signal ? `ended by SIG${signal.replace(/^SIG/, '')}` : `exit code ${code}`);
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
