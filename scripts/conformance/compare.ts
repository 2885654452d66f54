import type { Case, Result } from './case.ts';
import { EXPLAINED } from './explained.ts';
import type { Answers } from './run-cases.ts';

/** How two results differ: `kind` and, where an error is part of it, its class. */
export interface Difference {
  readonly kind: 'output' | 'accepts' | 'refuses' | 'error' | 'bug' | 'hang';
  /** What makes it the same difference as another one. */
  readonly cause: string;
}

/** What became of a case. */
export type Verdict =
  | { readonly is: 'equal'; readonly sameMessage: boolean }
  | { readonly is: 'unstable' }
  | { readonly is: 'explained'; readonly reason: string }
  | { readonly is: 'different'; readonly difference: Difference };

export type Results = Answers<Result>;

/** Compares our result with the recorded ones. What the real program answers differently each time counts for nothing. */
export function judge(test: Case, results: Results): Verdict {
  const { expected, again, actual } = results;
  const difference = differenceOf(test, expected, actual);
  if (expected.skip !== undefined || again.skip !== undefined || !sameResult(expected, again)) {
    return actual.skip === undefined && !isBug(actual)
      ? { is: 'unstable' }
      : { is: 'different', difference: difference! };
  }
  if (!difference) return { is: 'equal', sameMessage: isSameMessage(expected, actual) };
  const explanation = EXPLAINED.find(({ fits }) => fits(test, results));
  return explanation ? { is: 'explained', reason: explanation.reason } : { is: 'different', difference };
}

function sameResult(one: Result, other: Result): boolean {
  return (
    one.output === other.output &&
    one.error?.class === other.error?.class &&
    one.error?.message === other.error?.message
  );
}

function isBug(result: Result): boolean {
  return result.error?.class.startsWith('bug') === true;
}

/** Ansible puts what Jinja or Python say into a sentence of its own. */
function isSameMessage(expected: Result, actual: Result): boolean {
  return expected.error === undefined || expected.error.message.includes(actual.error!.message);
}

/**
 * The class that counts. Ansible wraps most errors, but not all, in its own: there an undefined variable and any other
 * error are told apart, as its users can.
 */
function classOf(test: Case, error: NonNullable<Result['error']>): string {
  if (test.entry !== 'file' && test.entry !== 'var') return error.class;
  return /Undefined/u.test(error.class) ? 'AnsibleUndefinedVariable' : 'AnsibleError';
}

function differenceOf(test: Case, expected: Result, actual: Result): Difference | undefined {
  if (actual.skip !== undefined) return { kind: 'hang', cause: actual.skip.slice(0, 40) };
  if (isBug(actual)) return { kind: 'bug', cause: actual.error!.message.slice(0, 60) };
  const [wanted, got] = [expected.error, actual.error];
  if (wanted && got) {
    if (classOf(test, wanted) === classOf(test, got)) return undefined;
    return { kind: 'error', cause: `${wanted.class}, not ${got.class}` };
  }
  if (wanted) return { kind: 'accepts', cause: wanted.class };
  if (got)
    return {
      kind: 'refuses',
      cause: `${got.class}: ${got.message.replace(/'[^']*'|\d+/gu, '…').slice(0, 40)}`,
    };
  return expected.output === actual.output ? undefined : { kind: 'output', cause: '' };
}
