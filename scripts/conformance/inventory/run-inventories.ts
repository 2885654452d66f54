import { nodeScript, pythonTwice, runCases, type SuiteOptions } from '../run-cases.ts';
import type { Found, SuiteReport } from '../suite-report.ts';
import { generateInventories } from './generate-inventory.ts';
import type { InventoryCase, InventoryResult } from './inventory-case.ts';
import { explainedOrDifferent, judgeInventory, judgeRecorder } from './judge-inventory.ts';
import { shrinkInventory } from './shrink-inventory.ts';

export type InventoryReport = SuiteReport<InventoryCase, InventoryResult>;

/** Milliseconds that Ansible may take for an inventory: its own limit counts the time of the processor. */
const PATIENCE = 60_000;

/** Generates inventories, prints them with ansible-inventory and with ours, and judges each. */
export function runInventories({ count, seed, python }: SuiteOptions): Promise<InventoryReport> {
  return runCases({
    ...suiteOf('inventory', count, seed),
    programs: [...recorderTwice(python), nodeScript('inventory/read-inventories.ts')],
    judge: (test, answers, ask) =>
      explainedOrDifferent(judgeInventory(answers), { test, results: answers, ask }),
  });
}

/**
 * Generates inventories, prints them with ansible-inventory, started anew for each, and with its code as the recorder
 * runs it, many inventories in one process: what is recorded is to be what users see.
 */
export function runRecorder({ count, seed, python }: SuiteOptions): Promise<InventoryReport> {
  const [program] = pythonTwice(python, RECORDER, { args: ['cli'], patience: PATIENCE });
  return runCases({
    ...suiteOf('recorder', count, seed),
    programs: [...recorderTwice(python), program],
    judge: (_test, answers) => judgeRecorder(answers),
  });
}

const RECORDER = 'inventory/record-inventories.py';

function recorderTwice(python: string): ReturnType<typeof pythonTwice> {
  return pythonTwice(python, RECORDER, { patience: PATIENCE });
}

function suiteOf(name: string, count: number, seed: number) {
  return {
    name,
    cases: generateInventories(count, seed),
    featureOf: ({ feature }: InventoryCase) => feature,
    sizeOf: ({ files }: InventoryCase) => JSON.stringify(files).length,
    shrink: shrinkInventory,
    keyOf: ({ files, sources, ask }: InventoryCase) => [Object.values(files), sources.length, ask],
  };
}

/** An inventory that differs, in words. */
export function describeInventory(found: Found<InventoryCase, InventoryResult>): string {
  const { difference, smallest, expected, actual, cases } = found;
  const { files, sources, ask, hashBehaviour, feature } = smallest;
  const command = [...sources.map((source) => `-i ${source}`), `--${ask.join(' ')}`, hashBehaviour].join(' ');
  return [
    `${difference.kind} ${difference.cause} (${cases} cases; ${feature})`,
    `  ${command}`,
    ...Object.entries(files).map(([path, text]) => `  ${path}  ${JSON.stringify(text)}`),
    `  expected ${show(expected)}`,
    `  got      ${show(actual)}`,
  ].join('\n');
}

function show({ skip, error, output, problems = [] }: InventoryResult): string {
  if (skip !== undefined) return `nothing: ${skip}`;
  const went = problems.length > 0 ? ` (${problems.join(', ')})` : '';
  if (error) return `${error.class}: ${error.message}${went}`;
  try {
    return JSON.stringify(JSON.parse(output!)) + went;
  } catch {
    return JSON.stringify(output) + went;
  }
}
