import { readFileSync } from 'node:fs';
import type { ProcessStart } from '../../../compiler/contract/report.ts';
import { DEFINITION_VARIABLE } from './service-definition.ts';
import type { SeenProcess } from './service-manager.ts';

/** A process that lives, and whose child it is. */
export interface LiveProcess extends SeenProcess {
  readonly parent: number;
}

/** The id of the boot that this machine is in. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}

/** Looks at a process; undefined for none, and for one that has ended and was not yet waited for. See proc(5). */
export function lookAtProcess(pid: number): LiveProcess | undefined {
  const before = readStat(pid);
  if (!before) return undefined;
  const definition = readDefinition(pid);
  const after = readStat(pid);
  // The number may have become another process's between the two files.
  if (after?.ticks !== before.ticks) return undefined;
  const start: ProcessStart = { boot: bootId(), ticks: before.ticks };
  return { pid, parent: before.parent, start, definition };
}

/** Whether two starts are of one process. */
export function isSameStart(a: ProcessStart | undefined, b: ProcessStart | undefined): boolean {
  return a !== undefined && b !== undefined && a.boot === b.boot && a.ticks === b.ticks;
}

function readStat(pid: number): { parent: number; ticks: number } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name of the program stands in brackets and may hold anything; fields count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { parent: Number(fields[1]), ticks: Number(fields[19]) };
}

function readDefinition(pid: number): string | undefined {
  const prefix = `${DEFINITION_VARIABLE}=`;
  const variables = (read(`/proc/${pid}/environ`) ?? '').split('\0');
  return variables.find((variable) => variable.startsWith(prefix))?.slice(prefix.length);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
