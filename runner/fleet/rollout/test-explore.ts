import { worldKey } from './test-key.ts';
import { type Budget, firstWorld, moves, type Planner, type World, wrongState } from './test-model.ts';
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
 * For tests: visits every state that can be reached, depth first, until something is wrong. States are remembered by a
 * hash of 53 bits of their key: of a million states, one in twenty thousand walks would miss one.
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
  seen.add(hashOf(worldKey(first)));
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
      const hash = hashOf(worldKey(move.world));
      if (seen.has(hash)) continue;
      seen.add(hash);
      stack.push({ world: move.world, name: move.name, depth: depth + 1 });
    }
  }
  return walk();
}

/** 53 bits of a text: two runs of a multiplicative hash with other factors. */
function hashOf(text: string): number {
  let [a, b] = [0x811c9dc5, 0x2f0b4c47];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995);
    b ^= b >>> 15;
  }
  a ^= a >>> 16;
  b = Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  return (a >>> 0) * 0x200000 + ((b ^ (b >>> 16)) >>> 11);
}
