import type { Rollout } from '../../../compiler/contract/rollout.ts';
import { formatTime } from '../audit.ts';
import type { Step } from './next-wave.ts';
import { nextWave } from './next-wave.ts';
import { planRollout } from './plan-rollout.ts';
import { canResume, resumeRollout } from './resume-rollout.ts';
import { wrongGrant } from './test-invariants.ts';
import { hostKey, looksOf } from './test-key.ts';
import { laterRoles, looksAhead } from './test-later-roles.ts';
import {
  factsOf,
  MODEL_EXPIRES,
  MODEL_LATE,
  MODEL_NOW,
  type ModelHost,
  type ModelRole,
  modelHosts,
  reportsOf,
} from './test-world.ts';

/** For tests: what is under test, so that planted bugs can take its place. */
export interface Planner {
  readonly plan: typeof planRollout;
  readonly next: (...args: Parameters<typeof nextWave>) => Step;
  readonly resume: typeof resumeRollout;
}

export const REAL_PLANNER: Planner = { plan: planRollout, next: nextWave, resume: resumeRollout };

/** For tests: how often the adversary may do what it may do. */
export interface Budget {
  /** A service or its machine goes down by itself; it may come back, and may tell or not. */
  readonly crashes: number;
  /** A restart ends unhealthy, and the host holds. */
  readonly failures: number;
  /** The time limit of a wave is over. */
  readonly late: number;
  /** The command is killed, or has ended, and is given again. */
  readonly again: number;
  /** A host comes to its grant when that has ended, and says so. */
  readonly tardy?: number;
  /** Whether the hosts of later roles move too: what laterRoles says need not be walked, to see that it is so. */
  readonly whole?: boolean;
}

/** For tests: a state of the model. Never changed. */
export interface World extends Budget {
  readonly roles: readonly ModelRole[];
  readonly hosts: readonly ModelHost[];
  readonly rollout: Rollout;
}

/** For tests: a way on. */
export interface Move {
  readonly name: string;
  readonly world: World;
  /** Why it must never happen. */
  readonly wrong?: string | undefined;
}

const BASE = formatTime(MODEL_NOW);

/** For tests: the first state. Budgets count down. */
export function firstWorld(roles: readonly ModelRole[], budget: Budget, { plan }: Planner): World {
  const hosts = modelHosts(roles);
  const { value } = plan({
    type: 'prod',
    cluster: 'x',
    hosts: factsOf(hosts, roles),
    selected: new Set(hosts.map(({ name }) => name)),
    reports: reportsOf(hosts),
    last: undefined,
    now: MODEL_NOW,
  });
  return { ...budget, roles, hosts, rollout: value! };
}

/** For tests: everything that may happen next. */
export function moves(world: World, planner: Planner): Move[] {
  // Of hosts that look alike in waves that look alike, one stands for all.
  const looks = looksOf(world);
  const later = laterRoles(world);
  const one = new Map(looks.map((look, index) => [look, index]));
  const found = world.hosts.flatMap((host, index) =>
    one.get(looks[index]!) === index && !later.has(host.role) ? hostMoves(world, host) : [],
  );
  return [...found, ...operatorMoves(world, planner)];
}

function hostMoves(world: World, host: ModelHost): Move[] {
  const { name, truth, outbox, granted } = host;
  const found: Move[] = [];
  const add = (what: string, next: ModelHost, spent: Partial<Budget> = {}): void => {
    const hosts = world.hosts.map((one) => (one === host ? next : one));
    found.push({ name: `${what} ${name}`, world: settled({ ...world, ...spent, hosts }) });
  };
  if (outbox) add('deliver', { ...host, delivered: outbox, outbox: undefined, isNew: true });
  if (host.restarting) {
    const up = { ...truth, up: true, debt: false };
    add('started', { ...host, truth: up, restarting: false, outbox: up });
    if (world.failures > 0) {
      const held = { ...truth, held: true };
      add('unhealthy', { ...host, truth: held, restarting: false, outbox: held }, spend(world, 'failures'));
    }
  } else {
    const next = ran(host);
    if (next) add('run', next);
    // The hourly report of before the grant may arrive behind it.
    const isEarly = granted > truth.seq && !host.isNew && !outbox;
    if (isEarly) add('hourly', { ...host, outbox: truth });
  }
  if ((world.tardy ?? 0) > 0 && !host.restarting && granted > truth.seq && truth.debt) {
    const late = {
      ...truth,
      seq: host.signed,
      called: host.called,
      held: false,
      late: granted === host.signed,
    };
    const answered = host.answered || (host.called && truth.up);
    if (late.late) add('too late', { ...host, truth: late, outbox: late, answered }, spend(world, 'tardy'));
  }
  if (world.crashes > 0 && (truth.up || host.restarting)) {
    const down = { ...truth, up: false };
    add('crash', { ...host, truth: down, restarting: false, crashed: true }, spend(world, 'crashes'));
  }
  if (host.crashed) add('recover', { ...host, truth: { ...truth, up: true, debt: false }, crashed: false });
  return found;
}

function spend(world: World, what: 'crashes' | 'failures' | 'late' | 'again' | 'tardy'): Partial<Budget> {
  return { [what]: (world[what] ?? 0) - 1 };
}

/** A run of the runner; undefined where it would change and tell nothing. */
function ran(host: ModelHost): ModelHost | undefined {
  const { truth, delivered, outbox, signed, granted, called } = host;
  const held = truth.held && truth.seq === signed;
  const late = truth.late && truth.seq === signed;
  const now = { ...truth, seq: signed, called, held, late };
  if (granted === signed && !held && !late && truth.debt) {
    return { ...host, truth: { ...now, up: false }, restarting: true, crashed: false };
  }
  const told = outbox ?? delivered;
  const isSame = (Object.keys(now) as (keyof typeof now)[]).every((key) => now[key] === told[key]);
  if (isSame) return undefined;
  return { ...host, truth: now, outbox: now, answered: host.answered || (called && now.up) };
}

