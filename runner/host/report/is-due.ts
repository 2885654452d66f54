import { createHash } from 'node:crypto';
import type { Report } from '../../../compiler/contract/report.ts';

/** Seconds after which a host says again that nothing has changed. */
const HOURLY = 3600;

/** Up to so many seconds earlier, by the host's name, so that a fleet does not speak at once. */
const JITTER = 900;

/** The report that was sent last, and when it was made: seconds since the epoch. */
export interface LastSent {
  readonly report: Report;
  readonly at: number;
}

/** Whether a report is to be sent: it tells of an event, or of another state than the last one, or an hour is over. */
export function isDue(report: Report, last: LastSent | undefined, now: number): boolean {
  if (!last || report.result !== 'unchanged' || stateIn(report) !== stateIn(last.report)) return true;
  // A clock that was set back must not silence a host.
  return now < last.at || now - last.at >= HOURLY - jitterOf(report.host);
}

/** Whether two reports say the same but for when. */
export function saysTheSame(a: Report, b: Report): boolean {
  return a.result === b.result && stateIn(a) === stateIn(b) && a.written.join('\n') === b.written.join('\n');
}

/** What a report says of the host, without what happened in the run. */
function stateIn(report: Report): string {
  const { active, problem, held, drift, unmounted, debt, late, services, switches, runner, boot, facts } =
    report;
  return JSON.stringify([
    active,
    problem,
    held,
    drift,
    unmounted,
    debt,
    late,
    services,
    switches,
    runner,
    boot,
    facts,
  ]);
}

function jitterOf(host: string): number {
  return createHash('sha256').update(host).digest().readUInt32BE(4) % JITTER;
}
