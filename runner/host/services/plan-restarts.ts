import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { type AcceptedBundle, namedRoles } from '../accept/verdict.ts';
import type { RoleChanges } from '../state/state-file.ts';
import { isDown, isInDebt, isToStart } from './debt.ts';
import type { RestartRecord } from './restart-record.ts';
import type { SeenService, SeenServices } from './service-manager.ts';

/** What is to happen to the services of a host. */
export interface RestartPlan {
  /** In order: the reverse of the start order. */
  readonly stop: readonly ServiceEntry[];
  /** In start order: those that are stopped, and those that were. Each is to become healthy before the next. */
  readonly start: readonly ServiceEntry[];
  /** In start order: those that are granted, need no restart, and may still be on their way up. */
  readonly comingUp: readonly ServiceEntry[];
  /** Roles whose restart had been begun, and which somebody else has started meanwhile: they need no more. */
  readonly over: readonly string[];
}

/** What may be restarted, and what is known. */
export interface RestartRequest {
  /** Of the manifest that is active, or will be, in start order. */
  readonly services: readonly ServiceEntry[];
  readonly seen: SeenServices;
  /** When what each role is started with changed last, the changes that are about to be made among them. */
  readonly changes: RoleChanges;
  /** Roles that the accepted promotion grants. */
  readonly granted: ReadonlySet<string>;
  readonly record: RestartRecord;
  /** Components whose link is about to move: all that runs of them is to be stopped. */
  readonly switching?: ReadonlySet<string>;
}

/**
 * Restarts what is in debt and granted, starts what is granted and never ran or has failed, and goes on with what was
 * begun. A grant that is used is none. A service that somebody else has stopped stays so.
 */
export function planRestarts(request: RestartRequest): RestartPlan {
  const { services, seen, changes, granted, record, switching = new Set() } = request;
  const used = spentRoles(record);
  const stop: ServiceEntry[] = [];
  const start: ServiceEntry[] = [];
  const comingUp: ServiceEntry[] = [];
  const over: string[] = [];
  for (const service of services) {
    const { role, component } = service;
    const found = seen.get(role);
    const isBegun = Object.hasOwn(record.begun, role);
    const isGranted = granted.has(role) && !used.has(role);
    if (!isGranted && !isBegun) continue;
    if (isDown(found)) {
      if (isBegun || isToStart(found)) start.push(service);
    } else if (found?.activity === 'unknown') {
    } else if (isInDebt(service, found, changes) || switching.has(component) || isStopping(found)) {
      stop.push(service);
      start.push(service);
    } else {
      comingUp.push(service);
      if (isBegun) over.push(role);
    }
  }
  return { stop: stop.reverse(), start, comingUp, over };
}

// Asked to stop by a run that was killed then, or by somebody while the grant is there: it is to come back.
function isStopping(found: SeenService | undefined): boolean {
  return found?.activity === 'stopping';
}

/**
 * The components, of those whose links wait to be moved, whose links may move: each of their services that was ever
 * started is granted, and the grant is not used; what the manifest names no longer is down.
 */
export function switchableComponents(
  waiting: readonly string[],
  { services, seen, granted, record }: Pick<RestartRequest, 'services' | 'seen' | 'granted' | 'record'>,
): Set<string> {
  const used = spentRoles(record);
  const named = new Set(services.map(({ role }) => role));
  const isFree = (component: string): boolean =>
    [...seen.values()]
      .filter((one) => one.component === component)
      .every((one) =>
        named.has(one.role)
          ? Object.hasOwn(record.begun, one.role) || (granted.has(one.role) && !used.has(one.role))
          : isDown(one),
      );
  return new Set(waiting.filter(isFree));
}

/** Roles whose grant counts no more: it was used, or it had ended. */
function spentRoles({ done, late = [] }: RestartRecord): Set<string> {
  return new Set([...done, ...late]);
}

/**
 * The record at the start of a run: a new promotion brings new grants, of which those that have ended are noted. What was
 * begun under the last one goes on where the service is down, which is this host's own doing.
 */
export function openRecord(
  record: RestartRecord,
  bundle: Pick<AcceptedBundle, 'promotion' | 'late'>,
  seen: SeenServices,
): RestartRecord {
  const { seq, manifest, retire } = bundle.promotion;
  if (record.seq === seq) return withLate(record, bundle);
  const isOurs = (role: string): boolean => isDown(seen.get(role)) || isStopping(seen.get(role));
  const begun = Object.entries(record.begun).filter(([role]) => isOurs(role));
  const { late: _, ...rest } = record;
  const opened = {
    ...rest,
    seq,
    manifest,
    roles: namedRoles(bundle),
    begun: Object.fromEntries(begun),
    done: [],
    rollback: null,
    retire: [...retire],
  };
  return withLate(opened, bundle);
}

/** The same record where no grant has ended unused since. */
function withLate(record: RestartRecord, { late = [] }: Pick<AcceptedBundle, 'late'>): RestartRecord {
  const spent = spentRoles(record);
  const more = late.filter((role) => !spent.has(role) && !Object.hasOwn(record.begun, role));
  return more.length === 0 ? record : { ...record, late: [...(record.late ?? []), ...more].sort() };
}
