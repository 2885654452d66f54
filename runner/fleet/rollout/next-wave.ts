import { isGrantOpen } from '../../../compiler/contract/promotion.ts';
import { type Report, reportKey } from '../../../compiler/contract/report.ts';
import type { Rollout, RolloutCall, RolloutGrant, RolloutWave } from '../../../compiler/contract/rollout.ts';
import { formatTime } from '../audit.ts';
import { HostStatus, isOutstanding, type Reports } from './host-status.ts';

/** What is to be done next. */
export interface Step {
  /** The rollout behind it; the same object where nothing happens. */
  readonly rollout: Rollout;
  /** To sign, each as a new Seq of the host's promotion. */
  readonly grants: readonly RolloutGrant[];
  /** To sign, each as the same Seq with this end. */
  readonly calls: readonly RolloutCall[];
  /** What it waits for, for people; empty where something happens or nothing more will. */
  readonly waits: string;
}

type WaveHost = RolloutWave['hosts'][number];

/**
 * Decides the next step of a rollout from the last reports: grant hosts of the wave at hand, call the roll before, go on
 * to the next wave once all are healthy, stop at the first failure or when nothing has moved for too long. Never grants
 * what would leave more hosts of a role down than its limit, whoever took them down; a host that says that it is down
 * already costs nothing. `now`: seconds since the epoch.
 */
export function nextWave(rollout: Rollout, reports: Reports, now: number): Step {
  if (rollout.state !== 'running') return waiting(rollout, '');
  const since = formatTime(now);
  const wave = rollout.waves[rollout.at];
  if (!wave) return moved({ ...rollout, state: 'done', since });
  const status = new HostStatus(rollout, reports, now);
  const failure = firstFailure(wave, status);
  if (failure) return stopped(rollout, { code: 'rollout/host-failed', ...failure }, since);
  const left = wave.hosts.filter(({ host, roles }) => !status.isDone(host, roles));
  if (left.length === 0) {
    const grants = rollout.grants.filter((grant) => isOutstanding(grant, reports.get(grant.host)));
    return moved({ ...rollout, at: rollout.at + 1, since, grants });
  }
  const names = left.map(({ host }) => host);
  const crowd = crowdBefore(rollout, status);
  const open = left.filter(({ host, roles }) => !status.grantOf(host, roles));
  if (!crowd && open.length > 0) {
    const calls = rollCall(rollout, { wave, status });
    if (calls && calls.length > 0) return callRoll(rollout, { calls, status, since });
    // With nobody to call, it counts as called.
    const ready = calls ? { ...rollout, called: rollout.at } : rollout;
    const grants = choose(ready, { open, status, reports, since });
    if (grants.length > 0) return moved(withGrants(ready, { grants, since }), { grants });
  }
  const why = crowd ?? whatFor(rollout, { wave, open, left, status });
  if (now - Date.parse(rollout.since) / 1000 <= wave.seconds) return waiting(rollout, why);
  const message = `nothing has moved for ${Math.floor(wave.seconds / 60)} minutes: ${why}`;
  return stopped(rollout, { code: 'rollout/time-limit', message, hosts: names }, since);
}

function waiting(rollout: Rollout, waits: string): Step {
  return { rollout, grants: [], calls: [], waits };
}

function moved(rollout: Rollout, more: Partial<Step> = {}): Step {
  return { rollout, grants: [], calls: [], waits: '', ...more };
}

function stopped(rollout: Rollout, problem: NonNullable<Rollout['problem']>, since: string): Step {
  return moved({ ...rollout, state: 'stopped', problem, since });
}

function firstFailure(
  wave: RolloutWave,
  status: HostStatus,
): { message: string; hosts: string[] } | undefined {
  const failures = wave.hosts.flatMap(({ host, roles }) => {
    const grant = status.grantOf(host, roles);
    const why = grant && status.failureOf(grant);
    return why === undefined ? [] : [{ host, why }];
  });
  const first = failures[0];
  if (!first) return undefined;
  return { message: `${first.host}: ${first.why}`, hosts: failures.map(({ host }) => host) };
}

/** Why nothing may follow yet: a role that was restarted before has more hosts down than it may. */
function crowdBefore({ roles, waves, at }: Rollout, status: HostStatus): string | undefined {
  const place = roles.findIndex(({ role }) => role === waves[at]!.role);
  for (const role of roles.slice(0, place)) {
    const down = status.down(role);
    if (down.size > role.limit) {
      return `of ${role.role}, ${role.limit} may be down, and ${listOf(down)} ${down.size === 1 ? 'is' : 'are'}`;
    }
  }
  return undefined;
}

/**
 * Who is to be called before the wave's first grant: the others of its roles that seem to be up. A last report may be an
 * hour old; of who is down since, nobody may be counted on. Undefined where the roll was called.
 */