/** Answered calls are as if they had never been, and times are all one: states that differ in these are the same. */
function settled(world: World): World {
  const answered = new Set(world.hosts.filter(({ delivered }) => delivered.called).map(({ name }) => name));
  if (answered.size === 0) return world;
  const hosts = { ...world.rollout.hosts };
  for (const name of answered) {
    if (hosts[name]) hosts[name] = { ...hosts[name], expires: MODEL_EXPIRES };
  }
  const calls = world.rollout.calls.filter(({ host }) => !answered.has(host));
  const quiet = (host: ModelHost): ModelHost => ({
    ...host,
    called: false,
    truth: { ...host.truth, called: false },
    delivered: { ...host.delivered, called: false },
    outbox: host.outbox && { ...host.outbox, called: false },
  });
  return {
    ...world,
    rollout: { ...world.rollout, hosts, calls },
    hosts: world.hosts.map((host) => (answered.has(host.name) ? quiet(host) : host)),
  };
}

function operatorMoves(world: World, planner: Planner): Move[] {
  const { rollout } = world;
  const reports = reportsOf(world.hosts);
  const found: Move[] = [];
  const take = (name: string, step: Step, spent: Partial<Budget> = {}): void => {
    if (step.rollout === rollout) return;
    const wrong = wrongGrant(world, step);
    const after = withStep({ ...world, ...spent }, step);
    const isNext = step.rollout.at !== rollout.at;
    for (const next of isNext ? orders(after) : [after]) {
      found.push({ name, world: next, wrong });
    }
  };
  if (looksAhead(world, planner)) {
    found.push({
      name: 'look ahead',
      world,
      wrong: 'the step depends on hosts of roles that are still to come',
    });
  }
  const step = planner.next(rollout, reports, MODEL_NOW);
  const what = step.grants.map(({ host }) => ` ${host}`).join('');
  take(what ? `grant${what}` : step.calls.length > 0 ? 'call the roll' : 'go on', step);
  if (world.late > 0 && rollout.state === 'running') {
    const late = planner.next(rollout, reports, MODEL_LATE);
    if (late.rollout.state === 'stopped') take('too late', late, spend(world, 'late'));
  }
  if (world.again > 0 && rollout.state !== 'done') {
    const again = goOn(world, planner);
    if (again) take('again', { rollout: again, grants: [], calls: [], waits: '' }, spend(world, 'again'));
  }
  return found;
}

/** What the command does that finds an unfinished rollout. */
function goOn({ hosts, roles, rollout }: World, { plan, resume }: Planner): Rollout | undefined {
  const reports = reportsOf(hosts);
  const { value } = plan({
    type: 'prod',
    cluster: 'x',
    hosts: factsOf(hosts, roles),
    selected: new Set(hosts.map(({ name }) => name)),
    reports,
    last: rollout,
    now: MODEL_NOW,
  });
  return canResume(rollout, value, reports) ? resume(rollout, reports, MODEL_NOW) : value;
}

function withStep(world: World, { rollout, grants, calls }: Step): World {
  const granted = new Map(grants.map(({ host, seq }) => [host, seq]));
  const called = new Set(calls.map(({ host }) => host));
  const isAgain = world.rollout.called !== null && rollout.called === null;
  const forgets = calls.length > 0 || rollout.at !== world.rollout.at;
  const hosts = world.hosts.map((host): ModelHost => {
    const { name } = host;
    const isSeen = granted.has(name) || (isAgain && rollout.grants.some((one) => one.host === name));
    const isTouched =
      (isSeen && host.isNew) || (forgets && host.answered) || granted.has(name) || called.has(name);
    if (!isTouched) return host;
    const seq = granted.get(name);
    return {
      ...host,
      signed: seq ?? host.signed,
      granted: seq ?? host.granted,
      called: host.called || called.has(name),
      isNew: host.isNew && !isSeen,
      answered: host.answered && !forgets,
    };
  });
  const seen = new Map(reportsOf(hosts));
  const kept = rollout.grants.map((grant) => {
    const { boot, seq } = seen.get(grant.host)!;
    const wasSeen = granted.has(grant.host) || isAgain;
    return wasSeen ? { ...grant, seen: `${boot}/${seq}` } : grant;
  });
  return settled({ ...world, hosts, rollout: { ...rollout, grants: kept, since: BASE, started: BASE } });
}

/**
 * A plan's waves of one role differ in the names of hosts only, so for other names the next wave would be any of those
 * that are left: each that looks otherwise is tried. In return, waves to come need no order in the state's key.
 */
function orders(world: World): World[] {
  const { rollout } = world;
  const { at, waves } = rollout;
  const wave = waves[at];
  if (!wave) return [world];
  const local = new Map(world.hosts.map((host) => [host.name, hostKey(host)]));
  const looks = new Set<string>();
  return waves.flatMap((other, index) => {
    if (index < at || other.role !== wave.role) return [];
    const look = other.hosts
      .map(({ host }) => local.get(host))
      .sort()
      .join();
    if (looks.has(look)) return [];
    looks.add(look);
    const swapped = [...waves];
    swapped[at] = other;
    swapped[index] = wave;
    return [index === at ? world : { ...world, rollout: { ...rollout, waves: swapped } }];
  });
}
