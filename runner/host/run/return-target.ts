import { keptGenerations } from '../apply/keep-generations.ts';
import { replacedLinks, rollbackTargets, withDamaged } from '../apply/rollback.ts';
import type { StoredGeneration } from '../state/read-generation.ts';
import type { HostState } from '../state/store.ts';
import { checkReturn } from './check-return.ts';
import type { Host, Problem } from './run-once.ts';

/** Where a rollback leads. */
export type Return = {
  /** Whether what it leads to was seen healthy; of a problem, whether what is barred was. */
  readonly isGood: boolean;
} & (
  | {
      readonly target: StoredGeneration;
      /** Numbers of those that were the better choice, and that runner.yml no longer allows; ascending. */
      readonly barred: readonly number[];
    }
  | { readonly problem: Problem }
);

const NOTHING_KEPT =
  'no other generation is kept on this host, or all of them were rolled back from or are damaged';

/**
 * The generation that a host returns to. As those that are damaged, those are passed over that runner.yml no longer allows:
 * what it forbids is not to be there again, and what is older was allowed and applied as well. But what was seen healthy is
 * not passed over for what was not: a person can allow it again.
 */
export function returnTarget(
  host: Pick<Host, 'engine' | 'settings'>,
  state: Pick<HostState, 'active'>,
): Return {
  const { rooted } = host.engine;
  const kept = keptGenerations(rooted);
  const barred: number[] = [];
  let first: Return | undefined;
  for (const target of rollbackTargets(rooted, state)) {
    const problem = checkReturn(host, target, replacedLinks(kept, target));
    const { isGood, record } = target;
    if (!problem) {
      if (first?.isGood && !isGood) return first;
      return { isGood, target, barred: barred.sort((a, b) => a - b) };
    }
    barred.push(record.generation);
    first ??= { isGood, problem };
  }
  return first ?? { isGood: false, problem: { code: 'rollback/nothing-kept', message: NOTHING_KEPT } };
}

/** Why a rollback takes place, with the generations that it passes over. */
export function withPassedOver(host: Pick<Host, 'engine'>, to: Return, reason: string): string {
  const whole = withDamaged(host.engine.rooted, reason);
  if (!('target' in to) || to.barred.length === 0) return whole;
  const of = to.barred.length === 1 ? 'generation' : 'generations';
  return `${whole}; ${of} ${to.barred.join(', ')} cannot be returned to, not being allowed by runner.yml any more`;
}
