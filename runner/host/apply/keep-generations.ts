import {
  isDamage,
  listGenerations,
  readGeneration,
  type StoredGeneration,
} from '../state/read-generation.ts';
import type { RootedDisk } from './folders.ts';

/** Generations of different content that stay on the disk: the active one, and those to roll back to. */
const KEPT = 5;

/** The generations that are on the disk whole, ascending. */
export function keptGenerations(rooted: RootedDisk): StoredGeneration[] {
  return listGenerations(rooted).flatMap((number) => readWhole(rooted, number) ?? []);
}

/**
 * The generations that need not be kept once there is one more: all but the active one, the newest of each of the last
 * contents, and the last of another content that was seen healthy. A grant or a link that moves makes a generation of the
 * same content, which must not push the others out.
 */
export function generationsToRemove(rooted: RootedDisk, active: StoredGeneration | undefined): number[] {
  const kept = new Set(active ? [active.record.generation] : []);
  const contents = new Set(active ? [active.record.manifest] : []);
  const older = keptGenerations(rooted).reverse();
  for (const { record } of older) {
    if (contents.size >= KEPT - 1) break;
    if (contents.has(record.manifest)) continue;
    contents.add(record.manifest);
    kept.add(record.generation);
  }
  const lastGood = older.find(({ isGood, record }) => isGood && record.manifest !== active?.record.manifest);
  if (lastGood) kept.add(lastGood.record.generation);
  return listGenerations(rooted).filter((number) => !kept.has(number));
}

function readWhole(rooted: RootedDisk, generation: number): StoredGeneration | undefined {
  try {
    return readGeneration(rooted, generation);
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}
