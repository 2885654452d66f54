import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import type { RoleChanges } from '../state/state-file.ts';
import { definitionDigest } from './service-definition.ts';
import type { SeenService } from './service-manager.ts';

/**
 * Whether a service runs from something older than what the host holds: it was started before the last change of what it
 * is started with, in the boot of that change (a tie counts; a process of a later boot has read what came before it), or
 * from another definition than the manifest's, which the process itself says. What cannot be told counts as debt; a service
 * that is down has none.
 */
export function isInDebt(
  service: ServiceEntry,
  seen: SeenService | undefined,
  changes: RoleChanges,
): boolean {
  const running = seen?.process;
  if (!running) return seen?.activity === 'running' || seen?.activity === 'starting';
  if (running.definition !== definitionDigest(service)) return true;
  const last = changes[service.role]?.restart;
  return last !== undefined && last.boot === running.start.boot && running.start.ticks <= last.ticks;
}

/** Whether a service is to be started, as nothing else will: for the first time, or because it has failed. */
export function isToStart(seen: SeenService | undefined): boolean {
  return seen === undefined || seen.activity === 'failed';
}

/** Whether there is no process that anybody could disturb. */
export function isDown(seen: SeenService | undefined): boolean {
  return seen === undefined || seen.activity === 'stopped' || seen.activity === 'failed';
}
