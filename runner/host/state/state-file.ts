import { z } from 'zod';
import { absolutePath } from '../../../compiler/contract/manifest.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.int().min(0);

/** `watermark.json`: how far this host has come; see Watermark of accept. */
export const WatermarkFile = z.strictObject({
  seq: z.int().min(1),
  manifest: sha256,
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
  signedAt: time,
  expires: time,
});
export type Generation = z.infer<typeof Generation>;

/**
 * `gens/N/digests.json`: of each file with secrets, what the clear bytes and their meaning come to under this host's
 * key; nothing of the clear text.
 */
export const SecretDigests = z.record(absolutePath, z.strictObject({ sha256, effect: sha256 }));
export type SecretDigests = z.infer<typeof SecretDigests>;

const owner = { owner: z.string(), group: z.string() };

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
]);
export type JournalChange = z.infer<typeof JournalChange>;

/**
 * `journal.json`, there while an apply is under way. `staging`: nothing that anybody else sees has changed, and what was
 * staged is to be removed. `swapping`: everything is staged, and the changes are to be finished.
 */
export const Journal = z.strictObject({
  phase: z.enum(['staging', 'swapping']),
  generation: Generation,
  changes: z.array(JournalChange),
});
export type Journal = z.infer<typeof Journal>;

/** `ownership.json`: who owns what, where it is recorded instead of set; by absolute path. */
export const Ledger = z.record(absolutePath, z.strictObject(owner));
export type Ledger = z.infer<typeof Ledger>;
