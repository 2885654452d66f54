import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { environmentOf, gitProgram, settingsOf } from './git-environment.ts';
import { GitError } from './git-error.ts';

export { GitError } from './git-error.ts';

/**
 * For whom git runs. `operator`: a person or CI, whose ssh agent and, for what goes to another repository, whose own git
 * configuration (credentials, proxies, certificates) count. `host`: the runner; nothing but what is given counts.
 */
export type Caller = 'operator' | 'host';

/** One run of git. */
export interface GitCommand {
  readonly caller: Caller;
  /** The repository's own folder (`.git`, or a bare repository); without it, git looks from `folder`. */
  readonly gitDir?: string;
  readonly folder?: string;
  readonly args: readonly string[];
  readonly input?: Uint8Array | string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Whether it speaks to another repository, or must find one as the user would. */
  readonly remote?: boolean;
  /** Settings (`name=value`) in place of those that every run has. */
  readonly settings?: readonly string[];
  /** More variables of the environment, such as GIT_SSH_COMMAND. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Exit codes that are no error; 0 where not said. */
  readonly exits?: readonly number[];
  /** Bytes of output beyond which git is stopped; 256 MiB where not said. */
  readonly maxOutput?: number;
  /** Milliseconds after which git is stopped; never where not said. */
  readonly timeout?: number;
}

export interface GitResult {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exit: number;
}

/** A git that runs. */
export interface RunningGit {
  readonly stdout: Readable;
  /** Its end. Throws a GitError for an exit code that is not among `exits`, and where it was stopped. */
  readonly done: Promise<{ readonly exit: number; readonly stderr: string }>;
  /** Ends it; `done` fails with this reason. */
  stop(reason: string): void;
}

/** Starts git, and feeds it its input. The caller must read `stdout` to its end, or stop it. */
export function startGit(command: GitCommand): RunningGit {
  const { gitDir, folder, args, exits = [0], timeout } = command;
  const place = [
    ...(folder === undefined ? [] : ['-C', folder]),
    ...(gitDir === undefined ? [] : [`--git-dir=${gitDir}`]),
  ];
  const [program, ...first] = gitProgram(command);
  const child = spawn(program, [...first, ...place, ...settingsOf(command), ...args], {
    // Where the repository is named, git needs no current folder; ours may be gone or unreadable.
    cwd: folder === undefined ? '/' : undefined,
    env: environmentOf(command),
    stdio: 'pipe',
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    // What went wrong stands at the end.
    stderr = (stderr + chunk).slice(-65_536);
  });
  let stopped: string | undefined;
  const stop = (reason: string): void => {
    stopped ??= reason;
    // What git started (ssh, say) may hold its output open long after git is gone.
    const letGo = (): void => {
      child.stdout.destroy();
      child.stderr.destroy();
    };
    if (child.exitCode === null && child.signalCode === null) child.once('exit', letGo);
    else letGo();
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
  };
  const timer =
    timeout === undefined ? undefined : setTimeout(() => stop(`it took longer than ${timeout} ms`), timeout);
  const end = async (): Promise<{ exit: number; stderr: string }> => {
    const fail = (exit: number | undefined, reason?: string): GitError =>
      new GitError({ args, exit, stderr, reason });
    try {
      // Awaited together: where git cannot be started both fail, and neither may go unheard.
      const [[exit, signal]] = await Promise.all([
        once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
        feed(child, command.input),
      ]);
      if (stopped !== undefined) throw fail(undefined, stopped);
      if (exit === null)
        throw fail(undefined, [stderr.trim(), `ended by ${signal}`].filter(Boolean).join('; '));
      if (!exits.includes(exit)) throw fail(exit);
      return { exit, stderr };
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).syscall?.startsWith('spawn');
      throw missing ? fail(undefined, 'the program git is not installed, or not in PATH') : error;
    } finally {
      clearTimeout(timer);
    }
  };
  return { stdout: child.stdout, done: end(), stop };
}

/**
 * Writes the input and closes it. git may end without reading it all, and while there is nothing to write; its exit code
 * then says why.
 */
async function feed(child: ChildProcessWithoutNullStreams, input: GitCommand['input']): Promise<void> {
  if (input === undefined || typeof input === 'string' || input instanceof Uint8Array) {
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    return;
  }
  try {
    const writing = pipeline(Readable.from(input, { objectMode: true, highWaterMark: 1 }), child.stdin);
    // A source that has nothing to say at this moment is not heard to its end.
    await Promise.race([writing, new Promise((resolve) => child.once('close', resolve))]);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'].includes(code)) return;
    // The source of the input failed: what git has must not be taken for all of it.
    child.kill('SIGKILL');
    throw error;
  }
}

/**
 * Runs git to its end and gives its output. Throws a GitError where it fails, takes longer than `timeout`, or prints
 * more than `maxOutput`.
 */
export async function runGit(command: GitCommand): Promise<GitResult> {
  const { maxOutput = 256 << 20 } = command;
  const running = startGit(command);
  const chunks: Buffer[] = [];
  let size = 0;
  running.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxOutput) running.stop(`it printed more than ${maxOutput} bytes`);
    else chunks.push(chunk);
  });
  const { exit, stderr } = await running.done;
  return { stdout: Buffer.concat(chunks), stderr, exit };
}
