import { createHash } from 'node:crypto';

/** Seconds between two full runs of a host on which nothing seems to happen: they find drift and report hourly. */
export const FULL_EVERY = 600;

/** Seconds that polls and runs that fail are put off by at most. */
const LONGEST = 900;

/** Seconds to the next full run behind one that left something unsettled. */
const SOON = 5;

/** Seconds between full runs while something is unsettled, behind so many of them: doubled by each, up to FULL_EVERY. */
export function soonAfter(looks: number): number {
  return Math.min(SOON * 2 ** Math.min(Math.max(looks - 1, 0), 20), FULL_EVERY);
}

/** When a host looks: its own second of each interval, by the hash of its name, so that a fleet's polls are spread. */
export function phaseOf(host: string, interval: number): number {
  return (createHash('sha256').update(host).digest().readUInt32BE(8) % (interval * 1000)) / 1000;
}

/** Seconds between polls after so many failures in a row: doubled by each, up to a quarter of an hour. */
export function spacing(interval: number, failures: number): number {
  return Math.max(interval, Math.min(interval * 2 ** Math.min(failures, 20), LONGEST));
}

/** Seconds until the host's next turn; more than 0, at most `every`. `now`: seconds since the epoch. */
export function untilTurn(host: string, every: number, now: number): number {
  const past = (now - phaseOf(host, every)) % every;
  return every - (past < 0 ? past + every : past);
}

/** What the daemon knows when a poll is over. */
export interface Polled {
  /** Whether the host's ref holds something else than in the last full run. */
  readonly isNew: boolean;
  /** Seconds since the last full run; undefined before the first. */
  readonly age: number | undefined;
  /** Full runs in a row that ended in a problem. */
  readonly failures: number;
  /** Whether the services of the last report still are the same processes. */
  readonly sameServices: boolean;
}

/** Whether a full run is due: something new is promoted, a service is another process, or the last run is too old. */
export function isRunDue({ isNew, age, failures, sameServices }: Polled, interval: number): boolean {
  if (age === undefined || isNew || !sameServices) return true;
  const every = failures > 0 ? Math.min(spacing(interval, failures), FULL_EVERY) : FULL_EVERY;
  // A turn may come a little early.
  return age >= every - interval / 2;
}
