import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Passes on what is said between a command and whoever has started the runner, whose terminal the command never gets: it
 * could read what is typed there later on, or type by itself (TIOCSTI), as root. It hears the runner's stdin and is shown
 * on its stderr, without what would move a terminal; what is to end the runner ends the command, which leads a group of its
 * own. Gives how to stop.
 */
export function relay(child: ChildProcess): () => void {
  const { stdin } = process;
  child.stdin?.on('error', () => {
    // It has stopped to listen.
  });
  if (child.stdin) stdin.pipe(child.stdin);
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => process.stderr.write(harmless(text)));
  const pass = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended already.
    }
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  return () => {
    for (const signal of SIGNALS) process.off(signal, pass);
    if (child.stdin) stdin.unpipe(child.stdin);
    stdin.pause();
    // Nobody waits for what is typed next.
    (stdin as Partial<Socket>).unref?.();
  };
}

function harmless(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '?');
}
