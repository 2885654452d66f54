import { type Promotion, parsePromotion } from '../../../compiler/contract/promotion.ts';
import { MAX_AHEAD, MAX_JUMP } from './limits.ts';
import { type AcceptPolicy, type NamedRoles, quoted, type Refusal, type Watermark } from './verdict.ts';

/** The promotion that a verified commit's message is. */
export function readPromotion(message: string): Promotion | Refusal {
  return (
    parsePromotion(message) ?? {
      code: 'accept/malformed-promotion',
      message: 'the message of the commit is not the text of a promotion',
    }
  );
}

/** Where and when a promotion is judged. */
export interface PromotionContext {
  readonly policy: AcceptPolicy;
  readonly watermark: Watermark | undefined;
  /** The host's clock: seconds since the epoch. */
  readonly now: number;
}

/** Whether a promotion is of this host, of its time, and next in line. */
export function checkPromotion(
  { promotion, signedAt }: { readonly promotion: Promotion; readonly signedAt: number },
  { policy, watermark, now }: PromotionContext,
): Refusal | undefined {
  const { host, seq, expires } = promotion;
  if (host !== policy.host) {
    return {
      code: 'accept/wrong-host',
      message: `it is a promotion of ${quoted(host)}, and this is ${policy.host}`,
    };
  }
  if (signedAt > now + MAX_AHEAD) {
    return {
      code: 'accept/future',
      message: `it was signed at ${time(signedAt)}, more than an hour ahead of the clock, ${time(now)}`,
    };
  }
  if (seq < policy.minSeq) {
    return {
      code: 'accept/below-minimum',
      message: `its sequence, ${seq}, is below min_seq of runner.yml, ${policy.minSeq}`,
    };
  }
  const broken = watermark && checkSequence(promotion, watermark);
  if (broken) return broken;
  const effectiveNow = Math.max(now, watermark?.signedAt ?? 0);
  if (expires <= effectiveNow) {
    return {
      code: 'accept/expired',
      message: `promotion ${seq} expired at ${time(expires)}; now it is ${time(effectiveNow)}`,
    };
  }
  return undefined;
}

function checkSequence(promotion: Promotion, watermark: Watermark): Refusal | undefined {
  const { seq, manifest } = promotion;
  if (seq < watermark.seq) {
    return {
      code: 'accept/lower-sequence',
      message: `its sequence, ${seq}, is below the last one of this host, ${watermark.seq}`,
    };
  }
  if (seq === watermark.seq && manifest !== watermark.manifest) {
    return {
      code: 'accept/same-sequence-other-manifest',
      message: `sequence ${seq} was applied with another manifest already`,
    };
  }
  // Two operators may have signed the same number, and a server may have kept the commit that lost.
  if (seq === watermark.seq && watermark.roles && !isOfSameRoles(promotion, watermark.roles)) {
    return {
      code: 'accept/same-sequence-other-roles',
      message: `sequence ${seq} was accepted with other roles to restart or to retire already`,
    };
  }
  if (seq > watermark.seq + MAX_JUMP) {
    return {
      code: 'accept/sequence-jump',
      message: `its sequence, ${seq}, is more than ${MAX_JUMP} ahead of the last one, ${watermark.seq}`,
    };
  }
  return undefined;
}

/** A renewal may leave out grants that have ended, all of them, and may do nothing else. */
function isOfSameRoles({ restart, retire }: NamedRoles, known: NamedRoles): boolean {
  const isSame = (one: readonly string[], other: readonly string[]): boolean => one.join() === other.join();
  return isSame(retire, known.retire) && (restart.length === 0 || isSame(restart, known.restart));
}

function time(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString().replace('.000Z', 'Z');
}
