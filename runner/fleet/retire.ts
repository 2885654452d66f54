import type { Diagnostic, Outcome } from '../../compiler/contract/diagnostic.ts';
import { MANIFEST_PATH, Manifest } from '../../compiler/contract/manifest.ts';
import { AUDIT_REF, BUNDLES_REF, hostRef, STATUS_REF } from '../../compiler/contract/names.ts';
import { type Promotion, RETIRE_ALL, retiresAll } from '../../compiler/contract/promotion.ts';
import { type Report, reportedSeq } from '../../compiler/contract/report.ts';
import type { Trust } from '../../compiler/git/allowed-signers.ts';
import { readObject } from '../../compiler/git/read-objects.ts';
import { type RefStore, readRefs } from '../../compiler/git/ref-store.ts';
import { readBundleHosts } from './bundle-hosts.ts';
import { readCurrentPromotions } from './current-promotions.ts';
import { type CurrentPromotion, openGrants } from './plan-promotions.ts';
import { checkKey, clusterOf, conflict, movePromotions, type Signer } from './sign-promotions.ts';
import { readStatus } from './status.ts';

/** What to retire. */
export interface RetireRequest extends Signer {
  readonly trust: Trust;
  readonly host: string;
  /** One role; everything that runs on the host where not said. */
  readonly role: string | undefined;
}

/** A retirement that was signed. */
export interface Retired {
  readonly host: string;
  readonly retire: readonly string[];
  readonly seq: number;
}

const ATTEMPTS = 5;

/**
 * Signs that a host stops and forgets a role that it is promoted no longer, or all that it runs once it is compiled no
 * longer; on the bundle that it has, as a new Seq. Files and data stay on the host. Refuses for what is still wanted: that
 * is taken from the inventory first, so that no later promotion brings it back.
 */
export async function retire(request: RetireRequest): Promise<Outcome<Retired | undefined>> {
  const { config, trust, host, now, key } = request;
  let reason = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const refs = await readRefs(config, [AUDIT_REF, BUNDLES_REF, STATUS_REF, hostRef(host)]);
    const { repository } = config;
    const current = await readCurrentPromotions({ repository, hosts: [host], refs, trust, now });
    const before = current.value.get(host);
    const problems = [...current.diagnostics, ...checkKey(key, trust, now)];
    if (problems.length === 0 && !before)
      problems.push(nothing(host, await fullNames(config, { label: host, status: refs.get(STATUS_REF) })));
    if (problems.length > 0 || !before) return { value: undefined, diagnostics: problems };
    const report = await reportOf(config, { host, status: refs.get(STATUS_REF) });
    const manifest = await manifestOf(config, before);
    const refusal = await refusalOf(request, { before, report, manifest, bundles: refs.get(BUNDLES_REF) });
    if (refusal) return { value: undefined, diagnostics: [refusal] };
    const promotion = next(request, { before, report });
    const place = manifest ? [clusterOf(manifest)] : [];
    const { outcome } = await movePromotions(request, {
      next: [{ promotion, tree: before.tree, parent: before.commit }],
      audit: refs.get(AUDIT_REF),
      operation: {
        action: 'retire',
        result: 'done',
        summary: request.role === undefined ? `${host}, all of it` : `${request.role} of ${host}`,
        clusters: place,
        hosts: [host],
      },
    });
    const { seq } = promotion;
    if (outcome.ok) return { value: { host, retire: promotion.retire, seq }, diagnostics: [] };
    reason = outcome.reason;
  }
  return { value: undefined, diagnostics: [conflict(ATTEMPTS, reason)] };
}

function next(
  { host, role, now }: RetireRequest,
  { before, report }: { readonly before: CurrentPromotion; readonly report: Report | undefined },
): Promotion {
  const seq = Math.max(before.seq, report ? reportedSeq(report) : 0) + 1;
  const { manifest, expires } = before;
  if (role === undefined) return { host, seq, manifest, expires, restart: [], retire: [RETIRE_ALL] };
  // The host may not have come to what was granted or retired before.
  const roles = [...new Set([...before.retire, role])].sort();
  return { host, seq, manifest, expires, restart: openGrants(before, now), retire: roles };
}

function problem(code: string, message: string, hint: string): Diagnostic {
  return { code: `retire/${code}`, severity: 'error', message, hint };
}

function nothing(host: string, fullNames: readonly string[]): Diagnostic {
  return problem(
    'no-promotion',
    `nothing is promoted to ${host}, so there is nothing to sign on`,
    fullNames.length > 0
      ? `did you mean ${fullNames.join(' or ')}? hosts are named in full here`
      : 'see the name of the host; what runs on a host whose ref was deleted is stopped by hand',
  );
}

/** The hosts that have reported and whose names begin with a label. */
async function fullNames(
  config: RefStore,
  { label, status }: { readonly label: string; readonly status: string | undefined },
): Promise<string[]> {
  const clusters = status === undefined ? [] : await readStatus(config, status);
  const hosts = clusters.flatMap((cluster) => Object.keys(cluster.hosts));
  return hosts.filter((host) => host.startsWith(`${label}.`)).sort();
}

async function reportOf(
  config: RefStore,
  { host, status }: { readonly host: string; readonly status: string | undefined },
): Promise<Report | undefined> {
  const clusters = status === undefined ? [] : await readStatus(config, status);
  return clusters.map(({ hosts }) => hosts[host]).find((report) => report !== undefined);
}

async function manifestOf(
  { repository }: RefStore,
  { commit }: CurrentPromotion,
): Promise<Manifest | undefined> {
  const object = await readObject(repository, `${commit}:${MANIFEST_PATH}`);
  try {
    return Manifest.safeParse(JSON.parse(Buffer.from(object?.content ?? []).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

interface RetireFacts {
  readonly before: CurrentPromotion;
  readonly report: Report | undefined;
  readonly manifest: Manifest | undefined;
  readonly bundles: string | undefined;
}

/** Why this must not be retired; undefined where it may. */
async function refusalOf(
  { config, host, role }: RetireRequest,
  { before, report, manifest, bundles }: RetireFacts,
): Promise<Diagnostic | undefined> {
  if (retiresAll(before))
    return problem('retired', `${host} is retired as a whole already`, 'nothing is left to do');
  if (role === undefined) {
    const compiled = bundles === undefined ? undefined : await readBundleHosts(config.repository, bundles);
    if (!compiled?.has(host)) return undefined;
    return problem(
      'still-compiled',
      `${host} is still in the inventory`,
      'take it out, compile with --allow-removals, then retire it',
    );
  }
  if (manifest?.services.some((service) => service.role === role)) {
    return problem(
      'still-promoted',
      `${host} is promoted with ${role}`,
      `take it out of the group ${role}, compile with --allow-removals and promote, then retire the role`,
    );
  }
  const services = report?.services;
  if (!services || services.some((one) => one.role === role && one.state === 'orphaned')) return undefined;
  return problem(
    'not-orphaned',
    `${host} reports no orphaned service of ${role}`,
    'see what it runs on its page or by khp-runner status; khp collect reads the reports anew',
  );
}
