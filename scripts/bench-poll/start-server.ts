import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SeenRequest, ServerStats } from './git-server.ts';

/** A git server that runs. */
export interface RunningServer {
  readonly url: string;
  /** What it has cost since it was last asked. */
  stats(): Promise<ServerStats>;
  /** The first requests since it was last asked for stats. */
  requests(): Promise<SeenRequest[]>;
  stop(): void;
}

/** Starts a git server of the repositories below a folder, in a process of its own. */
export async function startServer(folder: string): Promise<RunningServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'git-server.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = line.toString('latin1').trim();
  return {
    url,
    stats: async () => (await (await fetch(`${url}/stats`)).json()) as ServerStats,
    requests: async () => (await (await fetch(`${url}/requests`)).json()) as SeenRequest[],
    stop: () => child.kill(),
  };
}
