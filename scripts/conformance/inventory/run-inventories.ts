import { Program } from '../program.ts';
import type { SuiteOptions } from '../run-suite.ts';
import {
  type Found,
  type Group,
  groupDifferences,
  mergeAlike,
  type SuiteReport,
  tally,
} from '../suite-report.ts';
import { generateInventories } from './generate-inventory.ts';
import type { InventoryCase, InventoryResult } from './inventory-case.ts';
import { type InventoryResults, judgeInventory } from './judge-inventory.ts';
import { shrinkInventory } from './shrink-inventory.ts';

export type InventoryReport = SuiteReport<InventoryCase, InventoryResult>;
type InventoryProgram = Program<InventoryCase, InventoryResult>;

/** Milliseconds that Ansible may take for an inventory: its own limit counts the time of the processor. */
const PATIENCE = 60_000;

/** Groups of alike differences that are made smaller; more than these say nothing new. */
const GROUPS = 60;

/** Generates inventories, prints them with ansible-inventory and with ours, and judges each. */
export async function runInventories({ count, seed, python }: SuiteOptions): Promise<InventoryReport> {
  const start = performance.now();
  const cases = generateInventories(count, seed);
  const programs = startPrograms(python);
  const [expected, again, actual] = await Promise.all(programs.map((program) => program.askAll(cases)));
  const verdicts = cases.map((test, index) =>
    judgeInventory(test, { expected: expected![index]!, again: again![index]!, actual: actual![index]! }),
  );
  const groups = groupDifferences(cases, verdicts, ({ feature }) => feature);
  const differences: Found<InventoryCase, InventoryResult>[] = [];
  for (const group of groups.slice(0, GROUPS)) differences.push(await findSmallest(group, programs));
  for (const program of programs) program.close();
  return {
    suite: 'inventory',
    ...tally(verdicts),
    differences: mergeAlike(differences, ({ files, sources, ask }) => [
      Object.values(files),
      sources.length,
      ask,
    ]),
    seconds: (performance.now() - start) / 1000,
  };
}

/** Ansible's twice, with different seeds of its hashes, and ours. */
function startPrograms(python: string): readonly InventoryProgram[] {
  const real = (seed: string): InventoryProgram => {
    const args = ['-W', 'ignore', `${import.meta.dirname}/record-inventories.py`];
    return new Program({ command: python, args, env: { PYTHONHASHSEED: seed }, patience: PATIENCE });
  };
  const args = [`${import.meta.dirname}/read-inventories.ts`];
  return [real('1'), real('2'), new Program({ command: process.execPath, args })];
}

async function findSmallest(
  { difference, members }: Group<InventoryCase>,
  programs: readonly InventoryProgram[],
): Promise<Found<InventoryCase, InventoryResult>> {
  const ask = async (test: InventoryCase): Promise<InventoryResults> => {
    const [expected, again, actual] = await Promise.all(programs.map((program) => program.ask(test)));
    return { expected: expected!, again: again!, actual: actual! };
  };
  const size = (test: InventoryCase) => JSON.stringify(test.files).length;
  const shortest = members.reduce((one, other) => (size(other) < size(one) ? other : one));
  const smallest = await shrinkInventory(shortest, async (test) => {
    const verdict = judgeInventory(test, await ask(test));
    return (
      verdict.is === 'different' &&
      verdict.difference.kind === difference.kind &&
      verdict.difference.cause === difference.cause
    );
  });
  const { expected, actual } = await ask(smallest);
  return { difference, smallest, expected, actual, cases: members.length };
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
