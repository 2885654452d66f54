import type { Difference, Verdict } from '../compare.ts';
import type { Answers } from '../run-cases.ts';
import { explainInventory, type Question } from './explained-inventories.ts';
import type { InventoryResult } from './inventory-case.ts';

/**
 * Compares what is printed, byte for byte, and whether the inventory is refused: by an error, after which nothing is
 * printed, or because Ansible could not parse a source of it, which it tells by a warning and we by an error.
 */
export function judgeInventory({ expected, again, actual }: Answers<InventoryResult>): Verdict {
  const difference = differenceOf(expected, actual);
  const unstable = expected.skip !== undefined || again.skip !== undefined || !same(expected, again);
  if (unstable && difference?.kind !== 'bug' && difference?.kind !== 'hang') return { is: 'unstable' };
  return difference ? { is: 'different', difference } : { is: 'equal', sameMessage: true };
}

/** The verdict, and where it is a difference that is there on purpose, why. */
export async function explainedOrDifferent(verdict: Verdict, question: Question): Promise<Verdict> {
  if (verdict.is !== 'different' || verdict.difference.kind === 'bug' || verdict.difference.kind === 'hang')
    return verdict;
  const reason = await explainInventory(question);
  return reason === undefined ? verdict : { is: 'explained', reason };
}

/** Compares what one program prints in two ways: alike in text, in its refusal, and in how many sources it cannot parse. */
export function judgeRecorder({ expected, again, actual }: Answers<InventoryResult>): Verdict {
  const isStable = same(expected, again);
  if (!isStable || [expected, again, actual].some(({ skip }) => skip !== undefined))
    return { is: 'unstable' };
  if (Boolean(expected.error) !== Boolean(actual.error))
    return { is: 'different', difference: { kind: 'error', cause: '' } };
  if (expected.output !== actual.output)
    return { is: 'different', difference: { kind: 'output', cause: '' } };
  // A program that ends with an error does not count what it could not parse.
  if (expected.error) return { is: 'equal', sameMessage: true };
  return expected.problems?.length === actual.problems?.length
    ? { is: 'equal', sameMessage: true }
    : { is: 'different', difference: { kind: 'refuses', cause: '' } };
}

function same(one: InventoryResult, other: InventoryResult): boolean {
  return (
    one.output === other.output &&
    one.error?.class === other.error?.class &&
    one.problems?.length === other.problems?.length
  );
}

function differenceOf(expected: InventoryResult, actual: InventoryResult): Difference | undefined {
  if (actual.skip !== undefined) return { kind: 'hang', cause: actual.skip.slice(0, 40) };
  if (actual.error?.class === 'bug') return { kind: 'bug', cause: actual.error.message.slice(0, 60) };
  const refused = isRefused(actual);
  if (expected.error && !actual.error) {
    const kind = refused ? 'output' : 'accepts';
    return { kind, cause: wordsOf(expected.error.message) };
  }
  if (expected.error) return undefined;
  if (isRefused(expected) && !refused) return { kind: 'accepts', cause: 'a source that cannot be parsed' };
  if (refused && !isRefused(expected))
    return { kind: 'refuses', cause: actual.problems?.[0]?.split(' ', 1)[0] ?? 'usage' };
  if (expected.output === actual.output) return undefined;
  return {
    kind: 'output',
    cause: isSameJson(expected.output!, actual.output ?? '') ? 'order or layout' : '',
  };
}

function isRefused({ error, problems = [] }: InventoryResult): boolean {
  return error !== undefined || problems.length > 0;
}

function wordsOf(message: string): string {
  return message.replace(/'[^']*'|\d+|\S*\/\S*/gu, '…').slice(0, 40);
}

function isSameJson(one: string, other: string): boolean {
  try {
    return sortedText(JSON.parse(one)) === sortedText(JSON.parse(other));
  } catch {
    return false;
  }
}

/** The JSON of a value with sorted keys and items. */
function sortedText(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify(value.map(sortedText).sort());
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return JSON.stringify(
    Object.entries(value)
      .map(([key, item]) => [key, sortedText(item)])
      .sort(),
  );
}
