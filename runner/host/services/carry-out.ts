import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import type { Moment } from '../state/state-file.ts';
import { ageOf, askHealth } from './ask-health.ts';
import { isDown } from './debt.ts';
import { isSameStart } from './processes.ts';
import type { ServiceAccount } from './service-account.ts';
import { type SeenService, type ServiceManager, ServiceProblem } from './service-manager.ts';

/** The services of a host: who runs them, and as whom. */
export interface Services {
  readonly manager: ServiceManager;
  /** Undefined where services run as the user of their manager. Throws ServiceProblem. */
  readonly accountOf: (user: string) => ServiceAccount | undefined;
  /** This moment of the machine. */
  readonly moment: () => Moment;
}

/** Seconds behind its timeout after which a service that was told to stop is given up. */
const GRACE = 30;

/** Seconds that a manager may take to begin a start. */
const BEGIN = 10;

/** Seconds that a service without a check must run to be taken for well, and within which it must run. */
const SETTLED = 3;
const WITHIN = 60;

/**
 * Processes of one start after which a service is given up that its manager starts anew each time: a JVM takes seconds to
 * fail, too long for the manager to take it for a failed start.
 */
const TRIES = 3;

/** Milliseconds between two looks: often at first, rarely in the half hour of a large namenode. */
const INTERVALS = [50, 100, 200, 400, 800, 1_000, 2_000];

/** Stops a service, and waits until it is down; `timeout` in seconds. Throws ServiceProblem. */
export async function stopService(manager: ServiceManager, role: string, timeout: number): Promise<void> {
  await manager.stop(role);
  const waiting = timer(timeout + GRACE);
  for (;;) {
    if (isDown((await manager.look()).get(role))) return;
    if (!(await waiting.next())) {
      const message = `${role} does not end, ${timeout + GRACE} s after it was told to stop`;
      throw new ServiceProblem('services/not-stopped', message);
    }
  }
}

/**
 * Starts a service that is down, or goes on where it starts already, and waits until it is healthy. Gives why it is not:
 * undefined for a healthy one.
 */
export async function startService(services: Services, service: ServiceEntry): Promise<string | undefined> {
  const { manager } = services;
  try {
    if (isDown((await manager.look()).get(service.role))) await manager.start(service);
    return await awaitHealth(services, service);
  } catch (error) {
    if (error instanceof ServiceProblem) return error.message;
    throw error;
  }
}

/**
 * Waits until a service that somebody else has started is healthy, or what is left of its limit is over. One that has had
 * its time is not asked. Throws ServiceProblem.
 */
export async function awaitOther(services: Services, service: ServiceEntry): Promise<void> {
  const seen = (await services.manager.look()).get(service.role);
  const left = withinOf(service) - ageOf(seen, services.moment());
  if (left > 0) await awaitHealth(services, service, left);
}

function withinOf({ health }: ServiceEntry): number {
  return health?.within ?? WITHIN;
}

async function awaitHealth(
  services: Services,
  service: ServiceEntry,
  within = withinOf(service),
): Promise<string | undefined> {
  const { manager } = services;
  const { role, health } = service;
  const beginning = timer(BEGIN);
  const waiting = timer(within);
  const starts = new Set<string>();
  let reason = 'it does not run';
  for (;;) {
    const seen = (await manager.look()).get(role);
    if (seen?.process) starts.add(`${seen.process.start.boot} ${seen.process.start.ticks}`);
    if (starts.size > TRIES) return `it ended ${TRIES} times after it was started: ${reason}`;
    if (seen?.activity === 'failed') return `it has failed: ${seen.detail}`;
    if (isDown(seen) && beginning.isOver()) return `it ended again: ${seen?.detail ?? 'it is unknown'}`;
    if (seen?.activity === 'running') {
      if (!health) await pause(SETTLED * 1000);
      const answer = await askHealth(services, service, seen);
      if (answer === undefined && isSameRun(seen, (await manager.look()).get(role))) return undefined;
      reason = answer ?? 'it ends again and again';
    }
    if (!(await waiting.next())) return `not healthy within ${within} s: ${reason}`;
  }
}

function isSameRun(before: SeenService, after: SeenService | undefined): boolean {
  return after?.activity === 'running' && isSameStart(before.process?.start, after.process?.start);
}

function timer(seconds: number) {
  const end = performance.now() + seconds * 1000;
  let turn = 0;
  return {
    isOver: () => performance.now() >= end,
    /** Waits for the next turn; false where the time is over. */
    next: async (): Promise<boolean> => {
      const left = end - performance.now();
      if (left <= 0) return false;
      await pause(Math.min(left, INTERVALS[Math.min(turn, INTERVALS.length - 1)]!));
      turn += 1;
      return true;
    },
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
