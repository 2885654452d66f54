import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadAnsible } from '../../../compiler/1-load/load-ansible.ts';
import {
  inventoryGraph,
  inventoryHost,
  inventoryList,
  type Printed,
} from '../../../compiler/2-resolve/ansible-inventory.ts';
import { hostOfPattern } from '../../../compiler/2-resolve/hosts-of-pattern.ts';
import { type ResolvedAnsible, resolveAnsible } from '../../../compiler/2-resolve/resolve-ansible.ts';
import { unreadOfAnsible } from '../../../compiler/cli/unreadable-vars.ts';
import type { InventoryCase, InventoryResult } from './inventory-case.ts';

/** What `khp inventory -i …` prints of an inventory, whose files are written to a folder for as long as it takes. */
export function readInventory(test: InventoryCase): InventoryResult {
  const folder = mkdtempSync(join(tmpdir(), 'khp-inventory-'));
  try {
    for (const [path, text] of Object.entries(test.files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { value, diagnostics } = loadAnsible({ folder, sources: test.sources, playbookDir: undefined });
    const resolved = resolveAnsible(value, test.hashBehaviour);
    const unread = unreadFor(test.ask, resolved);
    const output = printed(test.ask, resolved);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const problems = errors.map(({ code, place }) => `${code} ${place?.file}`);
    const messages = errors.map(({ message }) => message);
    if (value.fatal !== undefined)
      return { id: test.id, error: { class: 'Fatal', message: value.fatal }, problems, messages };
    if (unread !== undefined)
      return { id: test.id, error: { class: 'Unread', message: unread }, problems, messages };
    if (output && 'parts' in output)
      return { id: test.id, output: output.parts.join(''), problems, messages };
    if (output) return { id: test.id, error: { class: 'NotJson', message: output.problem } };
    return { id: test.id, error: { class: 'UsageError', message: test.ask.join(' ') }, problems, messages };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The file without which `khp inventory` prints nothing. */
function unreadFor([ask, name, vars]: InventoryCase['ask'], resolved: ResolvedAnsible): string | undefined {
  const { ofHost, ofList, ofGraph } = unreadOfAnsible(resolved);
  if (ask === 'list') return ofList();
  if (ask === 'graph') return vars && ofGraph(name);
  const host = ask === 'host' && name !== undefined ? hostOfPattern([resolved.inventory], name) : undefined;
  return host && ofHost(host);
}

function printed([ask, name, vars]: InventoryCase['ask'], resolved: ResolvedAnsible): Printed | undefined {
  const { inventory } = resolved;
  if (ask === 'list') return inventoryList([inventory]);
  if (ask === 'graph') {
    const isKnown = name === undefined || inventory.ownHosts.has(name);
    const groupVars = vars && resolved.groupVars;
    return isKnown ? inventoryGraph({ clusters: [inventory], from: name, groupVars }) : undefined;
  }
  const host = hostOfPattern([inventory], name);
  return host && inventoryHost(host);
}
