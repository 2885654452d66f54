import { cutExt4 } from './cut-ext4.ts';
import { everyOperation, noCounts } from './every-operation.ts';
import type { Random } from './memory-disk.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';

/** Whether a harness saw a bug that was put into the engine. */
export interface Planted {
  readonly name: string;
  /** Which harness. */
  readonly place: string;
  readonly isCaught: boolean;
}

/** On ext4 a sync of anything brings the names of everything to the disk, so the finer mistakes show on other systems only. */
const ON_EXT4 = ['nothing is synced', 'there is no journal'];

const STOPS = ['power', 'process', 'nothing'] as const;

/** Plants every bug, one at a time. `step`: only every n-th operation is tried. */
export async function findPlanted(random: Random, { step = 1 } = {}): Promise<Planted[]> {
  const found: Planted[] = [];
  for (const bug of PLANTED_BUGS) {
    const counts = noCounts();
    for (const act of ['apply', 'rollback'] as const)
      for (const stop of STOPS)
        if (counts.examples.length === 0) await everyOperation({ stop, act, random, bug, step }, counts);
    found.push({ name: bug.name, place: 'every operation', isCaught: counts.examples.length > 0 });
  }
  return found;
}

/** Plants the coarse ones on a real ext4; none where that cannot be done. */
export async function findPlantedOnExt4(random: Random): Promise<Planted[]> {
  const found: Planted[] = [];
  for (const bug of PLANTED_BUGS.filter(({ name }) => ON_EXT4.includes(name))) {
    const counts = noCounts();
    const why = await cutExt4({ cuts: 100, random, bug }, counts);
    if (why === undefined)
      found.push({ name: bug.name, place: 'ext4', isCaught: counts.examples.length > 0 });
  }
  return found;
}
