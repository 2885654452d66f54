import * as z from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { HOST_NAME, NAME } from './names.ts';

export const ROLLOUT_SCHEMA = 'khp.rollout/1';

const host = z.string().regex(HOST_NAME);
const role = z.string().regex(NAME);
const count = z.int().min(0);

/** A role that the waves touch, and what must stay up of it. */
export const RolloutRole = z.strictObject({
  role,
  /** Hosts that may be down at once. */
  limit: z.int().min(1),
  /** One at a time whatever is set, and never before all others have answered a roll call. */
  alone: z.boolean(),
  /** It has a health check: running is not enough. */
  checked: z.boolean(),
  /** All hosts of the cluster that have it, sorted. */
  hosts: z.array(host),
});
export type RolloutRole = z.infer<typeof RolloutRole>;

/** Hosts that are restarted at once. */
export const RolloutWave = z.strictObject({
  role,
  /** The roles that each host is granted: the wave's, and where a link is to move all of its component on the host. */
  hosts: z.array(z.strictObject({ host, roles: z.array(role).min(1) })).min(1),
  /** Seconds without progress after which the rollout stops. */
  seconds: z.int().min(1),
});
export type RolloutWave = z.infer<typeof RolloutWave>;

/** A grant that was signed. */
export const RolloutGrant = z.strictObject({
  host,
  roles: z.array(role).min(1),
  seq: z.int().min(1),
  /** When it was signed; of an older khp not known. */
  at: z.iso.datetime().optional(),
  /** The host's last report before it (reportKey). */
  seen: z.string(),
});
export type RolloutGrant = z.infer<typeof RolloutGrant>;

/** A renewal that was signed so that the host reports: it has answered once it reports this end. */
export const RolloutCall = z.strictObject({ host, expires: z.iso.datetime() });
export type RolloutCall = z.infer<typeof RolloutCall>;

/**
 * `rollout.json`, the only file of the signed commit at refs/khp/rollouts/<type>/<cluster>: the waves of restarts of a
 * cluster and how far they have come. It moves in one transaction with the hosts' refs that it tells of.
 */
export const Rollout = z.strictObject({
  schema: z.literal(ROLLOUT_SCHEMA),
  type: z.string().regex(NAME),
  cluster: z.string().regex(NAME),
  state: z.enum(['running', 'stopped', 'done']),
  /** Why it stopped. */
  problem: z.strictObject({ code: z.string(), message: z.string(), hosts: z.array(host) }).nullable(),
  started: z.iso.datetime(),
  /** The last progress; RFC 3339, UTC, whole seconds, as all times here. */
  since: z.iso.datetime(),
  /** In the order in which they restart. */
  roles: z.array(RolloutRole),
  waves: z.array(RolloutWave),
  /** The index of the wave at hand; the number of waves once all are done. */
  at: count,
  /** The wave for which the roll was called last. */
  called: count.nullable(),
  /** Those of the last roll call, and those of earlier ones that were not answered. */
  calls: z.array(RolloutCall),
  /** Those of the wave at hand, and those of earlier ones that may still be used. */
  grants: z.array(RolloutGrant),
  /** The promotions of the hosts of these roles as khp signed or read them last. */
  hosts: z.record(
    host,
    z.strictObject({ seq: z.int().min(1), manifest: z.string(), expires: z.iso.datetime() }),
  ),
});
export type Rollout = z.infer<typeof Rollout>;

/** The rollout's path in its commit. */
export const ROLLOUT_PATH = 'rollout.json';

/** The bytes of the rollout's file. */
export function formatRollout(rollout: Rollout): Uint8Array {
  return new TextEncoder().encode(canonicalJson(Rollout.parse(rollout)));
}

/** Reads a rollout from the bytes of its file; undefined where they are none. */
export function parseRollout(bytes: Uint8Array): Rollout | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return Rollout.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
