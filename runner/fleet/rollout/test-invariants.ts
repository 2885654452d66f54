import type { Step } from './next-wave.ts';
import type { Budget, World } from './test-model.ts';
import type { ModelHost } from './test-world.ts';

/** For tests: why a grant must not be given, by what was told until then and by the truth; undefined where it may. */
export function wrongGrant({ hosts, roles }: World, { grants }: Step): string | undefined {
  for (const { role, count, max } of roles) {
    const members = hosts.filter((host) => host.role === role);
    const fresh = new Set(grants.map(({ host }) => host));
    const isUnderWay = ({ name, truth, restarting, granted }: ModelHost): boolean => {
      if (fresh.has(name) || restarting) return true;
      return truth.seq < granted || (truth.seq === granted && truth.debt && !truth.held && !truth.late);
    };
    const chosen = members.filter(({ name }) => fresh.has(name));
    if (chosen.length === 0) continue;
    const limit = limitOf(role, { count, max });
    const underWay = members.filter(isUnderWay);
    if (underWay.length > limit)
      return `${underWay.length} of ${role} may be restarting, of ${limit} allowed`;
    const gone = members.filter((host) => isUnderWay(host) || !host.delivered.up);
    const costs = chosen.some(({ delivered }) => delivered.up);
    if (costs && gone.length > limit) return `${gone.length} of ${role} are known down, of ${limit} allowed`;
    const unheard = members.find((host) => !host.truth.up && !gone.includes(host) && !host.answered);
    if (unheard && limit === 1) return `${unheard.name} was down before the roll was called`;
  }
  return undefined;
}

/** The issue's own words: never two, a tenth of the datanodes. */
function limitOf(role: string, { count, max }: { count: number; max: number | string }): number {
  if (role !== 'datanode') return 1;
  return typeof max === 'number' ? max : Math.max(1, Math.floor((count * Number.parseInt(max, 10)) / 100));
}

/** For tests: why a state must never be; undefined where it may. */
export function wrongState(world: World, first: Budget): string | undefined {
  const { hosts, roles, crashes, rollout } = world;
  // Given again, the command leaves out hosts that have not come to their promotion, and says so.
  const isFirst = world.again === first.again;
  const lost = isFirst && rollout.state === 'done' ? hosts.find(({ truth }) => truth.debt) : undefined;
  if (lost) return `${lost.name} is still in debt behind the last wave`;
  const crashed = first.crashes - crashes;
  for (const { role, count, max } of roles) {
    const down = hosts.filter((host) => host.role === role && !host.truth.up);
    const limit = limitOf(role, { count, max });
    const byUs = down.filter((host) => !host.crashed).length;
    if (byUs > limit) return `${byUs} of ${role} are down by restarts, of ${limit} allowed`;
    if (crashed === 0 && down.length > limit)
      return `${down.length} of ${role} are down, of ${limit} allowed`;
    const isQuorum = role === 'zookeeper' || role === 'journalnode';
    if (isQuorum && crashed <= 1 && down.length * 2 >= count) return `the quorum of ${role} is lost`;
  }
  return undefined;
}
