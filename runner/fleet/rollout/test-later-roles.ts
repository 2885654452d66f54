import type { Report } from '../../../compiler/contract/report.ts';
import type { Step } from './next-wave.ts';
import type { Planner, World } from './test-model.ts';
import { MODEL_LATE, MODEL_NOW, reportsOf } from './test-world.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * For tests: the roles that come behind the one at hand. Until their first wave nothing happens to their hosts but what
 * the adversary does: and whatever it does, it may as well do later. For no step before depends on it, which is tested in
 * each state that is visited (looksAhead), and of a role in which nothing was granted nothing can be wrong. So what happens
 * to these hosts need not be walked before their role is at hand: any walk with a crash of one of them is, but for the order
 * of moves that do not touch each other, one that is walked (a persistent set, in the words of partial-order reduction).
 * Given again, the command looks at all hosts; then there are none.
 */
export function laterRoles({ rollout, again, whole }: World): ReadonlySet<string> {
  const wave = rollout.waves[rollout.at];
  if (whole || again > 0 || !wave) return NONE;
  const place = rollout.roles.findIndex(({ role }) => role === wave.role);
  return new Set(rollout.roles.slice(place + 1).map(({ role }) => role));
}

/** For tests: whether the next step is another one where the hosts of later roles are down, or have never reported. */
export function looksAhead(world: World, { next }: Planner): boolean {
  const { rollout, hosts, late } = world;
  const later = laterRoles(world);
  if (later.size === 0 || rollout.state !== 'running') return false;
  const now = reportsOf(hosts);
  const down = new Map(now);
  const missing = new Map(now);
  for (const { name, role } of hosts) {
    if (!later.has(role)) continue;
    down.set(name, downOf(now.get(name)!));
    missing.delete(name);
  }
  const times = late > 0 ? [MODEL_NOW, MODEL_LATE] : [MODEL_NOW];
  return times.some((time) => {
    const step = textOf(next(rollout, now, time), world);
    return [down, missing].some((other) => textOf(next(rollout, other, time), world) !== step);
  });
}

function textOf({ rollout, grants, calls, waits }: Step, world: World): string {
  if (rollout === world.rollout) return waits;
  const { state, at, called } = rollout;
  return JSON.stringify([state, at, called, grants, calls, rollout.grants.length, waits]);
}

const downReports = new WeakMap<Report, Report>();

function downOf(report: Report): Report {
  let down = downReports.get(report);
  if (!down) {
    const services = report.services!.map(
      (one) => ({ ...one, state: 'failed', health: 'unhealthy' }) as const,
    );
    down = { ...report, services };
    downReports.set(report, down);
  }
  return down;
}
