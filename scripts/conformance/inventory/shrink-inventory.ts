import { shrinkFiles } from '../shrink-files.ts';
import type { InventoryCase } from './inventory-case.ts';

/** Cases that may be tried to make one smaller. */
const TRIES = 300;

/** The smallest inventory found that still shows a difference: fewer sources, then less in its files. */
export async function shrinkInventory(
  test: InventoryCase,
  shows: (test: InventoryCase) => Promise<boolean>,
): Promise<InventoryCase> {
  let best = test;
  const attempt = async (next: InventoryCase): Promise<void> => {
    if (await shows(next)) best = next;
  };
  for (const source of test.sources) {
    const sources = best.sources.filter((one) => one !== source);
    if (sources.length > 0) await attempt({ ...best, sources });
  }
  if (best.hashBehaviour === 'merge') await attempt({ ...best, hashBehaviour: 'replace' });
  const files = await shrinkFiles(best.files, (fewer) => shows({ ...best, files: fewer }), TRIES);
  return { ...best, files };
}