function rollCall(
  { roles, waves, at, called, hosts }: Rollout,
  { wave, status }: { wave: RolloutWave; status: HostStatus },
): RolloutCall[] | undefined {
  const touched = new Set(wave.hosts.flatMap((one) => one.roles));
  const concerned = roles.filter(({ role }) => touched.has(role));
  const isCalled =
    called === at ||
    (called !== null && waves[called]!.role === wave.role && !concerned.some(({ alone }) => alone));
  if (isCalled) return undefined;
  const own = new Set(wave.hosts.map(({ host }) => host));
  const others = concerned.flatMap((role) => {
    const down = status.down(role);
    return role.hosts.filter((host) => !own.has(host) && !down.has(host));
  });
  return [...new Set(others)].sort().map((host) => {
    return { host, expires: formatTime(Date.parse(hosts[host]!.expires) / 1000 + 1) };
  });
}

function callRoll(
  rollout: Rollout,
  { calls, status, since }: { calls: RolloutCall[]; status: HostStatus; since: string },
): Step {
  const again = new Set(calls.map(({ host }) => host));
  const missing = rollout.calls.filter((call) => !again.has(call.host) && status.isMissing(call));
  const hosts = { ...rollout.hosts };
  for (const { host, expires } of calls) hosts[host] = { ...hosts[host]!, expires };
  // Renewed with the rest of the promotion, an open grant counts from now.
  const now = Date.parse(since) / 1000;
  const grants = rollout.grants.map((grant) => {
    const isOpen = grant.at !== undefined && isGrantOpen(Date.parse(grant.at) / 1000, now);
    return isOpen && again.has(grant.host) ? { ...grant, at: since } : grant;
  });
  const next = { ...rollout, since, called: rollout.at, calls: [...missing, ...calls], grants, hosts };
  return moved(next, { calls });
}

/** The hosts of the wave that may go down now, in its order. */
function choose(
  { roles, hosts }: Rollout,
  parts: { open: readonly WaveHost[]; status: HostStatus; reports: Reports; since: string },
): RolloutGrant[] {
  const { open, status, reports, since } = parts;
  const state = new Map(
    roles.map((role) => {
      const granted = new Set(role.hosts.filter((host) => status.isGranted(host, role.role)));
      return [role.role, { limit: role.limit, down: status.down(role), granted }];
    }),
  );
  const grants: RolloutGrant[] = [];
  for (const one of open) {
    const concerned = one.roles.map((role) => state.get(role)!);
    const fits = concerned.every(
      ({ limit, down, granted }) =>
        granted.size < limit &&
        !granted.has(one.host) &&
        (status.saysDown(one) || (down.has(one.host) ? down.size <= limit : down.size < limit)),
    );
    if (!fits) continue;
    for (const { down, granted } of concerned) {
      down.add(one.host);
      granted.add(one.host);
    }
    const report: Report | undefined = reports.get(one.host);
    grants.push({ ...one, seq: hosts[one.host]!.seq + 1, at: since, seen: reportKey(report) });
  }
  return grants;
}

function withGrants(
  rollout: Rollout,
  { grants, since }: { grants: readonly RolloutGrant[]; since: string },
): Rollout {
  const hosts = { ...rollout.hosts };
  for (const { host, seq } of grants) hosts[host] = { ...hosts[host]!, seq };
  const granted = new Set(grants.map(({ host }) => host));
  // A new Seq without a role takes the role's grant back, but until the host says so it may act on the old one.
  const kept = rollout.grants.filter(({ host, seq }) => !granted.has(host) || seq < hosts[host]!.seq);
  return { ...rollout, since, hosts, grants: [...kept, ...grants] };
}

function whatFor(
  { roles }: Rollout,
  parts: { wave: RolloutWave; open: readonly WaveHost[]; left: readonly WaveHost[]; status: HostStatus },
): string {
  const { wave, open, left, status } = parts;
  const granted = left.filter((one) => !open.includes(one)).map(({ host }) => host);
  if (granted.length > 0) return `waiting for ${listOf(granted)} to be healthy`;
  const touched = new Set(wave.hosts.flatMap((one) => one.roles));
  const full = roles.find(({ role, limit, ...rest }) => {
    return touched.has(role) && status.down({ role, limit, ...rest }).size >= limit;
  });
  const down = full ? listOf(status.down(full)) : 'another host';
  return `waiting for ${down}: of ${full?.role ?? wave.role}, ${full?.limit ?? 1} may be down at once`;
}

const SHOWN = 5;

/** Names in a sentence; of many the first ones. */
function listOf(names: Iterable<string>): string {
  const all = [...names].sort();
  const more = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : '';
  return `${all.slice(0, SHOWN).join(', ')}${more}`;
}
