import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { RETIRE_ALL } from '../../../compiler/contract/promotion.ts';
import type { Report, ServiceReport } from '../../../compiler/contract/report.ts';
import { markGood } from '../apply/generation-folder.ts';
import { linksOf } from '../plan/plan-links.ts';
import { readLastReport } from '../report/spool.ts';
import { askHealth } from '../services/ask-health.ts';
import type { Services } from '../services/carry-out.ts';
import { isInDebt, isToStart } from '../services/debt.ts';
import { isSameStart } from '../services/processes.ts';
import { type RestartRecord, readRestartRecord } from '../services/restart-record.ts';
import { type SeenService, type SeenServices, ServiceProblem } from '../services/service-manager.ts';
import { asStarted, type LookedAt, noteStarted, readStartedServices } from '../services/started-services.ts';
import type { HostState } from '../state/store.ts';
import type { Host, Problem } from './run-once.ts';
import { isSystemError } from './system-error.ts';

/** What a report says of services. */
export interface ServiceReports {
  readonly services: readonly ServiceReport[];
  /** Roles in debt, sorted. */
  readonly debt: readonly string[];
  /** Components whose link waits to be moved, sorted. */
  readonly switches: readonly string[];
  /** Roles in debt whose grant had ended when it came, sorted. */
  readonly late: readonly string[];
  /** The services that could be looked at. */
  readonly looked: readonly LookedAt[];
  /** Why nothing is known of them. */
  readonly problem?: Problem;
}

/**
 * Looks at the services of the active generation, and at those that khp has left of others. `now`: milliseconds since the
 * epoch.
 */
export async function serviceReports(
  { services, engine }: Host,
  state: HostState,
  now: number,
): Promise<ServiceReports> {
  const switches = switchesOf(state);
  const record = readRestartRecord(engine.rooted);
  const named = isRetired(record, state) ? [] : (state.active?.manifest.services ?? []);
  const unknown = named.map((service) => reportOf(service, undefined, { state: 'unknown' }));
  const none = { services: unknown, debt: [], switches, late: [], looked: [] };
  if (!services) return none;
  let seen: SeenServices;
  try {
    seen = await services.manager.look();
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    const { code, message } = error;
    return { ...none, problem: { code, message } };
  }
  const last = readLastReport(engine.rooted);
  const started = readStartedServices(engine.rooted);
  const looked = named.map((service): LookedAt => {
    const one = seen.get(service.role);
    const isOld =
      isInDebt(service, one, state.changes) || (one !== undefined && switches.includes(service.component));
    return { service, seen: one, isCurrent: !isOld };
  });
  const reports = await Promise.all(
    looked.map(async (one) => {
      const { service, seen, isCurrent } = one;
      const owes = !isCurrent || isToStart(seen) || Object.hasOwn(record.begun, service.role);
      const known = isCurrent ? service : asStarted(started, service.role, seen);
      const health =
        knownHealth(known ?? service, seen, { last, now }) ??
        (await healthOf(services, known ?? service, seen));
      // Where the process listens may have been elsewhere when it was started.
      const isSure = known !== undefined || health !== 'unhealthy';
      return reportOf(service, seen, { debt: owes, health: isSure ? health : 'unknown' });
    }),
  );
  const roles = new Set(named.map(({ role }) => role));
  const orphans = [...seen.values()]
    .filter(({ role }) => !roles.has(role))
    .sort((a, b) => (a.role < b.role ? -1 : 1))
    .map((one) => reportOf(one, one, { state: 'orphaned' }));
  const debt = reports.filter((report) => report.debt).map(({ role }) => role);
  const isLate = (role: string): boolean => debt.includes(role) && !Object.hasOwn(record.begun, role);
  const late = record.seq === state.active?.record.seq ? (record.late ?? []).filter(isLate) : [];
  return { services: [...reports, ...orphans], debt: debt.sort(), switches, late, looked };
}

/** Notes how the services were started, and whether the generation is one to return to. */
export function noteServices(host: Host, state: HostState, found: ServiceReports): void {
  const { engine, services } = host;
  try {
    if (services && !found.problem && !state.journal) noteStarted(engine.rooted, found.looked);
    noteGood(host, state, found);
  } catch (error) {
    // The next run notes it.
    if (!isSystemError(error)) throw error;
  }
}

/** A generation is one to return to where all of its services are there, current and well. */
function noteGood({ engine, services }: Host, state: HostState, found: ServiceReports): void {
  const { active, held } = state;
  if (!active || !services || found.problem || held || state.journal) return;
  if (found.debt.length > 0 || found.switches.length > 0) return;
  const isWell = ({ state: activity, health }: ServiceReport): boolean =>
    activity === 'orphaned' || (activity === 'running' && health !== 'unhealthy');
  if (found.services.every(isWell)) markGood(engine.rooted, active.record.generation);
}

function isRetired({ seq, retire }: RestartRecord, { active }: HostState): boolean {
  return active?.record.seq === seq && retire.includes(RETIRE_ALL);
}

/** The components whose links lead elsewhere than the active manifest says. */
export function switchesOf({ active }: HostState): string[] {
  if (!active) return [];
  const { links } = active.record;
  const waiting = linksOf(active.manifest).filter(({ path, target }) => links[path] !== target);
  return [...new Set(waiting.map(({ component }) => component))].sort();
}

/** Seconds for which a command's good answer counts: each may start a JVM, and a run comes every minute. */
const COUNTS = 600;

/** The health that the last report told of the same process, where a command would have to be run to tell it again. */
function knownHealth(
  { role, health }: ServiceEntry,
  seen: SeenService | undefined,
  { last, now }: { readonly last: Report | undefined; readonly now: number },
): ServiceReport['health'] | undefined {
  const before = last?.services?.find((service) => service.role === role);
  if (health?.command === undefined || !last || before?.health !== 'healthy') return undefined;
  if (seen?.activity !== 'running' || !isSameStart(seen.process?.start, before.start ?? undefined))
    return undefined;
  const period = (milliseconds: number): number => Math.floor(milliseconds / 1000 / COUNTS);
  return period(Date.parse(last.at)) === period(now) ? 'healthy' : undefined;
}

async function healthOf(
  services: Services,
  service: ServiceEntry,
  seen: SeenService | undefined,
): Promise<ServiceReport['health']> {
  if (!service.health || seen?.activity !== 'running') return 'unknown';
  try {
    const reason = await askHealth(services, service, seen);
    return reason === undefined ? 'healthy' : 'unhealthy';
  } catch (error) {
    if (error instanceof ServiceProblem) return 'unknown';
    throw error;
  }
}

function reportOf(
  { component, role }: Pick<ServiceEntry, 'component' | 'role'>,
  seen: SeenService | undefined,
  more: Partial<ServiceReport>,
): ServiceReport {
  return {
    component,
    role,
    state: seen?.activity ?? 'stopped',
    health: 'unknown',
    pid: seen?.process?.pid ?? null,
    start: seen?.process?.start ?? null,
    debt: false,
    ...more,
  };
}
