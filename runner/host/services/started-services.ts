import * as z from 'zod';
import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import { ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { replaceJson } from '../apply/durable-file.ts';
import { inFolder, inFolderIfThere, type RootedDisk } from '../apply/folders.ts';
import { STATE_PATH } from '../config/layout.ts';
import { DamagedState, readJson } from '../state/read-generation.ts';
import { Moment } from '../state/state-file.ts';
import { isSameStart } from './processes.ts';
import type { SeenService } from './service-manager.ts';

const NAME = 'started.json';

/**
 * `started.json`, by role: a process, and its service as the manifest had it when the process was last in no debt. A
 * process in debt listens where it was told to then, whatever the manifest says by now.
 */
export const StartedServices = z.record(z.string(), z.strictObject({ start: Moment, service: ServiceEntry }));
export type StartedServices = z.infer<typeof StartedServices>;

/** A damaged file says nothing: what it held comes back with the next start of each service. */
export function readStartedServices(rooted: RootedDisk): StartedServices {
  try {
    return (
      inFolderIfThere(rooted, STATE_PATH, (state) =>
        readJson(rooted.disk, state, { name: NAME, schema: StartedServices }),
      ) ?? {}
    );
  } catch (error) {
    if (error instanceof DamagedState) return {};
    throw error;
  }
}

/** A service that was looked at, and whether it is in no debt. */
export interface LookedAt {
  readonly service: ServiceEntry;
  readonly seen: SeenService | undefined;
  readonly isCurrent: boolean;
}

/** Makes durable what is known of the processes of the active generation's services; of others nothing is kept. */
export function noteStarted(rooted: RootedDisk, looked: readonly LookedAt[]): void {
  const before = readStartedServices(rooted);
  const known = looked.flatMap(({ service, seen, isCurrent }): [string, StartedServices[string]][] => {
    const { role } = service;
    const start = seen?.process?.start;
    if (isCurrent && start) return [[role, { start, service }]];
    const last = before[role];
    return last && isSameStart(start, last.start) ? [[role, last]] : [];
  });
  const value = Object.fromEntries(known);
  if (canonicalJson(value) === canonicalJson(before)) return;
  inFolder(rooted, STATE_PATH, (state) => replaceJson(rooted.disk, state, { name: NAME, value }));
}

/** The service as its process was started; undefined where that is not known. */
export function asStarted(
  started: StartedServices,
  role: string,
  seen: SeenService | undefined,
): ServiceEntry | undefined {
  const last = started[role];
  return last && isSameStart(seen?.process?.start, last.start) ? last.service : undefined;
}
