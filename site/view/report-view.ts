import type { Report } from '../../compiler/contract/report.ts';
import { type Moment, momentOf, secondsOf } from './time.ts';
import { visible } from './visible.ts';

/** A host's last report. */
export interface ReportView {
  readonly result: string;
  readonly at: Moment;
  /** `refused/expired: …`; empty without a problem. */
  readonly problem: string;
  readonly generation: string;
  readonly drift: readonly string[];
  readonly unmounted: readonly string[];
  readonly debt: string;
  /** What is held until a higher Seq comes; empty for nothing. */
  readonly held: string;
  readonly services: readonly ServiceState[];
  readonly written: readonly string[];
  /** `1.2 s`, and behind it what took a tenth of that or more. */
  readonly duration: string;
  readonly runner: string;
}

/** A service as the host found it. */
interface ServiceState {
  readonly role: string;
  readonly state: string;
  readonly health: string;
  /** A dash where it does not run. */
  readonly pid: string;
  readonly debt: string;
}

function viewServiceState({
  role,
  state,
  health,
  pid,
  debt,
}: NonNullable<Report['services']>[number]): ServiceState {
  return {
    role: visible(role),
    state,
    health: health === 'unknown' ? '–' : health,
    pid: pid === null ? '–' : String(pid),
    debt: debt ? 'to be restarted' : '–',
  };
}

function viewDuration({ duration_ms: all, phases_ms: phases = {} }: Report): string {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  const long = Object.entries(phases).filter(([, ms]) => ms >= Math.max(all / 10, 100));
  const parts = long.sort(([, a], [, b]) => b - a).map(([phase, ms]) => `${phase} ${seconds(ms)}`);
  return parts.length > 0 ? `${seconds(all)} (${parts.join(', ')})` : seconds(all);
}

function nameOfDebt(role: string, { late = [] }: Report): string {
  return late.includes(role) ? `${role} (its grant came late)` : role;
}

export function viewReport(report: Report, now: number): ReportView {
  const { problem, active } = report;
  return {
    result: report.result,
    at: momentOf(secondsOf(report.at), now),
    problem: problem ? visible(`${problem.code}: ${problem.message}`) : '',
    generation: active ? String(active.generation) : 'none',
    drift: report.drift.map(visible),
    unmounted: (report.unmounted ?? []).map(visible),
    debt: visible(report.debt.map((role) => nameOfDebt(role, report)).join(', ')) || 'none',
    held: report.held ? visible(`seq ${report.held.seq}: ${report.held.message} (${report.held.code})`) : '',
    services: (report.services ?? []).map(viewServiceState),
    written: report.written.map(visible),
    duration: viewDuration(report),
    runner: visible(report.runner),
  };
}
