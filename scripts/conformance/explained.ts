import type { Case } from './case.ts';
import type { Results } from './compare.ts';

/** A difference that is meant. */
interface Explanation {
  readonly reason: string;
  readonly fits: (test: Case, results: Results) => boolean;
}

const names = (results: Results) => [results.expected.error?.class, results.actual.error?.class];

/** Every difference between the real programs and ours that is there on purpose. */
export const EXPLAINED: readonly Explanation[] = [
  {
    reason: 'endless recursion ends at our limit of depth, not at that of the Python stack',
    fits: (_test, results) => {
      const [wanted, got] = names(results);
      return wanted === 'RecursionError' && got === 'LimitError';
    },
  },
];
