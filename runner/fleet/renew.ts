import type { Diagnostic, Outcome } from '../../compiler/contract/diagnostic.ts';
import { AUDIT_REF, hostRef } from '../../compiler/contract/names.ts';
import type { Trust } from '../../compiler/git/allowed-signers.ts';
import { readRefs } from '../../compiler/git/ref-store.ts';
import type { BundleHost } from './bundle-hosts.ts';
import { readCurrentPromotions } from './current-promotions.ts';
import { LIFETIME, renewed } from './plan-promotions.ts';
import { checkKey, clusterOf, conflict, hostsOf, movePromotions, type Signer } from './sign-promotions.ts';

/** Whose promotions to renew. */
export interface RenewRequest extends Signer {
  readonly trust: Trust;
  /** The selected hosts of the bundles. */
  readonly hosts: ReadonlyMap<string, Pick<BundleHost, 'type' | 'cluster'>>;
  /** More than one cluster may be touched. */
  readonly yes: boolean;
}

/** What was done; lists are sorted by host. */
export interface RenewResult {
  readonly renewed: readonly { readonly host: string; readonly seq: number; readonly expires: number }[];
  /** Hosts without a promotion. */
  readonly without: readonly string[];
}

const ATTEMPTS = 5;

/**
 * Signs the promotions that hosts have once more, with the same Seq, manifest, open grants and retirements and a later end,
 * as one transaction. Nothing is applied by it. What a host has must be signed by a trusted key.
 */
export async function renew(request: RenewRequest): Promise<Outcome<RenewResult | undefined>> {
  const { config, trust, now, key } = request;
  const hosts = [...request.hosts.keys()].sort();
  let reason = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const refs = await readRefs(config, [AUDIT_REF, ...hosts.map(hostRef)]);
    const { repository } = config;
    const { value: current, diagnostics } = await readCurrentPromotions({
      repository,
      hosts,
      refs,
      trust,
      now,
    });
    const problems = [...diagnostics, ...tooMany(request), ...checkKey(key, trust, now)];
    if (problems.length > 0) return { value: undefined, diagnostics: problems };
    const next = hosts.flatMap((host) => {
      const before = current.get(host);
      if (!before) return [];
      const expires = Math.max(now + LIFETIME, before.expires + 1);
      return [{ promotion: renewed(before, { now, expires }), tree: before.tree, parent: before.commit }];
    });
    const result: RenewResult = {
      renewed: next.map(({ promotion: { host, seq, expires } }) => ({ host, seq, expires })),
      without: hosts.filter((host) => !current.has(host)),
    };
    if (next.length === 0) return { value: result, diagnostics: [] };
    const places = next.map(({ promotion: { host } }) => request.hosts.get(host)!);
    const { outcome } = await movePromotions(request, {
      next,
      audit: refs.get(AUDIT_REF),
      operation: {
        action: 'renew',
        result: 'done',
        summary: hostsOf(places),
        clusters: places.map(clusterOf),
        hosts: next.map(({ promotion }) => promotion.host),
      },
    });
    if (outcome.ok) return { value: result, diagnostics: [] };
    reason = outcome.reason;
  }
  return { value: undefined, diagnostics: [conflict(ATTEMPTS, reason)] };
}

function tooMany({ hosts, yes }: RenewRequest): Diagnostic[] {
  const clusters = new Set([...hosts.values()].map(clusterOf));
  if (clusters.size <= 1 || yes) return [];
  const message = `this renews promotions of ${clusters.size} clusters`;
  return [{ code: 'promote/many-clusters', severity: 'error', message, hint: 'say --yes if that is meant' }];
}
