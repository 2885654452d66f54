import { rollback } from '../apply/rollback.ts';
import { holdBundle } from '../apply/swap.ts';
import { planRestarts } from '../services/plan-restarts.ts';
import { type RestartRecord, readRestartRecord, writeRestartRecord } from '../services/restart-record.ts';
import { type HostState, readState } from '../state/store.ts';
import {
  beginAndStop,
  bringUp,
  changesWith,
  type Failure,
  runningOf,
  type ServedHost,
  type Uses,
} from './bring-up.ts';
import { prepareRollback } from './prepare.ts';
import { returnTarget, withPassedOver } from './return-target.ts';
import type { Problem, RunEnd } from './run-once.ts';
import { switchesOf } from './service-reports.ts';

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

/**
 * Restarts the services of the active generation that are in debt and granted, and goes on with what was begun: stop in
 * the reverse of the start order, then start in order, each healthy before the next. A failure is rolled back from or
 * held. Nothing is started while an apply is under way, whose files are of two generations. Throws ServiceProblem.
 */
export async function restartServices(
  host: ServedHost,
  granted: ReadonlySet<string>,
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
  const isOfGrant = record.rollback === null && active.record.seq === record.seq;
  const isBackDue = back !== undefined && isOfGrant;
  const unwell = unwellText(host, failure);
  const to = isBackDue ? returnTarget(host, state) : undefined;
  const reason = to ? withPassedOver(host, to, unwell) : unwell;
  if (to?.isGood) {
    const rollback = { from: active.record.generation, reason, roles: record.done, by_hand: false };
    writeRestartRecord(rooted, withRollback(record, rollback));
    const after = await finishRollback(host);
    return { ...after, restarted: [...restarted, ...after.restarted] };
  }
  if (watermark) holdBundle(rooted, { seq: watermark.seq, manifest: watermark.manifest, reason });
  return { restarted, end: { result: 'held', problem: unhealthy(reason) } };
}

/** A rollback has grants of its own: what became of the promotion's counts no more. */
function withRollback(
  { late: _, ...record }: RestartRecord,
  rollback: NonNullable<RestartRecord['rollback']>,
): RestartRecord {
  return { ...record, rollback, done: [] };
}

function unwellText({ services }: ServedHost, { service: { role }, reason }: Failure): string {
  return `${role} is not healthy: ${reason}; what it printed: ${services.manager.outputOf(role)}`;
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
  const state = readState(rooted);
  const { active } = state;
  const to = returnTarget(host, state);
  const refused = (problem: Problem): Restarted => ({ restarted: [], end: { result: 'failed', problem } });
  if ('problem' in to) return refused(to.problem);
  const first = await prepareRollback(host, { target: to.target, state });
  if ('code' in first) return refused(first);
  const roles = active!.manifest.services.map(({ role }) => role);
  const why = withPassedOver(host, to, reason);
  const rollback = { from: active!.record.generation, reason: why, roles, by_hand: true };
  writeRestartRecord(rooted, withRollback(readRestartRecord(rooted), rollback));
  return finishRollback(host);
}

/** Returns to the last good generation, with the services that may be restarted for it. */
async function finishRollback(host: ServedHost): Promise<Restarted> {
  const { engine, services } = host;
  const { rooted } = engine;
  const state = readState(rooted);
  const record = readRestartRecord(rooted);
  const { reason, roles } = record.rollback!;
  const fail = (problem: Problem) => giveUp(host, { reason, problem });
  const to = returnTarget(host, state);
  if ('problem' in to) return fail(to.problem);
  const { target } = to;
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
  const running = await beginAndStop(host, restarts, { seen: before });
  if (running) return fail({ code: 'services/not-stopped', message: running.reason });
  const other = runningOf(switchable, await services.manager.look());
  if (other !== undefined) {
    return fail({ code: 'services/not-stopped', message: `${other} was started by somebody else meanwhile` });
  }
  const again = await prepareRollback(host, { target, state, switchable });
  if ('code' in again) return fail(again);
  const done = rollback(engine, { ...again, target, state, reason });
  // What was interrupted is finished by the next run.
  if (!done.ok && done.code === 'apply/interrupted')
    return { restarted: [], end: { result: 'failed', problem: done } };
  if (!done.ok) return fail(done);
  const after = await afterRollback(host, { ...record.rollback!, roles: granted });
  return { ...after, end: { ...after.end, written: done.written } };
}

/** Ends a rollback that cannot be made: everything stays as it is, what was stopped runs again, and that is held. */
async function giveUp(
  host: ServedHost,
  { reason, problem }: { readonly reason: string; readonly problem: Problem },
): Promise<Restarted> {
  const { rooted } = host.engine;
  writeRestartRecord(rooted, { ...readRestartRecord(rooted), rollback: null });
  const state = readState(rooted);
  const { watermark } = state;
  const message = `${problem.message}: ${reason}`;
  if (watermark) holdBundle(rooted, { seq: watermark.seq, manifest: watermark.manifest, reason: message });
  const { restarted } = await bringUp(host, { state, granted: new Set() });
  return { restarted, end: { result: 'failed', problem: { code: problem.code, message } } };
}

/** The restarts after a rollback. */
async function afterRollback(
  host: ServedHost,
  { reason, roles, by_hand }: NonNullable<RestartRecord['rollback']>,
): Promise<Restarted & { readonly end: RestartEnd }> {
  const state = readState(host.engine.rooted);
  const { restarted, failures } = await bringUp(host, { state, granted: new Set(roles) });
  const [failure] = failures;
  const more = failure ? `; after the rollback ${unwellText(host, failure)}` : '';
  const message = `rolled back to sequence ${state.active?.record.seq}: ${reason}${more}`;
  const problem = by_hand && !failure ? null : unhealthy(message);
  return { restarted, end: { result: 'rolled-back', problem } };
}
