import type { FleetHost } from '../fleet.ts';
import { explainState } from './explain-state.ts';
import { hostPage, linkTo } from './link.ts';
import { byNaturalOrder } from './natural-order.ts';
import { type StateView, urgency, viewState } from './state-words.ts';
import { type Moment, momentOf, secondsOf } from './time.ts';

/** A host as one row of a table. */
export interface HostRow {
  readonly host: string;
  readonly href: string;
  readonly state: StateView;
  /** One sentence. */
  readonly why: string;
  readonly roles: string;
  readonly release: string;
  /** `4`, or `3 → 4` where the host runs another one than is promoted; a dash without either. */
  readonly seq: string;
  readonly reported: Moment | null;
  readonly promoted: Moment | null;
}

/** Where a table of hosts stands, and for which time it is told. */
interface RowPlace {
  readonly page: string;
  readonly now: number;
}

export function viewHostRow(host: FleetHost, { page, now }: RowPlace): HostRow {
  return {
    host: host.host,
    href: linkTo(page, hostPage(host.host)),
    state: viewState(host.state),
    why: explainState(host, now),
    roles: host.roles.length === 0 ? '–' : host.roles.join(', '),
    release: releaseOf(host) ?? '–',
    seq: seqOf(host),
    reported: host.report ? momentOf(secondsOf(host.report.at), now) : null,
    promoted: host.promoted ? momentOf(host.promoted.at, now) : null,
  };
}

/** The release of a host: as compiled, else as promoted, else as it runs. */
export function releaseOf(host: FleetHost): string | undefined {
  return host.compiled?.release ?? host.promoted?.release ?? host.report?.active?.release;
}

function seqOf({ promoted, report }: FleetHost): string {
  const active = report?.active?.seq;
  if (active === promoted?.seq) return active === undefined ? '–' : String(active);
  return `${active ?? 'none'} → ${promoted?.seq ?? 'none'}`;
}

/** Orders hosts: the most urgent state first, then by name as people count. */
export function byUrgency(left: FleetHost, right: FleetHost): number {
  return urgency(left.state) - urgency(right.state) || byNaturalOrder(left.host, right.host);
}
