import type { Trust } from '../../../compiler/git/allowed-signers.ts';
import { verifyCommit } from '../../../compiler/git/signed-commit.ts';
import { checkFiles } from './check-files.ts';
import { checkManifest, readManifest } from './check-manifest.ts';
import { checkPromotion, readPromotion } from './check-promotion.ts';
import { checkTree } from './check-tree.ts';
import { MAX_COMMIT } from './limits.ts';
import {
  type AcceptPolicy,
  type FetchedBundle,
  type Refusal,
  type Verdict,
  type Watermark,
  withOpenGrants,
} from './verdict.ts';

/**
 * Says whether a fetched bundle may be applied: bytes in, verdict out; the first rule that is broken is the refusal.
 * `now` is the host's clock in seconds since the epoch; the effective time is the later of it and of the last signed
 * time that the watermark knows, so that a clock set back revives nothing.
 *
 * Verify
 *  1. The commit is small and in the one form of a signed one (malformed-commit, oversize).
 *  2. Its signature is by a key that is trusted, not revoked, and valid at the effective time (unsigned,
 *     malformed-signature, wrong-namespace, unknown-key, revoked-key, key-not-valid), over these bytes (bad-signature).
 *
 * Parse
 *  3. Its message is a promotion in its one spelling (malformed-promotion), of this host (wrong-host).
 *  4. It is not dated ahead of the clock (future).
 *  5. Its sequence is not below the host's minimum (below-minimum) or the watermark (lower-sequence), not the
 *     watermark's with another manifest (same-sequence-other-manifest) or other roles to restart or to retire
 *     (same-sequence-other-roles), and not far beyond it (sequence-jump).
 *  6. It is not expired at the effective time (expired).
 *  7. The tree is of bounded size (oversize) and of plain files only (not-a-file), no path twice (duplicate-path), and
 *     its id, computed from these bytes, is the signed one (tree-mismatch).
 *  8. manifest.json is there (manifest-missing) and has the signed digest (manifest-digest).
 *  9. It is of a known schema (unknown-schema), strictly so (schema), and in its one spelling (not-canonical).
 *
 * Trust
 * 10. It is this host's (wrong-host), and retires no role that it has (retired-role).
 * 11. The tree holds its files, and no other (file-missing, file-extra), of the stated size and digest (file-digest);
 *     each marker of a secret has its entry and each entry its marker (secret-marker), in a file that not everybody may
 *     read (secret-readable).
 * 12. Each path lies within the allowed prefixes (path-outside), outside of khp's own and of where the service manager
 *     takes its programs from (path-reserved), has no name that reads as an option, as another one, or as one of the
 *     runner's temporary files (path-name); no two are the same, differ by case only, or lie one below the other where
 *     that one is a file or a link (path-clash). An artifact's folder counts as one of them; a component has one artifact
 *     (artifact-twice), with an address that can be fetched (artifact-address).
 * 13. A role has one service (role-twice). Services run as allowed users, never root (user), and nothing that becomes a
 *     line elsewhere holds a control character (control-character).
 *
 * Of what is taken, a grant that was signed too long before the effective time counts no more; that is no refusal.
 */
export function accept(
  bytes: FetchedBundle,
  trust: Trust,
  policy: AcceptPolicy,
  watermark: Watermark | undefined,
  now: number,
): Verdict {
  const effectiveNow = Math.max(now, watermark?.signedAt ?? 0);
  if (bytes.commit.length > MAX_COMMIT) {
    return refuse({ code: 'accept/oversize', message: `the commit has more than ${MAX_COMMIT} bytes` });
  }
  const verified = verifyCommit(bytes.commit, { ...trust, now: effectiveNow });
  if (!verified.ok) {
    const { code, message } = verified;
    return refuse({ code: code === 'malformed' ? 'accept/malformed-commit' : `accept/${code}`, message });
  }
  const { tree, committedAt: signedAt } = verified.commit;

  const promotion = readPromotion(verified.commit.message);
  if ('code' in promotion) return refuse(promotion);
  const stale = checkPromotion({ promotion, signedAt }, { policy, watermark, now });
  if (stale) return { ok: false, refusal: stale, seq: promotion.seq };
  const crooked = checkTree(bytes, tree);
  if (crooked) return refuse(crooked);
  const read = readManifest(bytes.blobs, promotion.manifest);
  if ('code' in read) return refuse(read);

  const unfit = checkManifest({ manifest: read.manifest, retire: promotion.retire }, policy);
  if (unfit) return refuse(unfit);
  const files = checkFiles(bytes, read.manifest);
  if ('code' in files) return refuse(files);
  return { ok: true, bundle: withOpenGrants({ promotion, signedAt, ...read, files }, effectiveNow) };
}

function refuse(refusal: Refusal): Verdict {
  return { ok: false, refusal };
}
