import type { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import type { Moment } from '../state/state-file.ts';
import type { Services } from './carry-out.ts';
import { checkHealth } from './check-health.ts';
import type { SeenService } from './service-manager.ts';

/** Ticks of a second, as starts of processes and moments are told in. */
const TICKS = 100;

/** Seconds that the process of a service has run; 0 where that is not known. */
export function ageOf(seen: SeenService | undefined, now: Moment): number {
  const start = seen?.process?.start;
  return start?.boot === now.boot ? (now.ticks - start.ticks) / TICKS : 0;
}

/** Asks a running service how it is, once it has run for long enough; undefined for well, otherwise why not. */
export async function askHealth(
  { accountOf, moment }: Services,
  service: ServiceEntry,
  seen: SeenService | undefined,
): Promise<string | undefined> {
  const { settle = 0 } = service.health ?? {};
  const age = ageOf(seen, moment());
  if (settle > 0 && !seen?.process) return 'it is to settle, and when its process was started is not known';
  if (age < settle) return `it has run for ${Math.floor(age)} s, and is to settle for ${settle} s`;
  return await checkHealth(service, accountOf);
}
