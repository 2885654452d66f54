/** Does with `khp inventory` what record-inventories.py does with Ansible's: a case as a JSON line in, its result out. */
import { jsonLines } from '../json-lines.ts';
import type { InventoryCase, InventoryResult } from './inventory-case.ts';
import { readInventory } from './read-inventory.ts';

function answer(test: InventoryCase): InventoryResult {
  try {
    return readInventory(test);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { id: test.id, error: { class: 'bug', message: text.slice(0, 500) } };
  }
}

for await (const test of jsonLines(process.stdin)) {
  process.stdout.write(`${JSON.stringify(answer(test as InventoryCase))}\n`);
}
