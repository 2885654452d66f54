import type { Diagnostic, Outcome } from '../../compiler/contract/diagnostic.ts';
import { MANIFEST_PATH } from '../../compiler/contract/manifest.ts';
import { AUDIT_REF, BUNDLES_REF, STATUS_REF } from '../../compiler/contract/names.ts';
import { parsePublication } from '../../compiler/contract/publication.ts';
import { reportedSeq } from '../../compiler/contract/report.ts';
import type { Trust } from '../../compiler/git/allowed-signers.ts';
import type { Person } from '../../compiler/git/identity.ts';
import { parseCommit } from '../../compiler/git/objects.ts';
import { readObject, readObjects } from '../../compiler/git/read-objects.ts';
import { type RefStore, readRefs } from '../../compiler/git/ref-store.ts';
import { isAncestor } from '../../compiler/git/refs.ts';
import type { Repository } from '../../compiler/git/repository.ts';
import type { SigningKey } from '../../compiler/git/ssh-key.ts';
import { writeAudit } from './audit.ts';
import { type BundleHost, type ExpectedBundle, readBundleHosts, sha256 } from './bundle-hosts.ts';
import { readCurrentPromotions } from './current-promotions.ts';
import { type PlannedPromotion, type PromotionPlan, planPromotions } from './plan-promotions.ts';
import { checkKey, clusterOf, conflict, hostsOf, movePromotions } from './sign-promotions.ts';
import { readStatus } from './status.ts';

/** What to promote. */
export interface PromoteRequest {
  /** Holds refs/heads/bundles, audit and the hosts' refs. */
  readonly config: RefStore;
  /** Has the source commits, and `branch`: the ref of khp.yml's `publish.branch`, in full. */
  readonly workspace: Repository;
  readonly branch: string;
  /** The commit of refs/heads/bundles whose source was compiled again. */
  readonly bundles: string;
  /** What that gave, of the selected hosts at least (expectedBundles). */
  readonly expected: ReadonlyMap<string, ExpectedBundle>;
  readonly hosts: readonly string[];
  readonly key: SigningKey;
  /** khp.yml's `publish.keys`, and the keys that are revoked. */
  readonly trust: Trust;
  readonly who: Person;
  /** Seconds since the epoch. */
  readonly now: number;
  /** More than one cluster may be touched. */
  readonly yes: boolean;
}

/** A host that got a promotion. */
export interface Promoted {
  readonly host: string;
  readonly type: string;
  readonly cluster: string;
  readonly seq: number;
  /** Seconds since the epoch. */
  readonly expires: number;
  readonly commit: string;
}

/** What was done; lists are sorted by host. */
export interface PromoteResult {
  /** Hosts that are to run another bundle. */
  readonly promoted: readonly Promoted[];
  /** Hosts that may run theirs for longer. */
  readonly renewed: readonly Promoted[];
  /** Hosts for which there was nothing to do. */
  readonly unchanged: readonly string[];
}

const ATTEMPTS = 5;

/**
 * Signs the bundles of hosts and moves their refs, together with the audit's, as one transaction: all or none. The value
 * is undefined where it was refused; what is wrong with bundles, refs or keys is then written into the audit as well.
 * Throws where a repository cannot be read or written.
 */
export async function promote(request: PromoteRequest): Promise<Outcome<PromoteResult | undefined>> {
  const { config } = request;
  let reason = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const refs = await readRefs(config, [BUNDLES_REF, AUDIT_REF, STATUS_REF, 'refs/khp/hosts/']);
    const { value: plan, diagnostics } = await makePlan(request, refs);
    if (diagnostics.length > 0) return refuse(request, diagnostics);
    if (plan.planned.length === 0) return done([], plan);
    const renews = plan.planned.every(({ kind }) => kind === 'renewed');
    const { commits, outcome } = await movePromotions(request, {
      next: plan.planned,
      audit: refs.get(AUDIT_REF),
      operation: {
        action: renews ? 'renew' : 'promote',
        result: 'done',
        summary: hostsOf(plan.planned),
        clusters: plan.planned.map(clusterOf),
        hosts: plan.planned.map(({ promotion }) => promotion.host),
        bundles: request.bundles,
      },
    });
    if (outcome.ok) return done(commits, plan);
    reason = outcome.reason;
    // What moved may be the audit alone, which everybody writes; the plan is made again from what is there now.
  }
  return { value: undefined, diagnostics: [conflict(ATTEMPTS, reason)] };
}

function error(problem: string, message: string, hint: string): Diagnostic {
  return { code: `promote/${problem}`, severity: 'error', message, hint };
}

