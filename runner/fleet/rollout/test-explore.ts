import { wrongState } from './test-invariants.ts';
import { worldHash } from './test-key.ts';
import { type Budget, firstWorld, moves, type Planner, type World } from './test-model.ts';
import type { ModelRole } from './test-world.ts';

/** For tests: what a walk found. */
export interface Walk {
  readonly states: number;
  readonly moves: number;
  /** States in which nothing more can happen, by the state of the rollout. */
  readonly ends: Readonly<Record<string, number>>;
  /** The first thing that must not be, and the moves to it. */
  readonly wrong: { readonly what: string; readonly path: readonly string[] } | undefined;
}

/**
 * For tests: visits every state that can be reached, depth first, until something is wrong. States are remembered by
 * their worldHash.
 */
export function explore(roles: readonly ModelRole[], budget: Budget, planner: Planner): Walk {
  const seen = new Set<number>();
  const ends: Record<string, number> = {};
  let count = 0;
  const first = firstWorld(roles, budget, planner);
  const stack: { world: World; name: string; depth: number }[] = [{ world: first, name: 'start', depth: 0 }];
  const path: string[] = [];
  const walk = (what?: string): Walk => ({
    states: seen.size,
    moves: count,
    ends,
    wrong: what === undefined ? undefined : { what, path: [...path] },
  });
  seen.add(worldHash(first));
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { world, name, depth } = entry;
    path.length = depth;
    path.push(name);
    const wrong = wrongState(world, budget);
    if (wrong) return walk(wrong);
    const next = moves(world, planner);
    if (next.length === 0) ends[world.rollout.state] = (ends[world.rollout.state] ?? 0) + 1;
    for (const move of next) {
      count += 1;
      if (move.wrong) {
        path.push(move.name);
        return walk(move.wrong);
      }
      const hash = worldHash(move.world);
      if (seen.has(hash)) continue;
      seen.add(hash);
      stack.push({ world: move.world, name: move.name, depth: depth + 1 });
    }
  }
  return walk();
}
