import type { Diagnostic, Outcome } from '../../compiler/contract/diagnostic.ts';
import { hostRef } from '../../compiler/contract/names.ts';
import { parsePromotion } from '../../compiler/contract/promotion.ts';
import type { Trust } from '../../compiler/git/allowed-signers.ts';
import { parseCommit } from '../../compiler/git/objects.ts';
import { readObjects } from '../../compiler/git/read-objects.ts';
import type { Repository } from '../../compiler/git/repository.ts';
import { verifyCommit } from '../../compiler/git/signed-commit.ts';
import type { CurrentPromotion } from './plan-promotions.ts';

/** Whose promotions to read. */
export interface CurrentRequest {
  readonly repository: Repository;
  readonly hosts: readonly string[];
  /** The hosts' refs and their ids. */
  readonly refs: ReadonlyMap<string, string>;
  readonly trust: Trust;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A promotion is small; what is larger was not made by khp. */
const MAX_COMMIT = 1 << 16;

/**
 * The promotions that hosts have, by host; a host without one is left out. Each must be signed by a key that was valid
 * at the time of its commit and speak of its host, or it is a problem: its Seq could be anybody's invention.
 */
export async function readCurrentPromotions(
  request: CurrentRequest,
): Promise<Outcome<Map<string, CurrentPromotion>>> {
  const { repository, refs } = request;
  const asked = request.hosts.filter((host) => refs.has(hostRef(host)));
  const current = new Map<string, CurrentPromotion>();
  const problems = new Map<string, string[]>();
  const names = asked.map((host) => refs.get(hostRef(host))!);
  let next = 0;
  await readObjects({ repository, names, maxBytes: MAX_COMMIT }, (object) => {
    const host = asked[next++]!;
    const isCommit = object?.type === 'commit' && object.content !== undefined;
    const promotion = isCommit ? readPromotion(object.content!, request) : 'it is no commit that khp made';
    if (typeof promotion !== 'string' && promotion.host === host) {
      current.set(host, { ...promotion, commit: object!.id });
      return;
    }
    const why = typeof promotion === 'string' ? promotion : `it is of ${promotion.host}`;
    problems.set(why, [...(problems.get(why) ?? []), host]);
  });
  const diagnostics = Array.from(
    problems,
    ([why, hosts]): Diagnostic => ({
      code: 'promote/untrusted-current',
      severity: 'error',
      message: `the promotion that the host has cannot be trusted: ${why}`,
      hint: 'find out who moved its ref; for a key that is no longer in use, keep its line among the allowed signers, with valid-before',
      hosts,
    }),
  );
  return { value: current, diagnostics };
}

function readPromotion(
  commit: Uint8Array,
  { trust, now }: CurrentRequest,
): Omit<CurrentPromotion, 'commit'> | string {
  const signedAt = parseCommit(commit)?.committer.time ?? 0;
  const verdict = verifyCommit(commit, { ...trust, now: signedAt });
  if (!verdict.ok) return verdict.message;
  const promotion = parsePromotion(verdict.commit.message);
  if (!promotion) return 'its message is not one of khp';
  const isKeyValid = verifyCommit(commit, { ...trust, now }).ok;
  return { ...promotion, tree: verdict.commit.tree, signedAt, isKeyValid };
}
