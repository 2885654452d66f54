import type { Report } from '../../../compiler/contract/report.ts';
import { recover } from '../apply/apply.ts';
import { rollback, rollbackTarget } from '../apply/rollback.ts';
import { readState } from '../state/store.ts';
import { prepareRollback } from './prepare.ts';
import { failed, type Host, type RunEnd, reported } from './run-once.ts';

/**
 * Returns to the last good generation because a person says so: recover → plan → apply, from what the host keeps. The lock
 * is held. `now`: milliseconds since the epoch.
 */
export function rollBack(host: Host, now: () => number): Promise<Report> {
  return reported(host, now, () => rollBackTo(host));
}

async function rollBackTo(host: Host): Promise<RunEnd> {
  const { engine } = host;
  const recovered = recover(engine, readState(engine.rooted));
  if (recovered && !recovered.ok) return failed(recovered.code, recovered.message);
  const before = recovered?.written ?? [];
  const state = readState(engine.rooted);
  const target = rollbackTarget(engine.rooted, state);
  if (!target) {
    const message = 'no other generation is kept on this host, or all of them were rolled back from';
    return { ...failed('rollback/nothing-kept', message), written: before };
  }
  const prepared = await prepareRollback(host, { target, state });
  if ('code' in prepared) return { ...failed(prepared.code, prepared.message), written: before };
  const waiting = prepared.plan.waiting[0];
  if (waiting) {
    const message = `${waiting.path} would have to move; stop the services of ${waiting.component} first`;
    return { ...failed('rollback/services-run', message), written: before };
  }
  const reason = 'rolled back by hand';
  const done = rollback(engine, { ...prepared, target, state, reason });
  if (!done.ok) return { ...failed(done.code, done.message), written: before };
  return { result: 'rolled-back', problem: null, written: [...new Set([...before, ...done.written])].sort() };
}
