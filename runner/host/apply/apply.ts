import { type AcceptedBundle, type NamedRoles, namedRoles } from '../accept/verdict.ts';
import { missingAccount } from '../observe/accounts.ts';
import type { Plan } from '../plan/plan.ts';
import { during } from '../run/phases.ts';
import { isSystemError, systemMessage } from '../run/system-error.ts';
import { listGenerations } from '../state/read-generation.ts';
import type { Generation, Held, Journal } from '../state/state-file.ts';
import { type HostState, readState } from '../state/store.ts';
import { removeGeneration } from './generation-folder.ts';
import { generationsToRemove } from './keep-generations.ts';
import { linksAfter } from './role-inputs.ts';
import { type Engine, type StagedSecrets, stage, unstage, writeJournal } from './stage.ts';
import { finish, writeWatermark } from './swap.ts';

const NO_SECRETS: StagedSecrets = { files: new Map(), digests: {} };

/** How an apply ended: the paths that it changed, sorted, or why nothing was changed. */
export type ApplyOutcome =
  | { readonly ok: true; readonly changed: boolean; readonly written: readonly string[] }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** What is to be applied. */
export interface ApplyRequest {
  readonly plan: Plan;
  readonly bundle: AcceptedBundle;
  readonly state: HostState;
  readonly secrets?: StagedSecrets;
  /** Of a rollback: what is to be held from now on. */
  readonly held?: Held;
}

/**
 * Carries out a plan: STAGED → INTENT → SWAP → ACTIVATE → COMMIT, each durable before the next. Everything that may fail
 * for want of room or rights happens while staging, and is undone; from INTENT on there are renames only, and a crash or an
 * error is made good by recover(). Without anything to do only a renewal is noted. The lock is held, and no journal is
 * there.
 */
export function apply(engine: Engine, request: ApplyRequest): ApplyOutcome {
  const { plan, bundle, state, secrets = NO_SECRETS, held } = request;
  const blocked = obstacleOf(engine, plan);
  if (blocked) return blocked;
  if (plan.steps.length === 0 && !plan.advances) {
    renew(engine, request);
    return { ok: true, changed: false, written: [] };
  }
  const generation = nextGeneration(engine, request);
  let journal: Journal;
  try {
    // Makes room before the next one is staged, so that nothing can fail when it is committed.
    for (const number of generationsToRemove(engine.rooted, state.active))
      removeGeneration(engine.rooted, number);
    journal = during(engine, 'stage', () => {
      const staged = stage(engine, { plan, bundle, generation, secrets, held });
      writeJournal(engine.rooted, staged);
      return staged;
    });
  } catch (error) {
    return notStaged(engine, error);
  }
  try {
    during(engine, 'swap', () => finish(engine, journal, state));
  } catch (error) {
    return interrupted(error);
  }
  return { ok: true, changed: true, written: pathsOf(journal) };
}

function pathsOf({ changes }: Journal): string[] {
  return changes.map(({ path }) => path).sort();
}

/**
 * Makes good an apply that was interrupted: what was only staged is removed, what was begun is finished. Gives the paths
 * that are now as the journal wants them; undefined where there was nothing to do.
 */
export function recover(engine: Engine, state: HostState): ApplyOutcome | undefined {
  const { journal } = state;
  if (!journal) return undefined;
  try {
    if (journal.phase === 'staging') {
      unstage(engine, journal);
      return { ok: true, changed: false, written: [] };
    }
    finish(engine, journal, state);
    return { ok: true, changed: true, written: pathsOf(journal) };
  } catch (error) {
    return interrupted(error);
  }
}

/** Why a plan can be told to fail before anything is done; undefined where nothing is in its way. */
export function obstacleOf({ ownership }: Engine, plan: Plan): ApplyOutcome | undefined {
  const { obstacles, steps, unstaged } = plan;
  if (unstaged[0]) {
    const { component, version } = unstaged[0];
    const message = `the artifact of ${component} ${version} is not unpacked on this host`;
    return { ok: false, code: 'apply/artifact-missing', message };
  }
  const first = obstacles[0];
  if (first) {
    const more = obstacles.length > 1 ? `, and ${obstacles.length - 1} more` : '';
    return { ok: false, code: 'apply/obstacle', message: `${first.path}: ${first.why}${more}` };
  }
  const entries = steps.flatMap((step) => ('entry' in step ? [step.entry] : []));
  const missing = missingAccount(ownership, entries);
  if (missing === undefined) return undefined;
  return { ok: false, code: 'apply/unknown-account', message: `this host does not have ${missing}` };
}

function nextGeneration({ rooted }: Engine, { bundle, plan, state, held }: ApplyRequest): Generation {
  const { promotion, signedAt, manifest: content } = bundle;
  const last = Math.max(state.active?.record.generation ?? 0, ...listGenerations(rooted));
  const { seq, manifest, expires } = promotion;
  const moves = plan.steps.flatMap((step) => (step.kind === 'link' ? step : []));
  return {
    generation: last + 1,
    seq,
    manifest,
    ...(!held && { roles: boundRoles(bundle, state) }),
    // The time that was signed last never goes back, even where an older promotion is renewed.
    signedAt: Math.max(signedAt, state.watermark?.signedAt ?? 0),
    expires,
    links: linksAfter(content, plan),
    replaced: Object.fromEntries(moves.flatMap(({ path, from }) => (from === null ? [] : [[path, from]]))),
    ...(held && state.active && { rolled_back: state.active.record.seq }),
  };
}

/** The roles that a sequence stands for: those of the first of its commits that this host has applied. */
function boundRoles(bundle: AcceptedBundle, { watermark }: Pick<HostState, 'watermark'>) {
  const { restart, retire }: NamedRoles =
    (watermark?.seq === bundle.promotion.seq && watermark.roles) || namedRoles(bundle);
  return { restart: [...restart], retire: [...retire] };
}

/** Notes a later signature of what was applied already. */
export function renew({ rooted }: Engine, { bundle, state }: Pick<ApplyRequest, 'bundle' | 'state'>): void {
  const { seq, manifest, expires } = bundle.promotion;
  const before = state.watermark;
  const roles = boundRoles(bundle, state);
  const isLater = !before || before.expires < expires || before.signedAt < bundle.signedAt;
  if (!isLater && before.roles) return;
  writeWatermark(rooted, {
    seq,
    manifest,
    roles,
    signedAt: Math.max(bundle.signedAt, before?.signedAt ?? 0),
    expires: Math.max(expires, before?.expires ?? 0),
  });
}

function notStaged(engine: Engine, error: unknown): ApplyOutcome {
  if (!isSystemError(error)) throw error;
  const { journal } = readState(engine.rooted);
  if (journal) unstage(engine, journal);
  return { ok: false, code: 'apply/not-staged', message: `nothing was changed: ${systemMessage(error)}` };
}

function interrupted(error: unknown): ApplyOutcome {
  if (!isSystemError(error)) throw error;
  return {
    ok: false,
    code: 'apply/interrupted',
    message: `the next run will finish what was begun: ${systemMessage(error)}`,
  };
}
