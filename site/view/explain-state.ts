import type { Report } from '../../compiler/contract/report.ts';
import type { State } from '../../compiler/contract/state.ts';
import type { FleetHost, HostPromoted } from '../fleet.ts';
import { count, listing } from './amount.ts';
import { formatDuration, momentOf, secondsOf } from './time.ts';
import { visible } from './visible.ts';

const orphansOf = (report: Report): string[] =>
  (report.services ?? []).filter(({ state }) => state === 'orphaned').map(({ role }) => role);

/**
 * Why a host is in its state, in one sentence without a full stop, with the numbers, files and roles involved. What a
 * host reported is text of unknown manners: made visible here, escaped by the page.
 */
export function explainState(host: FleetHost, now: number): string {
  return visible(EXPLAIN[host.state](host, now));
}

const EXPLAIN: Readonly<Record<State, (host: FleetHost, now: number) => string>> = {
  unknown: ({ promoted, compiled }) => {
    if (promoted) return `has never reported; seq ${promoted.seq} is promoted`;
    return compiled ? 'has never reported; nothing is promoted' : 'has never reported';
  },
  silent: ({ report }, now) => {
    const silence = formatDuration(now - secondsOf(report!.at));
    return `no report for ${silence}; the last one: ${report!.result}${saying(report!)}`;
  },
  refused: ({ report, promoted }) =>
    `did not accept ${promoted ? `seq ${promoted.seq}` : 'what it fetched'}${saying(report!)}`,
  failed: ({ report }) => `the last run failed${saying(report!)}`,
  'rolled-back': ({ report }) =>
    `went back${report!.active ? ` to seq ${report!.active.seq}` : ''}${saying(report!)}`,
  held: ({ report }) => {
    const { held } = report!;
    if (!held) return `stopped and waits for a person${saying(report!)}`;
    return `seq ${held.seq} is held until a higher one comes: ${held.message} (${held.code})`;
  },
  orphaned: ({ report, compiled, promoted }) => {
    const runs = report!.active ? `goes on running seq ${report!.active.seq}` : 'nothing was applied';
    const orphans = orphansOf(report!);
    if (compiled && promoted)
      return `runs what it was not promoted, until it is retired: ${listing(orphans)}`;
    if (compiled) return `has no promotion; ${runs}`;
    return `no longer compiled${promoted ? '' : ' or promoted'}; ${runs}`;
  },
  expired: ({ promoted }, now) => {
    const expired = momentOf(promoted!.expires, now);
    return `seq ${promoted!.seq} expired ${expired.text}, ${expired.age}`;
  },
  drift: ({ report }) => `${count(report!.drift.length, 'file')} changed on disk: ${listing(report!.drift)}`,
  restart: ({ report }) => `runs with old files: ${listing(report!.debt)}`,
  waiting: ({ report, promoted }) => {
    const { active } = report!;
    const orphans = orphansOf(report!);
    if (active?.seq === promoted!.seq && orphans.length > 0)
      return `retired, and still runs: ${listing(orphans)}`;
    if (!active) return `seq ${promoted!.seq} is promoted; nothing was applied yet`;
    if (active.seq === promoted!.seq)
      return `seq ${active.seq} is promoted with other content than the host runs`;
    return `seq ${promoted!.seq} is promoted; the host runs seq ${active.seq}`;
  },
  pending: ({ promoted }) => (promoted ? explainPending(promoted) : 'compiled, never promoted'),
  current: ({ promoted, compiled }) =>
    compiled ? `runs seq ${promoted!.seq}, as compiled` : `retired as a whole by seq ${promoted!.seq}`,
};

function explainPending({ seq, changes }: HostPromoted): string {
  const first = `compiled since seq ${seq}: `;
  if (changes.length === 0) return `${first}same files, other settings of the host`;
  return `${first}${count(changes.length, 'file')} differ${changes.length === 1 ? 's' : ''}, ${listing(changes.map(({ path }) => path))}`;
}

function saying({ problem }: Report): string {
  return problem ? `: ${problem.message} (${problem.code})` : '';
}
