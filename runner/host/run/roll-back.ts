import type { Report } from '../../../compiler/contract/report.ts';
import { recover } from '../apply/apply.ts';
import { rollback } from '../apply/rollback.ts';
import { ServiceProblem } from '../services/service-manager.ts';
import { readState } from '../state/store.ts';
import { isServed, type ServedHost } from './bring-up.ts';
import { during } from './phases.ts';
import { prepareRollback } from './prepare.ts';
import { rollBackServed } from './restart-phase.ts';
import { returnTarget, withPassedOver } from './return-target.ts';
import { failed, type Host, type RunEnd, reported } from './run-once.ts';

const REASON = 'rolled back by hand';

/**
 * Returns to the last good generation because a person says so: recover → plan → apply, from what the host keeps, and a
 * restart of the services that are then in debt, where khp runs them. The lock is held. `now`: milliseconds since the
 * epoch.
 */
export function rollBack(host: Host, now: () => number): Promise<Report> {
  return reported(host, now, rollBackTo);
}

async function rollBackTo(host: Host): Promise<RunEnd> {
  const { engine } = host;
  const recovered = during(engine, 'recover', () => recover(engine, readState(engine.rooted)));
  if (recovered && !recovered.ok) return failed(recovered.code, recovered.message);
  const end = isServed(host) ? await rollBackWithServices(host) : await rollBackFiles(host);
  return { ...end, written: [...new Set([...(recovered?.written ?? []), ...end.written])].sort() };
}

async function rollBackWithServices(host: ServedHost): Promise<RunEnd> {
  try {
    const { restarted, end } = await rollBackServed(host, REASON);
    return { result: 'rolled-back', problem: null, ...end, written: end?.written ?? [], restarted };
  } catch (error) {
    if (error instanceof ServiceProblem) return failed(error.code, error.message);
    throw error;
  }
}

async function rollBackFiles(host: Host): Promise<RunEnd> {
  const { engine } = host;
  const state = readState(engine.rooted);
  const to = returnTarget(host, state);
  if ('problem' in to) return failed(to.problem.code, to.problem.message);
  const { target } = to;
  const prepared = await prepareRollback(host, { target, state });
  if ('code' in prepared) return failed(prepared.code, prepared.message);
  const waiting = prepared.plan.waiting[0];
  if (waiting) {
    const message = `${waiting.path} would have to move; stop the services of ${waiting.component} first`;
    return failed('rollback/services-run', message);
  }
  const reason = withPassedOver(host, to, REASON);
  const done = rollback(engine, { ...prepared, target, state, reason });
  if (!done.ok) return failed(done.code, done.message);
  return { result: 'rolled-back', problem: null, written: done.written };
}
