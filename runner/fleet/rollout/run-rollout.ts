import type { Diagnostic, Outcome } from '../../../compiler/contract/diagnostic.ts';
import { hostRef, rolloutRef, STATUS_REF } from '../../../compiler/contract/names.ts';
import type { Report } from '../../../compiler/contract/report.ts';
import type { Rollout } from '../../../compiler/contract/rollout.ts';
import type { Trust } from '../../../compiler/git/allowed-signers.ts';
import { type RefStore, readRefs } from '../../../compiler/git/ref-store.ts';
import { GitError } from '../../../compiler/git/run-git.ts';
import { readReports } from '../read-reports.ts';
import { checkKey, clusterOf, type Signer } from '../sign-promotions.ts';
import { readStatus } from '../status.ts';
import { formatStep } from './format-rollout.ts';
import { nextWave, type Step } from './next-wave.ts';
import { planRollout } from './plan-rollout.ts';
import { readCluster } from './read-cluster.ts';
import { canResume, resumeRollout } from './resume-rollout.ts';
import { readRollout } from './rollout-store.ts';
import { takeStep } from './take-step.ts';

/** What rollouts are run with. */
export interface RolloutSession {
  readonly config: RefStore;
  /** Where hosts report; refs/heads/status counts where there is none. */
  readonly reports: RefStore | undefined;
  readonly key: Signer['key'];
  readonly who: Signer['who'];
  readonly trust: Trust;
  /** Seconds since the epoch. */
  readonly clock: () => number;
  /** Waits for about as long as hosts take to report. */
  readonly pause: () => Promise<void>;
  /** A line of what happens. */
  readonly tell: (line: string) => void;
}

/** The hosts of a cluster that count for it, and those that were selected. */
export interface RolloutTarget {
  readonly type: string;
  readonly cluster: string;
  readonly members: readonly string[];
  readonly selected: ReadonlySet<string>;
}

/** A rollout that may be begun or gone on with. */
export interface PreparedRollout {
  readonly rollout: Rollout;
  /** The commit of the cluster's last rollout. */
  readonly last: string | undefined;
  readonly kind: 'new' | 'resumed';
}

/** Decides the waves for a cluster: those of the rollout that was left, or new ones. Undefined where none are needed. */
export async function prepareRollout(
  session: Omit<RolloutSession, 'key'>,
  target: RolloutTarget,
): Promise<Outcome<PreparedRollout | undefined>> {
  const { config, trust, clock } = session;
  const { type, cluster, members, selected } = target;
  const now = clock();
  const wanted = [...new Set(members)].sort();
  const refs = await readRefs(config, [rolloutRef(type, cluster), STATUS_REF, ...wanted.map(hostRef)]);
  const stored = await readRollout(config.repository, { refs, type, cluster, trust });
  if (typeof stored === 'string') return { value: undefined, diagnostics: [untrusted(target, stored)] };
  const { repository } = config;
  const { value: hosts, diagnostics } = await readCluster({ repository, hosts: wanted, refs, trust, now });
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  const reports = await lastReports(session, { hosts: wanted, status: refs.get(STATUS_REF) });
  const last = stored?.rollout;
  const plan = planRollout({ type, cluster, hosts, selected, reports, last, now });
  if (stored && last && canResume(last, plan.value, reports)) {
    const rollout = resumeRollout(last, reports, now);
    return { value: { rollout, last: stored.commit, kind: 'resumed' }, diagnostics: plan.diagnostics };
  }
  if (!plan.value) return { value: undefined, diagnostics: plan.diagnostics };
  return { value: { rollout: plan.value, last: stored?.commit, kind: 'new' }, diagnostics: plan.diagnostics };
}

function untrusted(target: RolloutTarget, why: string): Diagnostic {
  return {
    code: 'rollout/untrusted',
    severity: 'error',
    message: `the last rollout of ${clusterOf(target)} cannot be believed: ${why}`,
    hint: `find out who moved ${rolloutRef(target.type, target.cluster)}; without it nobody knows what may still restart`,
  };
}

async function lastReports(
  { config, reports, clock }: Pick<RolloutSession, 'config' | 'reports' | 'clock'>,
  { hosts, status }: { readonly hosts: readonly string[]; readonly status: string | undefined },
): Promise<ReadonlyMap<string, Report>> {
  if (reports) return (await readReports(reports, { now: clock(), hosts })).reports;
  const clusters = status === undefined ? [] : await readStatus(config, status);
  const wanted = new Set(hosts);
  const known = clusters.flatMap((cluster) => Object.values(cluster.hosts));
  return new Map(known.filter(({ host }) => wanted.has(host)).map((report) => [report.host, report]));
}

/** Failures of git in a row that end a rollout; it can be gone on with. */
const PATIENCE = 20;

/**
 * Runs a rollout to its end, or until it stops; what it has come to is in the config repository at any moment, and the
 * same command goes on with it. The value is undefined where a step could not be taken.
 */
export async function runRollout(
  session: RolloutSession,
  { rollout: first, last }: PreparedRollout,
): Promise<Outcome<Rollout | undefined>> {
  const { config, key, who, trust, clock, tell } = session;
  const keyProblem = checkKey(key, trust, clock());
  if (keyProblem.length > 0) return { value: undefined, diagnostics: keyProblem };
  let rollout = first;
  let commit = last;
  let step: Step = { rollout, grants: [], calls: [], waits: '' };
  for (;;) {
    const signer: Signer = { config, key, who, now: clock() };
    const taken = await takeStep({ signer, trust, step, last: commit });
    if (taken.value === undefined) return { value: undefined, diagnostics: taken.diagnostics };
    if (step.rollout !== first) tell(`${clusterOf(rollout)}: ${formatStep(rollout, step)}`);
    rollout = step.rollout;
    commit = taken.value;
    if (rollout.state !== 'running') return { value: rollout, diagnostics: stopOf(rollout) };
    step = await nextStep(session, rollout);
  }
}

/** Waits until reports have something happen. */
async function nextStep(session: RolloutSession, rollout: Rollout): Promise<Step> {
  const { config, clock, pause, tell } = session;
  const hosts = Object.keys(rollout.hosts);
  let told = '';
  const say = (line: string): void => {
    if (line !== told) tell(`${clusterOf(rollout)}: ${line}`);
    told = line;
  };
  for (let failures = 0; ; ) {
    try {
      const status = session.reports ? undefined : (await readRefs(config, [STATUS_REF])).get(STATUS_REF);
      const step = nextWave(rollout, await lastReports(session, { hosts, status }), clock());
      if (step.rollout !== rollout) return step;
      failures = 0;
      say(step.waits);
    } catch (error) {
      failures += 1;
      if (!(error instanceof GitError) || failures === PATIENCE) throw error;
      say(`reports cannot be read, trying again: ${error.message}`);
    }
    await pause();
  }
}

function stopOf(rollout: Rollout): Diagnostic[] {
  if (!rollout.problem) return [];
  const { code, message, hosts } = rollout.problem;
  const where = `${clusterOf(rollout)}, wave ${rollout.at + 1} of ${rollout.waves.length}`;
  const hint =
    'see the hosts, put them right or promote what does, then run the command again: it goes on from here';
  return [{ code, severity: 'error', message: `${where}: ${message}`, hint, hosts }];
}
