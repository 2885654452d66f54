import type { Plan } from '../plan/plan.ts';
import { linksOf, type WantedLink } from '../plan/plan-links.ts';
import { isDamage, listGenerations, type StoredGeneration, storedBundle } from '../state/read-generation.ts';
import type { HostState } from '../state/store.ts';
import { type ApplyOutcome, apply } from './apply.ts';
import type { RootedDisk } from './folders.ts';
import { keptGenerations } from './keep-generations.ts';
import type { Engine, StagedSecrets } from './stage.ts';

/**
 * The generations that a rollback may return to, the first choice first: of those with another content than the active
 * one, those that were seen healthy from the newest on, then those that were not rolled back from themselves; each of
 * their bytes is what it was.
 */
export function rollbackTargets(
  rooted: RootedDisk,
  { active }: Pick<HostState, 'active'>,
): StoredGeneration[] {
  if (!active) return [];
  const kept = keptGenerations(rooted);
  const left = new Set(kept.flatMap(({ record }) => record.rolled_back ?? []));
  const others = kept
    .filter(({ record }) => record.manifest !== active.record.manifest && !left.has(record.seq))
    .reverse();
  const byWorth = [...others.filter(({ isGood }) => isGood), ...others.filter(({ isGood }) => !isGood)];
  return byWorth.filter((one) => isSound(rooted, one));
}

/** Why a rollback takes place, with the generations that it cannot return to. */
export function withDamaged(rooted: RootedDisk, reason: string): string {
  const kept = new Map(keptGenerations(rooted).map((one) => [one.record.generation, one]));
  const damaged = listGenerations(rooted).filter((number) => {
    const known = kept.get(number);
    return known ? !isSound(rooted, known) : true;
  });
  if (damaged.length === 0) return reason;
  const of = damaged.length === 1 ? 'generation' : 'generations';
  return `${reason}; ${of} ${damaged.join(', ')} cannot be returned to, being damaged`;
}

function isSound(rooted: RootedDisk, generation: StoredGeneration): boolean {
  try {
    storedBundle(rooted, generation);
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

/**
 * Links that generations after the target moved and that the target does not know: they return to where they led before,
 * a release that was there before khp, say.
 */
export function replacedLinks(kept: readonly StoredGeneration[], target: StoredGeneration): WantedLink[] {
  const known = new Set(linksOf(target.manifest).map(({ path }) => path));
  const links = new Map<string, WantedLink>();
  for (const { record, manifest } of kept) {
    if (record.generation <= target.record.generation) continue;
    for (const { component, path } of linksOf(manifest)) {
      const before = record.replaced[path];
      if (before !== undefined && !known.has(path) && !links.has(path))
        links.set(path, { component, path, target: before });
    }
  }
  return [...links.values()];
}

/** What is to be rolled back to, and why. */
export interface RollbackRequest {
  /** Of prepareRollback. */
  readonly plan: Plan;
  readonly secrets: StagedSecrets;
  readonly target: StoredGeneration;
  readonly state: HostState;
  /** One sentence without a full stop. */
  readonly reason: string;
}

/**
 * Returns to a kept generation by the engine of apply; nothing is fetched. It becomes a new generation, the watermark
 * stays where it is, and the promotion of the watermark is held until one of a higher sequence comes.
 */
export function rollback(engine: Engine, request: RollbackRequest): ApplyOutcome {
  const { plan, secrets, target, state, reason } = request;
  const { watermark } = state;
  if (!watermark) throw new Error('a host with a generation has a watermark');
  const held = { seq: watermark.seq, manifest: watermark.manifest, reason };
  return apply(engine, { plan, secrets, state, bundle: storedBundle(engine.rooted, target), held });
}
