import type { Manifest, ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { changesAfter, roleInputs } from '../apply/role-inputs.ts';
import { rollback, rollbackTarget } from '../apply/rollback.ts';
import { holdBundle } from '../apply/swap.ts';
import { type Services, startService, stopServices } from '../services/carry-out.ts';
import { checkHealth } from '../services/check-health.ts';
import { planRestarts, type RestartPlan } from '../services/plan-restarts.ts';
import { type RestartRecord, readRestartRecord, writeRestartRecord } from '../services/restart-record.ts';
import type { SeenServices } from '../services/service-manager.ts';
import type { RoleChanges } from '../state/state-file.ts';
import { type HostState, readState } from '../state/store.ts';
import { type Prepared, prepareRollback } from './prepare.ts';
import type { Host, Problem, RunEnd } from './run-once.ts';
import { switchesOf } from './service-reports.ts';

/** A host whose services are managed. */
export interface ServedHost extends Host {
  readonly services: Services;
}

export function isServed(host: Host): host is ServedHost {
  return host.services !== undefined;
}

/** What a run comes to because of its restarts. */
export interface RestartEnd extends Pick<RunEnd, 'result' | 'problem'> {
  readonly written?: readonly string[];
}

/** What came of the restarts of a run. */
export interface Restarted {
  /** Roles that were started, in order. */
  readonly restarted: readonly string[];
  /** Undefined where all are well. */
  readonly end?: RestartEnd;
}

/** A service that did not become healthy. */
interface Failure {
  readonly service: ServiceEntry;
  readonly reason: string;
  readonly wasHealthy: boolean;
}

/** Roles that may be restarted now. */
type Granted = ReadonlySet<string>;

/** What a restart uses up. */
type Uses = 'grant' | 'nothing';

/**
 * Restarts the services of the active generation that are in debt and granted, and goes on with what was begun: stop in
 * the reverse of the start order, then start in order, each healthy before the next. A failure is rolled back from or
 * held. Nothing is started while an apply is under way, whose files are of two generations. Throws ServiceProblem.
 */
export async function restartServices(
  host: ServedHost,
  granted: Granted,
  uses: Uses = 'grant',
): Promise<Restarted> {
  const { rooted } = host.engine;
  const state = readState(rooted);
  const { active, watermark } = state;
  if (!active || state.journal) return { restarted: [] };
  const { restarted, failures } = await bringUp(host, { state, granted, uses });
  if (failures.length === 0) return { restarted };
  const record = readRestartRecord(rooted);
  const back = failures.find(({ service, wasHealthy }) => service.on_failure === 'rollback' && wasHealthy);
  const failure = back ?? failures[0]!;
  const reason = `${failure.service.role} is not healthy: ${failure.reason}`;
  const isOfGrant = record.rollback === null && active.record.seq === record.seq;
  if (back && isOfGrant && rollbackTarget(rooted, state)?.isGood) {
    const rollback = { from: active.record.generation, reason, roles: record.done, by_hand: false };
    writeRestartRecord(rooted, { ...record, rollback, done: [] });
    const after = await finishRollback(host);
    return { ...after, restarted: [...restarted, ...after.restarted] };
  }
  if (watermark) holdBundle(rooted, { seq: watermark.seq, manifest: watermark.manifest, reason });
  return { restarted, end: { result: 'held', problem: unhealthy(reason) } };
}

function unhealthy(message: string): Problem {
  return { code: 'services/unhealthy', message };
}

/** Whether a rollback was begun that has not come to its new generation. */
export function isRollbackDue({ active }: HostState, { rollback }: RestartRecord): boolean {
  return rollback !== null && active?.record.generation === rollback.from;
}

/**
 * Goes on with what was begun: a rollback, or the start of services that were stopped. Grants nothing new. A service that
 * was stopped for a promotion which has not been applied yet is started as it was, and has its grant still, unless that
 * promotion has just failed (`isFailed`): it would be stopped and started with every run. Throws ServiceProblem.
 */
export async function resumeRestarts(host: ServedHost, isFailed: boolean): Promise<Restarted> {
  const { rooted } = host.engine;
  const record = readRestartRecord(rooted);
  const state = readState(rooted);
  if (state.journal) return { restarted: [] };
  if (isRollbackDue(state, record)) return finishRollback(host);
  const isApplied = state.active?.record.seq === record.seq && switchesOf(state).length === 0;
  if (!record.rollback) return restartServices(host, new Set(), isFailed || isApplied ? 'grant' : 'nothing');
  const after = await afterRollback(host, record.rollback);
  return after.restarted.length > 0 ? after : { restarted: [] };
}

/**
 * Returns to the last good generation because a person says so, with a restart of the services that are then in debt.
 * Throws ServiceProblem.
 */
export async function rollBackServed(host: ServedHost, reason: string): Promise<Restarted> {
  const { rooted } = host.engine;
  const { active } = readState(rooted);
  if (!active) return { restarted: [], end: nothingKept(reason) };
  const roles = active.manifest.services.map(({ role }) => role);
  const rollback = { from: active.record.generation, reason, roles, by_hand: true };
  writeRestartRecord(rooted, { ...readRestartRecord(rooted), rollback, done: [] });
  return finishRollback(host);
}

function nothingKept(message: string): RestartEnd {
  return { result: 'failed', problem: { code: 'rollback/nothing-kept', message } };
}

/** Returns to the last good generation, with the services that may be restarted for it. */
async function finishRollback(host: ServedHost): Promise<Restarted> {
  const { engine, services } = host;
  const { rooted } = engine;
  const state = readState(rooted);
  const record = readRestartRecord(rooted);
  const { reason, roles } = record.rollback!;
  const fail = (problem: Problem): Restarted => ({ restarted: [], end: { result: 'failed', problem } });
  const target = rollbackTarget(rooted, state);
  if (!target) return { restarted: [], end: nothingKept(`no other generation is kept: ${reason}`) };
  const first = await prepareRollback(host, { target, state });
  if ('code' in first) return fail(first);
  const switchable = new Set(first.plan.waiting.map(({ component }) => component));
  const prepared = await prepareRollback(host, { target, state, switchable });
  if ('code' in prepared) return fail(prepared);
  const before = await services.manager.look();
  const ofComponents = [...before.values()].filter(({ component }) => switchable.has(component));
  const granted = [...new Set([...roles, ...ofComponents.map(({ role }) => role)])].sort();
  writeRestartRecord(rooted, { ...record, rollback: { ...record.rollback!, roles: granted } });
  const restarts = planRestarts({
    services: target.manifest.services,
    seen: before,
    changes: changesWith(host, { prepared, state, manifest: target.manifest }),
    granted: new Set(granted),
    record,
    switching: switchable,
  });
  await beginAndStop(host, restarts, { seen: before });
  const again = await prepareRollback(host, { target, state, switchable });
  if ('code' in again) return fail(again);
  const done = rollback(engine, { ...again, target, state, reason });
  if (!done.ok) return fail(done);
  const after = await afterRollback(host, { ...record.rollback!, roles: granted });
  return { ...after, end: { ...after.end, written: done.written } };
}

/** The restarts after a rollback. */
async function afterRollback(
  host: ServedHost,
  { reason, roles, by_hand }: NonNullable<RestartRecord['rollback']>,
): Promise<Restarted & { readonly end: RestartEnd }> {
  const state = readState(host.engine.rooted);
  const { restarted, failures } = await bringUp(host, { state, granted: new Set(roles) });
  const [failure] = failures;
  const more = failure
    ? `; after the rollback ${failure.service.role} is not healthy: ${failure.reason}`
    : '';
  const message = `rolled back to sequence ${state.active?.record.seq}: ${reason}${more}`;
  const problem = by_hand && !failure ? null : unhealthy(message);
  return { restarted, end: { result: 'rolled-back', problem } };
}

/** What each role will be started with, once a plan is carried out now. */
export function changesWith(
  { engine }: Host,
  {
    prepared: { plan, secrets },
    state,
    manifest,
  }: { readonly prepared: Prepared; readonly state: HostState; readonly manifest: Manifest },
): RoleChanges {
  const inputs = roleInputs({ manifest, plan, digests: secrets.digests });
  return changesAfter(state.changes, inputs, engine.moment);
}

/** Makes durable what is begun, then stops what is to be stopped. Throws ServiceProblem. */
export async function beginAndStop(
  { engine, services }: ServedHost,
  { stop, start, over }: RestartPlan,
  { seen, uses = 'grant' }: { readonly seen: SeenServices; readonly uses?: Uses },
): Promise<void> {
  const record = readRestartRecord(engine.rooted);
  const begun = { ...record.begun };
  for (const role of over) delete begun[role];
  for (const service of start) {
    begun[service.role] ??= { healthy: await isHealthy(services, service, seen) };
  }
  const done = uses === 'grant' ? [...new Set([...record.done, ...over])] : record.done;
  if (start.length > 0 || over.length > 0) writeRestartRecord(engine.rooted, { ...record, begun, done });
  await stopServices(services, stop);
}

async function isHealthy(services: Services, service: ServiceEntry, seen: SeenServices): Promise<boolean> {
  if (seen.get(service.role)?.activity !== 'running') return false;
  return (await checkHealth(service, services.accountOf(service.user))) === undefined;
}

/** Restarts what is due; each role that is through is noted before the next begins. Throws ServiceProblem. */
async function bringUp(
  host: ServedHost,
  {
    state,
    granted,
    uses = 'grant',
  }: { readonly state: HostState; readonly granted: Granted; readonly uses?: Uses },
): Promise<{ restarted: string[]; failures: Failure[] }> {
  const { engine, services } = host;
  const seen = await services.manager.look();
  const manifest = state.active?.manifest;
  const plan = planRestarts({
    services: manifest?.services ?? [],
    seen,
    changes: state.changes,
    granted,
    record: readRestartRecord(engine.rooted),
  });
  await beginAndStop(host, plan, { seen, uses });
  const restarted: string[] = [];
  const failures: Failure[] = [];
  for (const service of plan.start) {
    const { role } = service;
    const reason = await startService(services, service);
    const record = readRestartRecord(engine.rooted);
    const { [role]: own, ...begun } = record.begun;
    const done = uses === 'grant' ? [...new Set([...record.done, role])] : record.done;
    writeRestartRecord(engine.rooted, { ...record, begun, done });
    restarted.push(role);
    if (reason !== undefined) failures.push({ service, reason, wasHealthy: own?.healthy ?? false });
  }
  return { restarted, failures };
}
