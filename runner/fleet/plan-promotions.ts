import type { Diagnostic, Outcome } from '../../compiler/contract/diagnostic.ts';
import { isGrantOpen, type Promotion } from '../../compiler/contract/promotion.ts';
import type { BundleHost, ExpectedBundle } from './bundle-hosts.ts';

/** The promotion that a host has, verified. */
export interface CurrentPromotion extends Promotion {
  readonly commit: string;
  readonly tree: string;
  /** Seconds since the epoch: the committer's time. */
  readonly signedAt: number;
  /** Whether its key counts now, not only when it signed: hosts refuse what is signed by a key whose time is over. */
  readonly isKeyValid: boolean;
}

/**
 * The promotion that a host has, to be signed once more with a later end: the same decision, so what it granted or retired
 * stays so. A grant that has ended is not brought back by a newer signature. Times in seconds since the epoch.
 */
export function renewed(before: CurrentPromotion, { now, expires }: Renewal): Promotion {
  const { host, seq, manifest, retire } = before;
  return { host, seq, manifest, expires, restart: openGrants(before, now), retire };
}

interface Renewal {
  readonly now: number;
  readonly expires: number;
}

/** The roles that a host may still begin to restart. */
export function openGrants({ restart, signedAt }: CurrentPromotion, now: number): readonly string[] {
  return isGrantOpen(signedAt, now) ? restart : [];
}

/** What is known of the hosts, before anything is decided. */
export interface PromotionFacts {
  readonly hosts: readonly string[];
  /** What refs/heads/bundles holds. */
  readonly bundles: ReadonlyMap<string, BundleHost>;
  /** SHA-256 of the manifests in refs/heads/bundles, by host. */
  readonly manifests: ReadonlyMap<string, string>;
  /** What the compiler makes of the same source. */
  readonly expected: ReadonlyMap<string, ExpectedBundle>;
  readonly current: ReadonlyMap<string, CurrentPromotion>;
  /**
   * The Seq that hosts have reported to run or to hold. Higher than that of `current` where a ref was deleted or moved
   * back.
   */
  readonly reported: ReadonlyMap<string, number>;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A promotion to sign. */
export interface PlannedPromotion {
  readonly promotion: Promotion;
  readonly type: string;
  readonly cluster: string;
  readonly tree: string;
  /** The commit of the promotion before. */
  readonly parent: string | undefined;
  /** `renewed`: the same content with a later end; nothing is applied. */
  readonly kind: 'promoted' | 'renewed';
}

/** What is to be done. */
export interface PromotionPlan {
  readonly planned: readonly PlannedPromotion[];
  /** Hosts for which there is nothing to do. */
  readonly unchanged: readonly string[];
}

const DAY = 86_400;
/** How long a promotion counts: seconds. */
export const LIFETIME = 90 * DAY;
/** From how long before its end it is renewed: seconds. */
const RENEW_BEFORE = 30 * DAY;

/**
 * Decides each host's next promotion: a higher Seq where the bundle is another, the same Seq with a later end where that
 * is near or the key's time is over, nothing otherwise. Refuses, for all hosts, what differs from what the compiler makes.
 */
export function planPromotions(facts: PromotionFacts): Outcome<PromotionPlan> {
  const planned: PlannedPromotion[] = [];
  const unchanged: string[] = [];
  const unknown: string[] = [];
  const different: string[] = [];
  for (const host of [...new Set(facts.hosts)].sort()) {
    const bundle = facts.bundles.get(host);
    const manifest = facts.manifests.get(host);
    const expected = facts.expected.get(host);
    if (!bundle || manifest === undefined) unknown.push(host);
    else if (expected?.manifest !== manifest || expected.tree !== bundle.tree) different.push(host);
    else {
      const plan = planHost({ host, bundle, manifest, facts });
      if (plan) planned.push(plan);
      else unchanged.push(host);
    }
  }
  const diagnostics = [
    ...refusal('unknown-host', unknown, {
      message: 'no compiled bundle to promote',
      hint: 'compile first, and see that the selector names hosts of the inventory',
    }),
    ...refusal('differs', different, {
      message: 'the committed bundle differs from what its source compiles to here',
      hint: 'compile with the version that is named in the commit of the bundles; if it still differs, find out who wrote that commit',
    }),
  ];
  return { value: { planned, unchanged }, diagnostics };
}

function refusal(
  problem: string,
  hosts: readonly string[],
  { message, hint }: { message: string; hint: string },
): Diagnostic[] {
  if (hosts.length === 0) return [];
  return [{ code: `promote/${problem}`, severity: 'error', message, hint, hosts }];
}

interface HostFacts {
  readonly host: string;
  readonly bundle: BundleHost;
  readonly manifest: string;
  readonly facts: PromotionFacts;
}

function planHost({ host, bundle, manifest, facts }: HostFacts): PlannedPromotion | undefined {
  const current = facts.current.get(host);
  // A host never goes back: what counts on from a lost promotion would be refused until it caught up.
  const seq = Math.max(current?.seq ?? 0, facts.reported.get(host) ?? 0);
  const isSame = current?.manifest === manifest && current.tree === bundle.tree && current.seq === seq;
  if (isSame && current.isKeyValid && current.expires - facts.now > RENEW_BEFORE) return undefined;
  const expires = facts.now + LIFETIME;
  // Another bundle is granted nothing yet.
  const promotion: Promotion =
    current && isSame
      ? renewed(current, { now: facts.now, expires })
      : { host, manifest, expires, seq: seq + 1, restart: [], retire: [] };
  return {
    promotion,
    type: bundle.type,
    cluster: bundle.cluster,
    tree: bundle.tree,
    parent: current?.commit,
    kind: isSame ? 'renewed' : 'promoted',
  };
}
