import { areAlive, type ServiceProcess } from './live-services.ts';
import { isRunDue, spacing, untilTurn } from './schedule.ts';

/** What the daemon does to the world; times in seconds since the epoch. */
export interface DaemonWorld {
  readonly now: () => number;
  /** Waits, or less where it is to end or to look at once. */
  readonly sleep: (seconds: number) => Promise<void>;
  /** Whether the host's ref holds something new. Throws where the repository cannot be reached. */
  readonly poll: () => Promise<boolean>;
  /** A full run in a process of its own; gives its exit code. */
  readonly run: () => Promise<number>;
  /** The processes of the services that the last run reported. */
  readonly services: () => readonly ServiceProcess[];
  /** A line for the log. */
  readonly tell: (line: string) => void;
  readonly isEnding: () => boolean;
}

/**
 * Looks at the host's ref once an interval, at the host's own second of it, and has a full run where one is due. Failures
 * are put off further each time, and told once. Ends where it is told to, never within a run.
 */
export async function runDaemon(
  world: DaemonWorld,
  { host, interval }: { readonly host: string; readonly interval: number },
): Promise<void> {
  let ranAt: number | undefined;
  let runFailures = 0;
  let pollFailures = 0;
  let told = '';
  while (!world.isEnding()) {
    await world.sleep(untilTurn(host, spacing(interval, pollFailures), world.now()));
    if (world.isEnding()) return;
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
    const age = ranAt === undefined ? undefined : Math.max(0, world.now() - ranAt);
    // A repository that is away is still to be reported, and services are still to be looked at.
    const polled = { isNew, age, failures: runFailures, sameServices: areAlive(world.services()) };
    if (!isRunDue(polled, interval)) continue;
    const exit = await world.run();
    runFailures = exit === 0 ? 0 : runFailures + 1;
    ranAt = world.now();
  }
}
