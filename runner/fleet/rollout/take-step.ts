import type { Diagnostic, Outcome } from '../../../compiler/contract/diagnostic.ts';
import { AUDIT_REF, hostRef, rolloutRef } from '../../../compiler/contract/names.ts';
import type { Promotion } from '../../../compiler/contract/promotion.ts';
import type { Rollout } from '../../../compiler/contract/rollout.ts';
import type { Trust } from '../../../compiler/git/allowed-signers.ts';
import { readRefs } from '../../../compiler/git/ref-store.ts';
import type { Operation } from '../audit.ts';
import { readCurrentPromotions } from '../current-promotions.ts';
import { type CurrentPromotion, renewed } from '../plan-promotions.ts';
import { clusterOf, movePromotions, type NextPromotion, type Signer } from '../sign-promotions.ts';
import type { Step } from './next-wave.ts';
import { writeRollout } from './rollout-store.ts';

/** A step to carry out. */
export interface StepRequest {
  readonly signer: Signer;
  readonly trust: Trust;
  readonly step: Step;
  /** The commit of the rollout that the step was decided from; undefined for a cluster's first. */
  readonly last: string | undefined;
}

const ATTEMPTS = 5;

/**
 * Signs what a step grants and calls, and moves the hosts' refs, the rollout's and the audit's as one transaction: a kill
 * leaves all of it or none. Gives the rollout's new commit. A rollout that somebody else has moved meanwhile, or a host
 * that was promoted anew, is a problem: the step was decided from what is no longer so.
 */
export async function takeStep(request: StepRequest): Promise<Outcome<string | undefined>> {
  const { signer, step, last } = request;
  const { rollout, grants, calls } = step;
  const ref = rolloutRef(rollout.type, rollout.cluster);
  const hosts = [...grants, ...calls].map(({ host }) => host);
  let reason = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const refs = await readRefs(signer.config, [ref, AUDIT_REF, ...hosts.map(hostRef)]);
    if (refs.get(ref) !== last) return problem('taken', rollout, 'somebody else goes on with this rollout');
    const { value: next, diagnostics } = await nextPromotions(request, refs);
    if (diagnostics.length > 0) return { value: undefined, diagnostics };
    const commit = await writeRollout(signer, rollout, last);
    const { outcome } = await movePromotions(signer, {
      next,
      operation: operationOf(step),
      audit: refs.get(AUDIT_REF),
      more: [{ ref, old: last, new: commit }],
    });
    if (outcome.ok) return { value: commit, diagnostics: [] };
    reason = outcome.reason;
  }
  return problem('conflict', rollout, `refs moved ${ATTEMPTS} times while a step was taken (${reason})`);
}

function problem(code: string, rollout: Rollout, why: string): Outcome<undefined> {
  const diagnostic: Diagnostic = {
    code: `rollout/${code}`,
    severity: 'error',
    message: `${clusterOf(rollout)}: ${why}`,
    hint: 'see refs/heads/audit for who does what, then run the command again',
  };
  return { value: undefined, diagnostics: [diagnostic] };
}

async function nextPromotions(
  { signer, trust, step: { grants, calls, rollout } }: StepRequest,
  refs: ReadonlyMap<string, string>,
): Promise<Outcome<NextPromotion[]>> {
  const { repository } = signer.config;
  const hosts = [...grants, ...calls].map(({ host }) => host);
  const { value: current, diagnostics } = await readCurrentPromotions({
    repository,
    hosts,
    refs,
    trust,
    now: signer.now,
  });
  const moved: string[] = [];
  const next: NextPromotion[] = [];
  const add = (host: string, change: (before: CurrentPromotion) => Promotion, seq: number): void => {
    const before = current.get(host);
    if (before?.seq !== seq || before.manifest !== rollout.hosts[host]?.manifest) moved.push(host);
    else next.push({ promotion: change(before), tree: before.tree, parent: before.commit });
  };
  for (const { host, roles, seq } of grants) {
    // What was to be retired before stays so: the host may not have come to it.
    const grant = ({ manifest, expires, retire }: CurrentPromotion): Promotion => {
      return { host, seq, manifest, expires, restart: [...roles].sort(), retire };
    };
    add(host, grant, seq - 1);
  }
  for (const { host, expires } of calls) {
    const renewal = { now: signer.now, expires: Date.parse(expires) / 1000 };
    add(host, (before) => renewed(before, renewal), rollout.hosts[host]!.seq);
  }
  if (moved.length === 0 || diagnostics.length > 0) return { value: next, diagnostics };
  const message = 'promoted anew since the waves were planned';
  const hint = 'run the command again: it plans for what is promoted now';
  return {
    value: next,
    diagnostics: [{ code: 'rollout/moved', severity: 'error', message, hint, hosts: moved }],
  };
}

function operationOf({ rollout, grants, calls }: Step): SignedOperation {
  const { state, at, waves, problem: stop } = rollout;
  const place = clusterOf(rollout);
  const hosts = (grants.length > 0 ? grants : calls).map(({ host }) => host);
  const base = { action: 'restart' as const, clusters: [place], hosts };
  if (stop) {
    const summary = `${place} stopped in wave ${at + 1} of ${waves.length}: ${oneLine(stop.message)}`;
    return { ...base, result: 'failed', hosts: stop.hosts, problems: [stop.code], summary };
  }
  return { ...base, result: 'done', summary: `${place}, ${happened(rollout, { grants, calls, state })}` };
}

type SignedOperation = Omit<Operation, 'who' | 'now'>;

function happened(
  { at, waves }: Rollout,
  { grants, calls, state }: Pick<Step, 'grants' | 'calls'> & { state: Rollout['state'] },
): string {
  const count = (n: number): string => `${n} ${n === 1 ? 'host' : 'hosts'}`;
  const wave = `wave ${at + 1} of ${waves.length}`;
  if (state === 'done') return `all ${waves.length} waves are done`;
  if (grants.length > 0) return `${wave}: ${waves[at]!.role} granted on ${count(grants.length)}`;
  if (calls.length > 0) return `${wave}: roll called on ${count(calls.length)}`;
  return at === 0 ? `${waves.length} waves planned` : `on to ${wave}`;
}

function oneLine(text: string): string {
  return text.replace(/[\0-\x1f\x7f]+/g, ' ');
}
