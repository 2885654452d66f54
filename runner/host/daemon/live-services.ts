import { readFileSync } from 'node:fs';

/** A process that a service was. */
export interface ServiceProcess {
  readonly pid: number;
  /** Clock ticks from the boot to its start. */
  readonly ticks: number;
}

/** The processes of the services in a last report; none from a text that is no report, or of another boot. */
export function servicesIn(text: string | undefined, boot: string): ServiceProcess[] {
  try {
    const report = JSON.parse(text ?? '') as {
      services?: { pid: number | null; start: { boot: string; ticks: number } | null }[];
    };
    return (report.services ?? []).flatMap(({ pid, start }) =>
      pid !== null && start?.boot === boot ? [{ pid, ticks: start.ticks }] : [],
    );
  } catch {
    return [];
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
