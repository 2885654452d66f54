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
  readonly debt: string;
  readonly written: readonly string[];
  /** `1.2 s`. */
  readonly duration: string;
  readonly runner: string;
}

export function viewReport(report: Report, now: number): ReportView {
  const { problem, active } = report;
  return {
    result: report.result,
    at: momentOf(secondsOf(report.at), now),
    problem: problem ? visible(`${problem.code}: ${problem.message}`) : '',
    generation: active ? String(active.generation) : 'none',
    drift: report.drift.map(visible),
    debt: visible(report.debt.join(', ')) || 'none',
    written: report.written.map(visible),
    duration: `${(report.duration_ms / 1000).toFixed(1)} s`,
    runner: visible(report.runner),
  };
}
