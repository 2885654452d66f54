import type { Diagnostic, Outcome } from '../../../compiler/contract/diagnostic.ts';
import type { Manifest } from '../../../compiler/contract/manifest.ts';
import { type Report, reportKey } from '../../../compiler/contract/report.ts';
import {
  ROLLOUT_SCHEMA,
  type Rollout,
  type RolloutRole,
  type RolloutWave,
} from '../../../compiler/contract/rollout.ts';
import { SILENT_AFTER } from '../../../compiler/contract/state.ts';
import { formatTime } from '../audit.ts';
import { HostStatus, isOutstanding, type Reports, serviceOf } from './host-status.ts';
import { roleOrder } from './role-order.ts';

/** A host of the cluster that has a promotion, and what that holds. */
export interface RolloutHost {
  readonly seq: number;
  /** SHA-256 of the manifest, hex. */
  readonly digest: string;
  /** Seconds since the epoch. */
  readonly expires: number;
  /** The roles that it grants. */
  readonly restart: readonly string[];
  readonly manifest: Manifest;
}

/** What is known of a cluster before its waves are planned. */
export interface ClusterFacts {
  readonly type: string;
  readonly cluster: string;
  /** Every host of the cluster with a promotion, selected or not: all count for what must stay up. */
  readonly hosts: ReadonlyMap<string, RolloutHost>;
  readonly selected: ReadonlySet<string>;
  readonly reports: Reports;
  /** The cluster's last rollout: its grants may still be used. */
  readonly last: Rollout | undefined;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** Roles of which two down at once lose data or the service, whatever `max_unavailable` says. */
const ALONE = new Set(['namenode', 'journalnode', 'zookeeper', 'hmaster', 'resourcemanager']);

/** Seconds for the way of a grant to the host and of the report back, beside what stop and start may take. */
const WAY = 900;

/** The services of a host that are in debt, with the roles that go down together. */
interface Debt {
  readonly host: string;
  /** Sets of roles to grant at once; the first role of a set in the order of the cluster places it. */
  readonly sets: readonly (readonly string[])[];
}

/**
 * Plans the waves in which the selected hosts of a cluster that are in debt are granted their restarts: role by role in
 * `after` order, within a role in batches by `max_unavailable`, hosts that are down first. Hosts whose debt is not known
 * (silent, or behind their promotion) are left out with a warning. Undefined where nobody is in debt.
 */
export function planRollout(facts: ClusterFacts): Outcome<Rollout | undefined> {
  const { type, cluster, hosts, last, now } = facts;
  const order = roleOrder([...hosts.values()].map(({ manifest }) => manifest));
  const known = [...hosts].filter(([host]) => facts.selected.has(host));
  const reasons = new Map(known.map(([host, one]) => [host, whyNot(one, facts.reports.get(host), now)]));
  const debts = known.flatMap(([host, one]): Debt[] => {
    const report = facts.reports.get(host);
    if (!report || reasons.get(host) !== undefined) return [];
    const sets = isHeld(one, report) ? heldSets(one) : debtOf(one.manifest, report);
    return sets.length > 0 ? [{ host, sets }] : [];
  });
  const diagnostics = leftOut(reasons);
  if (debts.length === 0) return { value: undefined, diagnostics };
  const touched = new Set(debts.flatMap(({ sets }) => sets.flat()));
  const roles = order.filter((role) => touched.has(role)).map((role) => describeRole(role, hosts));
  const members = [...new Set(roles.flatMap((role) => role.hosts))].sort();
  const draft: Rollout = {
    schema: ROLLOUT_SCHEMA,
    type,
    cluster,
    state: 'running',
    problem: null,
    started: formatTime(now),
    since: formatTime(now),
    roles,
    waves: [],
    at: 0,
    called: null,
    calls: [...(last?.calls ?? [])],
    grants: (last?.grants ?? []).flatMap((grant) => {
      const report = facts.reports.get(grant.host);
      return isOutstanding(grant, report) ? [{ ...grant, seen: reportKey(report) }] : [];
    }),
    hosts: Object.fromEntries(
      members.map((host) => {
        const { seq, digest, expires } = hosts.get(host)!;
        return [host, { seq, manifest: digest, expires: formatTime(expires) }];
      }),
    ),
  };
  const status = new HostStatus(draft, facts.reports, now);
  const waves = roles.flatMap((role) => wavesOf(role, { roles, debts, hosts, status }));
  return { value: { ...draft, waves }, diagnostics };
}

/** Why a host cannot be planned for; undefined where it can. */
function whyNot(host: RolloutHost, report: Report | undefined, now: number): string | undefined {
  const { seq, digest, expires } = host;
  if (!report) return 'they have never reported';
  if (now - Date.parse(report.at) / 1000 > SILENT_AFTER) return 'they are silent';
  if (expires <= now) return 'their promotion is past its expiry: renew it first';
  const isApplied = report.active?.seq === seq && report.active.manifest === digest;
  if (!isApplied && !isHeld(host, report)) {
    return 'they do not yet run what is promoted to them';
  }
  return report.services ? undefined : 'their runner is too old to restart services';
}

/** What is promoted was tried, and is not tried again before a higher Seq. */
function isHeld({ seq }: RolloutHost, { held }: Report): boolean {
  return held?.seq === seq;
}

/** What was granted together and failed is granted together again: after a rollback no debt tells of it. */
function heldSets({ restart, manifest }: RolloutHost): string[][] {
  const roles = manifest.services.map(({ role }) => role).filter((role) => restart.includes(role));
  return roles.length > 0 ? [roles.sort()] : [];
}

function leftOut(reasons: ReadonlyMap<string, string | undefined>): Diagnostic[] {
  const byReason = Map.groupBy([...reasons.keys()].sort(), (host) => reasons.get(host) ?? '');
  return [...byReason].flatMap(([why, hosts]): Diagnostic[] => {
    if (why === '') return [];
    const message = `left out of the waves, since ${why}`;
    const hint = 'see their state, then run the command again for them';
    return [{ code: 'rollout/left-out', severity: 'warning', message, hint, hosts }];
  });
}

/** The sets of roles to grant: each role alone, but the whole of a component whose link is to move. */
function debtOf({ services }: Manifest, report: Report): string[][] {
  const sets: string[][] = [];
  const switched = new Set(report.switches ?? []);
  for (const component of [...switched].sort()) {
    const roles = services.filter((service) => service.component === component).map(({ role }) => role);
    if (roles.length > 0) sets.push(roles.sort());
  }
  for (const { role, component } of services) {
    if (!switched.has(component) && serviceOf(report, role)?.debt) sets.push([role]);
  }
  return sets;
}

function describeRole(role: string, hosts: ReadonlyMap<string, RolloutHost>): RolloutRole {
  const members = [...hosts].flatMap(([host, { manifest }]) => {
    const service = manifest.services.find((one) => one.role === role);
    return service ? [{ host, service }] : [];
  });
  const alone = ALONE.has(role);
  const limits = members.map(({ service }) => limitOf(service.max_unavailable, members.length));
  return {
    role,
    alone,
    limit: alone ? 1 : Math.min(...limits),
    checked: members.some(({ service }) => service.health !== undefined),
    hosts: members.map(({ host }) => host).sort(),
  };
}

/** How many of `count` may be down: a share is rounded down, and one always may. */
export function limitOf(max: number | string, count: number): number {
  return typeof max === 'number' ? max : Math.max(1, Math.floor((count * Number.parseInt(max, 10)) / 100));
}

interface WaveFacts {
  readonly roles: readonly RolloutRole[];
  readonly debts: readonly Debt[];
  readonly hosts: ReadonlyMap<string, RolloutHost>;
  readonly status: HostStatus;
}

/** The batches of the sets whose first role this is. */
function wavesOf(role: RolloutRole, { roles, debts, hosts, status }: WaveFacts): RolloutWave[] {
  const place = new Map(roles.map((one, index) => [one.role, index]));
  const down = status.down(role);
  const due = debts.flatMap(({ host, sets }) =>
    sets
      .filter((set) => Math.min(...set.map((one) => place.get(one)!)) === place.get(role.role))
      .map((set) => ({ host, roles: [...set] })),
  );
  due.sort((a, b) => Number(down.has(b.host)) - Number(down.has(a.host)) || (a.host < b.host ? -1 : 1));
  const waves: RolloutWave[] = [];
  while (due.length > 0) {
    const batch: RolloutWave['hosts'] = [];
    const used = new Map<string, number>();
    while (due.length > 0 && due[0]!.roles.every((one) => hasRoom(roles[place.get(one)!]!, used))) {
      const next = due.shift()!;
      batch.push(next);
      for (const one of next.roles) used.set(one, (used.get(one) ?? 0) + 1);
    }
    waves.push({ role: role.role, hosts: batch, seconds: secondsFor(batch, hosts) });
  }
  return waves;
}

function hasRoom({ role, limit }: RolloutRole, used: ReadonlyMap<string, number>): boolean {
  return (used.get(role) ?? 0) < limit;
}

function secondsFor(batch: RolloutWave['hosts'], hosts: ReadonlyMap<string, RolloutHost>): number {
  const each = batch.map(({ host, roles }) => {
    const services = hosts.get(host)!.manifest.services.filter(({ role }) => roles.includes(role));
    return services.reduce((sum, { stop, health }) => sum + stop.timeout + (health?.within ?? 0), 0);
  });
  return WAY + Math.max(...each);
}
