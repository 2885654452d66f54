import * as z from 'zod';
import { replaceJson } from '../apply/durable-file.ts';
import { inFolder, inFolderIfThere, type RootedDisk } from '../apply/folders.ts';
import { STATE_PATH } from '../config/layout.ts';
import { readJson } from '../state/read-generation.ts';
import { Moment, NamedRoles, type WatermarkFile } from '../state/state-file.ts';

const NAME = 'restarts.json';

/**
 * `restarts.json`: what became of the grants of the promotion that was accepted last. It is durable before anything is
 * stopped, so that a service which was stopped under a grant is started by the next run whatever ends this one.
 */
export const RestartRecord = z.strictObject({
  seq: z.int().min(0),
  /** Of that promotion: what nobody may change under the same number, from the first thing on that is done for it. */
  manifest: z.string().optional(),
  roles: NamedRoles.optional(),
  /**
   * Roles whose restart was begun and has not ended, and whether the service was healthy before. A service of a role that
   * is stopped is one to be started.
   */
  begun: z.record(z.string(), z.strictObject({ healthy: z.boolean() })),
  /** Roles that had their restart: the grant is used. */
  done: z.array(z.string()),
  /**
   * Roles whose grant had ended before it was used, once that was seen: a clock that is set back does not open it again.
   * Missing where there are none.
   */
  late: z.array(z.string()).optional(),
  /** Why a generation is rolled back from, and the roles that may be restarted for it. */
  rollback: z
    .strictObject({
      /** The generation. */
      from: z.int().min(1),
      reason: z.string(),
      roles: z.array(z.string()),
      by_hand: z.boolean(),
    })
    .nullable(),
  /** Roles that the promotion retires. */
  retire: z.array(z.string()),
  /** By role: the moment of the change that its service was made to reload last. */
  reloaded: z.record(z.string(), Moment),
});
export type RestartRecord = z.infer<typeof RestartRecord>;

/** Of a host on which nothing was granted. */
export const NO_RESTARTS: RestartRecord = {
  seq: 0,
  begun: {},
  done: [],
  rollback: null,
  retire: [],
  reloaded: {},
};

/** Throws DamagedState. */
export function readRestartRecord(rooted: RootedDisk): RestartRecord {
  return (
    inFolderIfThere(rooted, STATE_PATH, (state) =>
      readJson(rooted.disk, state, { name: NAME, schema: RestartRecord }),
    ) ?? NO_RESTARTS
  );
}

/** Whether a restart was begun that has not ended. */
export function isRestartBegun(rooted: RootedDisk): boolean {
  return Object.keys(readRestartRecord(rooted).begun).length > 0;
}

/** Makes the record durable. */
export function writeRestartRecord(rooted: RootedDisk, value: RestartRecord): void {
  inFolder(rooted, STATE_PATH, (state) => replaceJson(rooted.disk, state, { name: NAME, value }));
}

/**
 * How far a host has come, what it has begun and not applied among it: services were stopped under that grant, and no
 * other commit of its sequence, nor one before it, counts any more.
 */
export function furthest(
  watermark: WatermarkFile | undefined,
  { seq, manifest, roles }: RestartRecord,
): WatermarkFile | undefined {
  if (manifest === undefined || seq <= (watermark?.seq ?? 0)) return watermark;
  return { signedAt: 0, expires: 0, ...watermark, seq, manifest, roles };
}
