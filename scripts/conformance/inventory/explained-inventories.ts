import type { InventoryCase } from './inventory-case.ts';
import type { InventoryResults } from './judge-inventory.ts';

/** A difference that is there on purpose. */
interface Explanation {
  readonly reason: string;
  readonly fits: (test: InventoryCase, results: InventoryResults) => boolean;
}

/** Both print the same, and each error of ours, `code file`, is one of those that the reason covers. */
function stricter(
  reason: string,
  covers: (problem: string, results: InventoryResults) => boolean,
): Explanation {
  return {
    reason,
    fits: (_test, results) => {
      const { expected, actual } = results;
      const problems = actual.problems ?? [];
      return (
        expected.output !== undefined &&
        expected.output === actual.output &&
        expected.problems?.length === 0 &&
        problems.every((problem) => covers(problem, results))
      );
    },
  };
}

/** Both go on, and a file of the inventory has this form. */
function unlike(reason: string, form: RegExp): Explanation {
  return {
    reason,
    fits: ({ files }, { expected, actual }) =>
      actual.error?.class !== 'bug' &&
      actual.skip === undefined &&
      expected.skip === undefined &&
      Object.values(files).some((text) => form.test(text)),
  };
}

/** The names of variables that stand for a number, a date or the like, as JSON writes them. */
const NO_TEXT = /^(?:-?\d+(?:\.\d+)?(?:e[+-]\d+)?|null|true|false|NaN|-?Infinity)$/u;

/** What was printed, as JSON with sorted keys and without the variables whose names are no text. */
function namedByText(output: string | undefined): string | undefined {
  try {
    return JSON.stringify(JSON.parse(output ?? ''), (_key, value) =>
      value === null || typeof value !== 'object' || Array.isArray(value)
        ? value
        : Object.fromEntries(
            Object.entries(value)
              .filter(([name]) => !NO_TEXT.test(name))
              .sort(),
          ),
    ).replaceAll(/"[^"]*":\{\},?/gu, '');
  } catch {
    return undefined;
  }
}

/** Every difference between ansible-inventory and `khp inventory -i` that is there on purpose. */
export const EXPLAINED_INVENTORIES: readonly Explanation[] = [
  stricter(
    'what Ansible leaves out of an inventory with a warning is an error',
    (problem, { expected }) =>
      problem.startsWith('load/bad-inventory ') &&
      (expected.skipped ?? []).some((text) => text.startsWith('Skipping')),
  ),
  stricter(
    'a file of variables that is broken is an error even where Ansible does not come to read it',
    (problem, { expected }) =>
      /[ /](?:group|host)_vars\//u.test(problem) &&
      !expected.read?.includes(problem.slice(problem.indexOf(' ') + 1)),
  ),
  {
    reason: 'no template can name a variable whose name is no text: it is left out',
    fits: (_test, { expected, actual }) => {
      if (expected.error)
        return /^keys must be str/u.test(expected.error.message) && actual.output !== undefined;
      const left = namedByText(expected.output);
      return left !== undefined && left === namedByText(actual.output);
    },
  },
  unlike(
    'a host of `ungrouped` and of a child group of it is in both; Ansible takes it out of `ungrouped`',
    /^\[ungrouped:children\]|ungrouped:(?:\s*\n\s+\w+:.*)*?\s*\n?\s+children:/mu,
  ),
  unlike('a byte order mark is refused; Ansible takes it for a part of the first line', /^\ufeff/u),
  unlike(
    '`all` as a child is refused where it stands; Ansible sees it when all is read',
    /:children\](?:\n.*)*?\nall\b/u,
  ),
];
