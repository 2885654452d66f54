import * as z from 'zod';
import { absolutePath } from '../../../compiler/contract/manifest.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.int().min(0);

/** The roles that a promotion grants and retires. */
export const NamedRoles = z.strictObject({ restart: z.array(z.string()), retire: z.array(z.string()) });

/** `watermark.json`: how far this host has come; see Watermark of accept. */
export const WatermarkFile = z.strictObject({
  seq: z.int().min(1),
  manifest: sha256,
  roles: NamedRoles.optional(),
  signedAt: time,
  expires: time,
});
export type WatermarkFile = z.infer<typeof WatermarkFile>;

/** `gens/N/generation.json`. Its manifest lies beside it, its bytes in `blobs`, named by their SHA-256. */
export const Generation = z.strictObject({
  generation: z.int().min(1),
  /** The promotion that it holds. */
  seq: z.int().min(1),
  manifest: sha256,
  /** Of the promotion; a rollback has none. */
  roles: NamedRoles.optional(),
  signedAt: time,
  expires: time,
  /** Targets of the links of its artifacts, as they are on the disk once it is active; by path of the link. */
  links: z.record(absolutePath, z.string()),
  /** Targets that its links replaced. */
  replaced: z.record(absolutePath, z.string()),
  /** Made by a rollback: the sequence that was rolled back from. */
  rolled_back: z.int().min(1).optional(),
});
export type Generation = z.infer<typeof Generation>;

/**
 * `gens/N/digests.json`: of each file with secrets, what the clear bytes and their meaning come to under this host's
 * key; nothing of the clear text.
 */
export const SecretDigests = z.record(absolutePath, z.strictObject({ sha256, effect: sha256 }));
export type SecretDigests = z.infer<typeof SecretDigests>;

const owner = { owner: z.string(), group: z.string() };

/** `held.json`: the promotion that is not to be applied, until one of a higher sequence comes. */
export const Held = z.strictObject({
  seq: z.int().min(1),
  manifest: sha256,
  /** One sentence without a full stop. */
  reason: z.string(),
});
export type Held = z.infer<typeof Held>;

/** A moment of this machine: the boot, and hundredths of a second since it, as /proc/PID/stat tells starts. */
export const Moment = z.strictObject({ boot: z.string(), ticks: z.int().min(0) });
export type Moment = z.infer<typeof Moment>;

/** When something that is known by its digest changed last: a moment at or after it. */
export const LastChange = Moment.extend({ digest: sha256 });
export type LastChange = z.infer<typeof LastChange>;

/**
 * `changes.json`, by role. `restart`: of what its service runs from: the effects of the files that name it, its artifact,
 * its definition. A service that was started in that boot at or before that moment is in debt of a restart. `reload`: of the
 * effects of the files that it reloads.
 */
export const RoleChanges = z.record(z.string(), z.strictObject({ restart: LastChange, reload: LastChange }));
export type RoleChanges = z.infer<typeof RoleChanges>;

/** One change that a swap makes. `temporary` and `saved` are names in the directory of the path. */
const JournalChange = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('replace'),
    path: absolutePath,
    temporary: z.string(),
    saved: z.string().optional(),
    ...owner,
  }),
  z.strictObject({ kind: z.literal('remove'), path: absolutePath, saved: z.string().optional() }),
  z.strictObject({ kind: z.literal('directory'), path: absolutePath, mode: z.string(), ...owner }),
  z.strictObject({ kind: z.literal('link'), path: absolutePath, target: z.string(), temporary: z.string() }),
]);
export type JournalChange = z.infer<typeof JournalChange>;

/** A digest of what a service reads, and whether the disk had something else of it than the generation before. */
const RoleInput = z.strictObject({ digest: sha256, touched: z.boolean() });
export type RoleInput = z.infer<typeof RoleInput>;

/**
 * `journal.json`, there while an apply is under way. `staging`: nothing that anybody else sees has changed, and what was
 * staged is to be removed. `swapping`: everything is staged, and the changes are to be finished.
 */
export const Journal = z.strictObject({
  phase: z.enum(['staging', 'swapping']),
  generation: Generation,
  changes: z.array(JournalChange),
  /** By role: what its service is to run from. */
  roles: z.record(z.string(), z.strictObject({ restart: RoleInput, reload: RoleInput })),
  /** Of a rollback: what is to be held. The watermark stays. */
  held: Held.optional(),
});
export type Journal = z.infer<typeof Journal>;

/** `ownership.json`: who owns what, where it is recorded instead of set; by absolute path. */
export const Ledger = z.record(absolutePath, z.strictObject(owner));
export type Ledger = z.infer<typeof Ledger>;
