import { readFileSync } from 'node:fs';
import { bootId, lookAtProcess } from '../services/processes.ts';
import type { Moment } from '../state/state-file.ts';

/** Now, as /proc/PID/stat tells when a process was started: clock ticks of 1/100 s since the boot. */
export function thisMoment(): Moment {
  const uptime = readFileSync('/proc/uptime', 'latin1').split(' ')[0]!;
  // Where a container is shown an uptime of its own (lxcfs), starts are still the machine's: never before this process.
  const own = (lookAtProcess(process.pid)?.start.ticks ?? 0) + Math.floor(performance.now() / 10);
  // Digits, not arithmetic: 0.29 × 100 is less than 29.
  return { boot: bootId(), ticks: Math.max(Number(uptime.replace('.', '')), own) };
}
