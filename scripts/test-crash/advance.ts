import type { Host } from '../../runner/host/run/run-once.ts';
import { readState } from '../../runner/host/state/store.ts';
import { applyPromotion, editBefore, editByHand, rollBackPromotion } from './crash-scenario.ts';

/** The next act on a host: every fifth promotion is rolled back, and then the next one comes. */
export async function advance(host: Host): Promise<void> {
  const { rooted } = host.engine;
  const { watermark, held } = readState(rooted);
  const seq = watermark?.seq ?? 0;
  const rollsBack = seq > 0 && seq % 5 === 0 && held?.seq !== seq;
  if (!rollsBack) {
    const text = editBefore(seq + 1);
    if (text !== undefined) editByHand(rooted, text);
  }
  const done = rollsBack ? await rollBackPromotion(host) : await applyPromotion(host, seq + 1);
  if (!done.ok) throw new Error(done.message);
}
