import { RETIRE_ALL } from './promotion.ts';
import type { Report } from './report.ts';

/** The states of a host. The first that fits, in this order, is the host's. */
export const STATES = [
  'unknown',
  'silent',
  'refused',
  'failed',
  'rolled-back',
  'held',
  'orphaned',
  'expired',
  'drift',
  'restart',
  'waiting',
  'pending',
  'current',
] as const;
export type State = (typeof STATES)[number];

/** Seconds without a report after which a host is silent. */
export const SILENT_AFTER = 3 * 3600;

/** What is known of a host, from the three refs that speak of it. */
export interface HostFacts {
  readonly report: Report | undefined;
  /** What refs/khp/hosts says; undefined for a host without a promotion. */
  readonly promoted:
    | {
        readonly seq: number;
        readonly manifest: string;
        readonly expires: number;
        readonly retire: readonly string[];
      }
    | undefined;
  /** SHA-256 of the manifest in refs/heads/bundles; undefined for a host that is no longer there. */
  readonly compiled: string | undefined;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** The state of a host: a pure function of what the refs say and of the time. */
export function stateOf({ report, promoted, compiled, now }: HostFacts): State {
  if (!report) return 'unknown';
  if (now - Date.parse(report.at) / 1000 > SILENT_AFTER) return 'silent';
  if (report.result === 'refused' || report.result === 'failed') return report.result;
  if (report.result === 'rolled-back' || report.result === 'held') return report.result;
  if (report.held) return 'held';
  // A host that is retired as a whole is meant to be compiled no longer.
  const isRetired = promoted?.retire.includes(RETIRE_ALL) === true;
  if (!isRetired && (compiled === undefined || (!promoted && report.active))) return 'orphaned';
  if (report.services?.some(({ state }) => state === 'orphaned')) return isRetired ? 'waiting' : 'orphaned';
  if (!promoted) return 'pending';
  if (promoted.expires <= now) return 'expired';
  if (report.drift.length > 0) return 'drift';
  if (report.debt.length > 0) return 'restart';
  if (report.active?.seq !== promoted.seq || report.active.manifest !== promoted.manifest) return 'waiting';
  if (!isRetired && promoted.manifest !== compiled) return 'pending';
  return 'current';
}
