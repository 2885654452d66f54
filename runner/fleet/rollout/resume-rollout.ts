import { reportKey } from '../../../compiler/contract/report.ts';
import type { Rollout } from '../../../compiler/contract/rollout.ts';
import { formatTime } from '../audit.ts';
import { isLate, isOutstanding, type Reports } from './host-status.ts';

/**
 * Whether a rollout that has not come to its end still fits: what it has not done yet is what a new plan would do, for
 * the same promotions. If not, the new plan takes its place.
 */
export function canResume(rollout: Rollout, plan: Rollout | undefined, reports: Reports): boolean {
  if (rollout.state === 'done') return false;
  const isSame = Object.entries(plan?.hosts ?? {}).every(([host, { seq, manifest }]) => {
    const known = rollout.hosts[host];
    return known === undefined || (known.seq === seq && known.manifest === manifest);
  });
  const left = rollout.waves.slice(rollout.at).flatMap(({ hosts }) => hosts);
  const keyOf = ({ host, roles }: { host: string; roles: readonly string[] }) => `${host} ${roles.join()}`;
  const open = new Set(left.map(keyOf));
  const planned = plan?.waves.flatMap(({ hosts }) => hosts) ?? [];
  const waitsFor = (host: string): boolean =>
    rollout.grants.some((grant) => grant.host === host && isOutstanding(grant, reports.get(host)));
  const wanted = new Set(planned.map(keyOf));
  return (
    isSame &&
    planned.every((one) => open.has(keyOf(one))) &&
    left.every((one) => wanted.has(keyOf(one)) || waitsFor(one.host) || !plan)
  );
}

/**
 * A rollout that was stopped or left, to go on with where it stood: hosts that hold what they were granted, or came to it
 * too late, get another grant, others' last reports count no more against them, and the roll is called again.
 */
export function resumeRollout(rollout: Rollout, reports: Reports, now: number): Rollout {
  const grants = rollout.grants.flatMap((grant) => {
    const report = reports.get(grant.host);
    const isHeld = report?.held && report.held.seq >= grant.seq;
    return isHeld || isLate(grant, report) ? [] : [{ ...grant, seen: reportKey(report) }];
  });
  return { ...rollout, state: 'running', problem: null, since: formatTime(now), called: null, grants };
}
