import { GRANT_LASTS } from '../../../compiler/contract/promotion.ts';
import { type Report, reportKey } from '../../../compiler/contract/report.ts';
import type { Rollout, RolloutCall, RolloutGrant, RolloutRole } from '../../../compiler/contract/rollout.ts';
import { SILENT_AFTER } from '../../../compiler/contract/state.ts';

/** The hosts' last reports, by host. */
export type Reports = ReadonlyMap<string, Report>;

/** Results of runs that ended in a problem. */
const BAD = new Set<Report['result']>(['refused', 'failed', 'held', 'rolled-back']);

/** How the hosts of a rollout are, by their last reports and by what was granted since. */
export class HostStatus {
  readonly #rollout: Rollout;
  readonly #reports: Reports;
  readonly #now: number;
  readonly #granted = new Map<string, RolloutGrant[]>();
  readonly #calls: Map<string, string>;

  /** `now`: seconds since the epoch. */
  constructor(rollout: Rollout, reports: Reports, now: number) {
    this.#rollout = rollout;
    this.#reports = reports;
    this.#now = now;
    this.#calls = new Map(rollout.calls.map(({ host, expires }) => [host, expires]));
    for (const grant of rollout.grants) {
      this.#granted.set(grant.host, [...(this.#granted.get(grant.host) ?? []), grant]);
    }
  }

  /** The hosts of a role that are down, or may be at any moment: unhealthy, silent, or with a grant that is not used up. */
  down({ role, hosts, checked }: RolloutRole): Set<string> {
    return new Set(
      hosts.filter((host) => !this.#isUp(host, { role, checked }) || this.isGranted(host, role)),
    );
  }

  /** Whether a host itself says that these roles are down. One that says nothing may well be up. */
  saysDown({ host, roles }: { readonly host: string; readonly roles: readonly string[] }): boolean {
    const report = this.#reports.get(host);
    if (!report || !this.#isHeard(report)) return false;
    return roles.every((role) => {
      const service = serviceOf(report, role);
      return service && (['stopped', 'failed'].includes(service.state) || service.health === 'unhealthy');
    });
  }

  /** Whether a host may be restarting a role right now. */
  isGranted(host: string, role: string): boolean {
    return (this.#granted.get(host) ?? []).some(
      (grant) => grant.roles.includes(role) && isOutstanding(grant, this.#reports.get(host)),
    );
  }

  /** The grant of these roles by the promotion that the host has now, where it has not ended. */
  grantOf(host: string, roles: readonly string[]): RolloutGrant | undefined {
    const seq = this.#rollout.hosts[host]?.seq;
    return this.#granted
      .get(host)
      ?.find(
        (grant) =>
          grant.seq === seq &&
          roles.every((role) => grant.roles.includes(role)) &&
          !hasEnded(grant, this.#reports.get(host)),
      );
  }

  /** Whether the roles run as promoted: applied, in no debt, healthy. */
  isDone(host: string, roles: readonly string[]): boolean {
    const report = this.#reports.get(host);
    const seq = this.#rollout.hosts[host]?.seq ?? Number.POSITIVE_INFINITY;
    if (!report?.active || report.active.seq < seq || report.held) return false;
    return roles.every((role) => {
      const known = this.#rollout.roles.find((one) => one.role === role);
      return known && this.#isUp(host, known) && !serviceOf(report, role)!.debt;
    });
  }

  /** What went wrong under a grant, by a report that came after it; undefined where nothing did. */
  failureOf(grant: RolloutGrant): string | undefined {
    const { host, roles, seq, seen } = grant;
    const report = this.#reports.get(host);
    if (!report || reportKey(report) === seen) return undefined;
    if (report.held && report.held.seq >= seq) return `it is held: ${shown(report.held.message)}`;
    if (BAD.has(report.result)) {
      return `its run ended in ${report.result}${report.problem ? `: ${shown(report.problem.message)}` : ''}`;
    }
    if (!report.active || report.active.seq < seq) return undefined;
    // Granted anew, it would be late again, and so on.
    if (isLate(grant, report) && !hasEnded(grant, report)) return EARLY;
    for (const role of roles) {
      const service = serviceOf(report, role);
      if (!service) return `it does not report ${role}`;
      if (service.state === 'failed') return `${role} failed`;
      if (service.health === 'unhealthy') return `${role} is unhealthy`;
    }
    return undefined;
  }

  /** Whether a roll call is still to be answered. */
  isMissing({ host, expires }: RolloutCall): boolean {
    const active = this.#reports.get(host)?.active;
    return !active || active.expires < expires;
  }

  /** Whether the last report counts: it is not too old, and answers the last roll call. */
  #isHeard({ host, at }: Report): boolean {
    if (this.#now - Date.parse(at) / 1000 > SILENT_AFTER) return false;
    const expires = this.#calls.get(host);
    return expires === undefined || !this.isMissing({ host, expires });
  }

  #isUp(host: string, { role, checked }: Pick<RolloutRole, 'role' | 'checked'>): boolean {
    const report = this.#reports.get(host);
    if (!report || !this.#isHeard(report)) return false;
    const service = serviceOf(report, role);
    if (service?.state !== 'running') return false;
    return checked ? service.health === 'healthy' : service.health !== 'unhealthy';
  }
}

/** Of a host that says so of a grant which cannot have ended. */
const EARLY =
  'it says that the grant had ended when it came: set its clock right, and see whether one of those who sign is ahead';

/** Characters of a host's words that are passed on. */
const MAX_SHOWN = 500;

/** What a host says, as text that a terminal shows and does not obey: whoever has broken into a host speaks for it. */
function shown(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, ' ').slice(0, MAX_SHOWN);
}

/** The service of a role that a host reports, orphaned ones left out. */
export function serviceOf(report: Report, role: string): NonNullable<Report['services']>[number] | undefined {
  return report.services?.find((service) => service.role === role && service.state !== 'orphaned');
}

/**
 * Whether a host says that it begins nothing under a grant, since it had ended when it came: what is granted was done or is
 * late. It has made that durable, so neither its clock nor a renewal opens the grant again.
 */
export function isLate({ roles, seq }: RolloutGrant, report: Report | undefined): boolean {
  if (report?.active?.seq !== seq || report.held || BAD.has(report.result)) return false;
  const late = new Set(report.late);
  return (
    roles.some((role) => late.has(role)) &&
    roles.every((role) => late.has(role) || serviceOf(report, role)?.debt === false)
  );
}

/**
 * Whether a host begins nothing under a grant any more: it says so, or has reported long after it. `khp promote --renew` may
 * have put the end off once, unseen by the rollout: no promotion is near its end twice.
 */
function hasEnded(grant: RolloutGrant, report: Report | undefined): boolean {
  const { at, seq } = grant;
  if (report?.active?.seq !== seq) return false;
  if (at === undefined) return isLate(grant, report);
  const age = (Date.parse(report.at) - Date.parse(at)) / 1000;
  return age >= 2 * GRANT_LASTS || (age >= GRANT_LASTS && isLate(grant, report));
}

/**
 * Whether the host may still restart under a grant: until it reports that it has, that it will not, a later Seq, or
 * anything at all when the grant has ended. A host that has not been heard since may be about to.
 */
export function isOutstanding(grant: RolloutGrant, report: Report | undefined): boolean {
  const { roles, seq } = grant;
  if (report?.held && report.held.seq >= seq) return false;
  const active = report?.active?.seq ?? 0;
  if (active > seq || hasEnded(grant, report) || isLate(grant, report)) return false;
  return active < seq || roles.some((role) => serviceOf(report!, role)?.debt !== false);
}
