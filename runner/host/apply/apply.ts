import type { AcceptedBundle } from '../accept/verdict.ts';
import { missingAccount } from '../observe/accounts.ts';
import type { Plan } from '../plan/plan.ts';
import { isSystemError, systemMessage } from '../run/system-error.ts';
import type { Generation, Journal } from '../state/state-file.ts';
import { type HostState, listGenerations, readState } from '../state/store.ts';
import { type Engine, removeGeneration, type StagedSecrets, stage, unstage, writeJournal } from './stage.ts';
import { finish, writeWatermark } from './swap.ts';

/** Generations that stay on the disk: the active one, and those to roll back to. */
const KEPT = 5;

const NO_SECRETS: StagedSecrets = { files: new Map(), digests: {} };

/** How an apply ended: the paths that it changed, sorted, or why nothing was changed. */
export type ApplyOutcome =
  | { readonly ok: true; readonly changed: boolean; readonly written: readonly string[] }
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * Carries out a plan: STAGED → INTENT → SWAP → COMMIT. Everything that may fail for want of room or rights happens while
 * staging, and is undone; from INTENT on there are renames only, and a crash or an error is made good by recover().
 * Without anything to do only a renewal is noted. The lock is held, and no journal is there.
 */
export function apply(
  engine: Engine,
  request: { plan: Plan; bundle: AcceptedBundle; state: HostState; secrets?: StagedSecrets },
): ApplyOutcome {
  const { plan, bundle, state, secrets = NO_SECRETS } = request;
  const blocked = obstacle(engine, plan);
  if (blocked) return blocked;
  if (plan.steps.length === 0 && !plan.advances) {
    renew(engine, request);
    return { ok: true, changed: false, written: [] };
  }
  const generation = nextGeneration(engine, request);
  let journal: Journal;
  try {
    removeOldGenerations(engine, generation.generation);
    journal = stage(engine, { plan, bundle, generation, secrets });
    writeJournal(engine.rooted, journal);
  } catch (error) {
    return notStaged(engine, error);
  }
  try {
    finish(engine, journal, state.ledger);
  } catch (error) {
    return interrupted(error);
  }
  return { ok: true, changed: true, written: journal.changes.map(({ path }) => path).sort() };
}

/**
 * Makes good an apply that was interrupted: what was only staged is removed, what was begun is finished. Gives the paths
 * that are now as the journal wants them; undefined where there was nothing to do.
 */
export function recover(engine: Engine, { journal, ledger }: HostState): ApplyOutcome | undefined {
  if (!journal) return undefined;
  try {
    if (journal.phase === 'staging') {
      unstage(engine, journal);
      return { ok: true, changed: false, written: [] };
    }
    finish(engine, journal, ledger);
    return { ok: true, changed: true, written: journal.changes.map(({ path }) => path).sort() };
  } catch (error) {
    return interrupted(error);
  }
}

function obstacle({ ownership }: Engine, { obstacles, steps }: Plan): ApplyOutcome | undefined {
  const first = obstacles[0];
  if (first) {
    const more = obstacles.length > 1 ? `, and ${obstacles.length - 1} more` : '';
    return { ok: false, code: 'apply/obstacle', message: `${first.path}: ${first.why}${more}` };
  }
  const entries = steps.flatMap((step) => (step.kind === 'remove' ? [] : [step.entry]));
  const missing = missingAccount(ownership, entries);
  if (missing === undefined) return undefined;
  return { ok: false, code: 'apply/unknown-account', message: `this host does not have ${missing}` };
}

function nextGeneration(
  { rooted }: Engine,
  { bundle: { promotion, signedAt }, state }: { bundle: AcceptedBundle; state: HostState },
): Generation {
  const last = Math.max(state.active?.record.generation ?? 0, ...listGenerations(rooted));
  const { seq, manifest, expires } = promotion;
  // The time that was signed last never goes back, even where an older promotion is renewed.
  const latest = Math.max(signedAt, state.watermark?.signedAt ?? 0);
  return { generation: last + 1, seq, manifest, signedAt: latest, expires };
}

/** Makes room before the next one is staged, so that nothing can fail when it is committed. */
function removeOldGenerations({ rooted }: Engine, next: number): void {
  for (const number of listGenerations(rooted)) if (number <= next - KEPT) removeGeneration(rooted, number);
}

/** Notes a later signature of what is active already. */
function renew({ rooted }: Engine, { bundle, state }: { bundle: AcceptedBundle; state: HostState }): void {
  const { seq, manifest, expires } = bundle.promotion;
  const before = state.watermark;
  if (before && before.expires >= expires && before.signedAt >= bundle.signedAt) return;
  writeWatermark(rooted, {
    seq,
    manifest,
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