/** Where bundles, refs or keys are not what they should be, others must be able to see that somebody ran into it. */
async function refuse(
  request: PromoteRequest,
  diagnostics: readonly Diagnostic[],
): Promise<Outcome<undefined>> {
  const { config, who, now, bundles } = request;
  const grave = ['promote/differs', 'promote/untrusted-current', 'promote/foreign-bundles'];
  const problems = diagnostics.map(({ code }) => code).filter((code) => grave.includes(code));
  if (problems.length > 0) {
    const hosts = diagnostics.flatMap((diagnostic) => diagnostic.hosts ?? []);
    const known = await readBundleHosts(config.repository, bundles);
    await writeAudit(config, {
      who,
      now,
      action: 'promote',
      result: 'refused',
      summary: `refused for ${request.hosts.length} ${request.hosts.length === 1 ? 'host' : 'hosts'}`,
      clusters: hosts.flatMap((host) => (known.has(host) ? [clusterOf(known.get(host)!)] : [])),
      hosts,
      problems,
      bundles,
    });
  }
  return { value: undefined, diagnostics };
}

function done(commits: readonly string[], { planned, unchanged }: PromotionPlan): Outcome<PromoteResult> {
  const toPromoted = ({ promotion, type, cluster }: PlannedPromotion, index: number): Promoted => {
    const { host, seq, expires } = promotion;
    return { host, type, cluster, seq, expires, commit: commits[index]! };
  };
  const all = planned.map((plan, index) => ({ kind: plan.kind, entry: toPromoted(plan, index) }));
  const of = (wanted: PlannedPromotion['kind']) =>
    all.filter(({ kind }) => kind === wanted).map(({ entry }) => entry);
  return { value: { promoted: of('promoted'), renewed: of('renewed'), unchanged }, diagnostics: [] };
}

async function makePlan(
  request: PromoteRequest,
  refs: ReadonlyMap<string, string>,
): Promise<Outcome<PromotionPlan>> {
  const { config, hosts, expected, trust, now } = request;
  const { repository } = config;
  const nothing: PromotionPlan = { planned: [], unchanged: [] };
  const problem = await checkBundles(request, refs);
  if (problem) return { value: nothing, diagnostics: [problem] };
  const bundles = await readBundleHosts(repository, request.bundles);
  const current = await readCurrentPromotions({ repository, hosts: [...new Set(hosts)], refs, trust, now });
  const manifests = await readManifests(repository, { hosts, bundles });
  const reported = await readReportedSeqs(config, refs.get(STATUS_REF));
  const facts = { hosts, bundles, manifests, expected, current: current.value, reported, now };
  const plan = planPromotions(facts);
  const clusters = new Set(
    hosts.flatMap((host) => (bundles.has(host) ? [clusterOf(bundles.get(host)!)] : [])),
  );
  const tooMany =
    clusters.size > 1 && !request.yes
      ? [
          error(
            'many-clusters',
            `this promotes hosts of ${clusters.size} clusters`,
            'say --yes if that is meant',
          ),
        ]
      : [];
  return {
    value: plan.value,
    diagnostics: [
      ...current.diagnostics,
      ...plan.diagnostics,
      ...tooMany,
      ...checkKey(request.key, trust, now),
    ],
  };
}

async function readReportedSeqs(config: RefStore, status: string | undefined): Promise<Map<string, number>> {
  const statuses = status === undefined ? [] : await readStatus(config, status);
  const reports = statuses.flatMap(({ hosts }) => Object.values(hosts));
  return new Map(reports.map((report) => [report.host, reportedSeq(report)]));
}

/** Bundles are promoted only as khp made them, of a commit that was reviewed, and as they are now. */
async function checkBundles(
  { config, workspace, branch, bundles }: PromoteRequest,
  refs: ReadonlyMap<string, string>,
): Promise<Diagnostic | undefined> {
  const tip = refs.get(BUNDLES_REF);
  if (tip === undefined) return error('no-bundles', `there is no ${BUNDLES_REF}`, 'compile first');
  if (tip !== bundles) {
    return error(
      'bundles-moved',
      `${BUNDLES_REF} moved since its source was compiled again`,
      'promote again',
    );
  }
  const object = await readObject(config.repository, bundles);
  const commit = object?.content && parseCommit(object.content);
  const source = commit && parsePublication(commit.message)?.source;
  if (source === undefined) {
    return error(
      'foreign-bundles',
      `the last commit of ${BUNDLES_REF} was not made by khp: it names no source commit`,
      'find out who moved the branch, then compile again',
    );
  }
  if (await isAncestor(workspace, source, branch)) return undefined;
  return error(
    'not-on-branch',
    `the bundles were compiled from ${source.slice(0, 12)}, which is not on ${branch}`,
    'fetch the branch with its history, merge the change, and compile it there',
  );
}

async function readManifests(
  repository: Repository,
  { hosts, bundles }: { hosts: readonly string[]; bundles: ReadonlyMap<string, BundleHost> },
): Promise<Map<string, string>> {
  const manifests = new Map<string, string>();
  const known = hosts.filter((host) => bundles.has(host));
  const names = known.map((host) => `${bundles.get(host)!.tree}:${MANIFEST_PATH}`);
  let next = 0;
  await readObjects({ repository, names }, (object) => {
    const host = known[next++]!;
    if (object?.type === 'blob' && object.content) manifests.set(host, sha256(object.content));
  });
  return manifests;
}
