import { readFileSync } from 'node:fs';
import type { Moment } from '../state/state-file.ts';

/** Now, as /proc/PID/stat tells when a process was started: clock ticks of 1/100 s since the boot. */
export function thisMoment(): Moment {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  const uptime = readFileSync('/proc/uptime', 'latin1').split(' ')[0]!;
  // Digits, not arithmetic: 0.29 × 100 is less than 29.
  return { boot, ticks: Number(uptime.replace('.', '')) };
}
