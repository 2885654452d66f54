import { readFileSync, statfsSync } from 'node:fs';
import { cpus, machine, networkInterfaces, release, totalmem } from 'node:os';
import type { Machine } from './facts-of.ts';

/** The machine that this process runs on; asked without any program. */
export function thisMachine(): Machine {
  return {
    memoryBytes: totalmem(),
    cpus: cpus().length,
    architecture: machine(),
    kernel: release(),
    osRelease: answer(() => readFileSync('/etc/os-release', 'utf8')),
    mounts: answer(() => readFileSync('/proc/self/mounts', 'utf8')),
    routes: answer(() => readFileSync('/proc/net/route', 'utf8')),
    sizeOf: (mount) =>
      answer(() => {
        const { blocks, bsize } = statfsSync(mount);
        return blocks * bsize;
      }),
    addressOf: (name) => networkInterfaces()[name]?.find(({ family }) => family === 'IPv4')?.address,
  };
}

function answer<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    // What the system does not say is no fact.
    return undefined;
  }
}
