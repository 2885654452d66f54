import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** For tests: whether a real supervisord is there. */
export const HAS_SUPERVISORD = spawnSync('supervisord', ['--version']).status === 0;

/** For tests: where things are, below the root. */
export const SUPERVISORD_PATHS = {
  socket: '/run/supervisor.sock',
  programs: '/etc/supervisor/conf.d',
  logs: '/var/log/supervisor',
};

/** For tests: a supervisord of this root alone, ended with all its programs when the test ends. */
export interface TemporarySupervisord {
  /** Kills it as a power cut does, with its programs, and starts it again. */
  reboot(): Promise<void>;
  /** Kills it and its programs. */
  end(): Promise<void>;
}

/** For tests: starts a supervisord below a root. `onEnd` is told how to end it when the test ends. `more`: of its socket. */
export async function temporarySupervisord(
  root: string,
  onEnd: (end: () => Promise<void>) => void,
  more = '',
): Promise<TemporarySupervisord> {
  const { socket, programs, logs } = SUPERVISORD_PATHS;
  for (const folder of ['/run', programs, logs]) mkdirSync(join(root, folder), { recursive: true });
  const config = join(root, 'etc/supervisor/supervisord.conf');
  const user = process.getuid?.() === 0 ? 'user=root\n' : '';
  writeFileSync(
    config,
    `[unix_http_server]\nfile=${join(root, socket)}\nchmod=0700\n${more}` +
      `[supervisord]\nnodaemon=true\n${user}logfile=${join(root, logs, 'supervisord.log')}\n` +
      `pidfile=${join(root, 'run/supervisord.pid')}\n` +
      '[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n' +
      `[include]\nfiles=${join(root, programs)}/*.conf\n`,
  );
  let child: ChildProcess | undefined;
  const begin = async (): Promise<void> => {
    child = spawn('supervisord', ['-n', '-c', config], { stdio: 'ignore' });
    for (let tries = 0; !isListening(join(root, socket)); tries += 1) {
      if (tries > 600) throw new Error('supervisord does not start');
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  const end = async (): Promise<void> => {
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child!.once('exit', done));
    const programs = childrenOf(child.pid);
    child.kill('SIGKILL');
    await ended;
    for (const pid of programs) killGroup(pid);
    // /run begins empty; what lies there counts as listening.
    rmSync(join(root, socket), { force: true });
  };
  onEnd(end);
  await begin();
  return {
    end,
    reboot: async () => {
      await end();
      await begin();
    },
  };
}

function isListening(socket: string): boolean {
  return existsSync(socket) && readFileSync('/proc/net/unix', 'utf8').includes(socket);
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** Each program leads a group of its own. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
