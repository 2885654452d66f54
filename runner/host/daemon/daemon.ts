import { areAlive, type LastServices } from './live-services.ts';
import { isRunDue, soonAfter, spacing, untilTurn } from './schedule.ts';

/** What the daemon does to the world. */
export interface DaemonWorld {
  /** Seconds since the epoch: whose turn it is. */
  readonly now: () => number;
  /** Seconds from any moment on, by a clock that nobody sets: how long something is ago. */
  readonly elapsed: () => number;
  /** Waits, or less where it is to end or to look at once. */
  readonly sleep: (seconds: number) => Promise<void>;
  /** Whether the host's ref holds something new. Throws where the repository cannot be reached. */
  readonly poll: () => Promise<boolean>;
  /** A full run in a process of its own; gives its exit code. */
  readonly run: () => Promise<number>;
  /** What the last run reported of services. */
  readonly services: () => LastServices;
  /** Whether an apply was begun and has not ended. */
  readonly isInterrupted: () => boolean;
  /** A line for the log. */
  readonly tell: (line: string) => void;
  readonly isEnding: () => boolean;
}

/**
 * Looks at the host's ref once an interval, at the host's own second of it, and has a full run where one is due. Between
 * these turns it has one, less and less soon, while an apply is interrupted, and at once where it begins with that, and
 * while a service is on its way up or not well. Failures are put off further each time, and told once. Ends where it is told
 * to, never within a run.
 */
export async function runDaemon(
  world: DaemonWorld,
  { host, interval }: { readonly host: string; readonly interval: number },
): Promise<void> {
  let ranAt: number | undefined;
  let runFailures = 0;
  let pollFailures = 0;
  let told = '';
  let looks = 0;
  const began = world.elapsed();
  const run = async (): Promise<void> => {
    const exit = await world.run();
    runFailures = exit === 0 ? 0 : runFailures + 1;
    ranAt = world.elapsed();
    looks = isUnsettled(world) ? looks + 1 : 0;
  };
  if (world.isInterrupted()) await run();
  while (!world.isEnding()) {
    const turn = untilTurn(host, spacing(interval, pollFailures), world.now());
    const soon = Math.max(0, (ranAt ?? began) + soonAfter(looks) - world.elapsed());
    const isEarly = isUnsettled(world) && soon < turn;
    await world.sleep(isEarly ? soon : turn);
    if (world.isEnding()) return;
    if (isEarly) {
      await run();
      continue;
    }
    let isNew = false;
    try {
      isNew = await world.poll();
      if (pollFailures > 0) world.tell('the config repository can be reached again');
      pollFailures = 0;
      told = '';
    } catch (error) {
      const message = (error as Error).message.split('\n')[0]!;
      if (message !== told) world.tell(`the config repository cannot be reached: ${message}`);
      told = message;
      pollFailures += 1;
    }
    if (world.isEnding()) return;
    const age = ranAt === undefined ? undefined : world.elapsed() - ranAt;
    // A repository that is away is still to be reported, and services are still to be looked at.
    const polled = { isNew, age, failures: runFailures, sameServices: areAlive(world.services().processes) };
    if (isRunDue(polled, interval)) await run();
  }
}

function isUnsettled(world: DaemonWorld): boolean {
  return world.isInterrupted() || world.services().isUnsettled;
}
