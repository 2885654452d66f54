import { readFileSync } from 'node:fs';

/** A process that a service was. */
export interface ServiceProcess {
  readonly pid: number;
  /** Clock ticks from the boot to its start. */
  readonly ticks: number;
}

/** What a last report said of services. */
export interface LastServices {
  readonly processes: readonly ServiceProcess[];
  /** Whether one was on its way up or down, or not well: what is told of it will soon not be so any more. */
  readonly isUnsettled: boolean;
}

interface ReportedService {
  readonly pid: number | null;
  readonly start: { readonly boot: string; readonly ticks: number } | null;
  readonly state: string;
  readonly health: string;
}

/** The services in a last report; none from a text that is no report, no processes from another boot. */
export function servicesIn(text: string | undefined, boot: string): LastServices {
  try {
    const { services = [] } = JSON.parse(text ?? '') as { services?: readonly ReportedService[] };
    const processes = services.flatMap(({ pid, start }) =>
      pid !== null && start?.boot === boot ? [{ pid, ticks: start.ticks }] : [],
    );
    const isUnsettled = services.some(
      ({ state, health }) => state === 'starting' || state === 'stopping' || health === 'unhealthy',
    );
    return { processes, isUnsettled };
  } catch {
    return { processes: [], isUnsettled: false };
  }
}

/** Whether each still is the process that it was; a look at /proc, so that it can be had with every poll. */
export function areAlive(processes: readonly ServiceProcess[]): boolean {
  return processes.every(({ pid, ticks }) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      // The name of the program stands in brackets and may hold anything; fields count from behind it.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] !== 'Z' && Number(fields[19]) === ticks;
    } catch {
      return false;
    }
  });
}
