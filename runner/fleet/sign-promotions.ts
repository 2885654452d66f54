import type { Diagnostic } from '../../compiler/contract/diagnostic.ts';
import { hostRef } from '../../compiler/contract/names.ts';
import { formatPromotion, type Promotion } from '../../compiler/contract/promotion.ts';
import type { Trust } from '../../compiler/git/allowed-signers.ts';
import type { Person } from '../../compiler/git/identity.ts';
import { formatCommit, objectId } from '../../compiler/git/objects.ts';
import { moveRefs, type RefStore } from '../../compiler/git/ref-store.ts';
import type { RefOutcome, RefUpdate } from '../../compiler/git/refs.ts';
import { signCommit, verifyCommit } from '../../compiler/git/signed-commit.ts';
import type { SigningKey } from '../../compiler/git/ssh-key.ts';
import { writeObjects } from '../../compiler/git/write-objects.ts';
import { auditUpdate, identityAt, type Operation } from './audit.ts';

/** Who signs what goes into the config repository, with what, and when. */
export interface Signer {
  /** Holds the hosts' refs and the audit's. */
  readonly config: RefStore;
  readonly key: SigningKey;
  readonly who: Person;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A promotion to sign: on which tree, behind which commit. */
export interface NextPromotion {
  readonly promotion: Promotion;
  readonly tree: string;
  /** The commit of the promotion before. */
  readonly parent: string | undefined;
}

/** What moves together. */
export interface SignedMove {
  readonly next: readonly NextPromotion[];
  readonly operation: Omit<Operation, 'who' | 'now'>;
  /** The tip of the audit. */
  readonly audit: string | undefined;
  /** Refs beside those of the hosts. */
  readonly more?: readonly RefUpdate[];
}

/** Signs promotions and moves the hosts' refs, the audit's and others as one transaction; gives the commits, in order. */
export async function movePromotions(
  signer: Signer,
  { next, operation, audit, more = [] }: SignedMove,
): Promise<{ readonly commits: readonly string[]; readonly outcome: RefOutcome }> {
  const { config, who, now } = signer;
  const commits = await signAll(signer, next);
  const entry = await auditUpdate(config.repository, { ...operation, who, now }, audit);
  const hosts = next.map(({ promotion: { host }, parent }, index): RefUpdate => {
    return { ref: hostRef(host), old: parent, new: commits[index]! };
  });
  const outcome = await moveRefs(config, [entry, ...hosts, ...more], `khp ${operation.action}`);
  return { commits, outcome };
}

/** Signs and stores the commits, in order. */
function signAll({ config, key, who, now }: Signer, next: readonly NextPromotion[]): Promise<string[]> {
  const person = identityAt(who, now);
  const commits = next.map(({ promotion, tree, parent }) => {
    const commit = formatCommit({
      tree,
      parents: parent === undefined ? [] : [parent],
      author: person,
      committer: person,
      message: formatPromotion(promotion),
    });
    return { type: 'commit' as const, content: signCommit(commit, key) };
  });
  return commits.length === 0 ? Promise.resolve([]) : writeObjects(config.repository, commits);
}

/** A key that the hosts refuse is better found before anything is signed. */
export function checkKey(key: SigningKey, trust: Trust, now: number): Diagnostic[] {
  const who = { name: 'khp', email: 'khp', time: now, zone: '+0000' };
  const tree = objectId('tree', new Uint8Array());
  const probe = formatCommit({ tree, parents: [], author: who, committer: who, message: 'probe\n' });
  const verdict = verifyCommit(signCommit(probe, key), { ...trust, now });
  if (verdict.ok) return [];
  const hint = "add the key's public line to publish.keys in khp.yml";
  const message = `no host would accept it: ${verdict.message}`;
  return [{ code: 'promote/key-not-allowed', severity: 'error', message, hint }];
}

/** What others do at the same time kept refs from moving. */
export function conflict(attempts: number, reason: string): Diagnostic {
  return {
    code: 'promote/conflict',
    severity: 'error',
    message: `refs moved ${attempts} times while promotions were made (${reason})`,
    hint: 'see who else promotes, then promote again',
  };
}

/** Operations that are told of as so many hosts of a cluster. */
export function hostsOf(places: readonly { readonly type: string; readonly cluster: string }[]): string {
  const clusters = new Set(places.map(clusterOf));
  const where = clusters.size === 1 ? [...clusters][0] : `${clusters.size} clusters`;
  return `${places.length} ${places.length === 1 ? 'host' : 'hosts'} of ${where}`;
}

/** `<type>/<cluster>`. */
export function clusterOf({ type, cluster }: { readonly type: string; readonly cluster: string }): string {
  return `${type}/${cluster}`;
}
