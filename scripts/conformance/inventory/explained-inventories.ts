import type { InventoryCase } from './inventory-case.ts';
import type { InventoryResults } from './judge-inventory.ts';

/** Why ours may refuse what Ansible goes on with: each error of ours, `code file`, is to be covered by one reason. */
interface Stricter {
  readonly reason: string;
  readonly covers: (problem: string, test: InventoryCase, results: InventoryResults) => boolean;
}

/** A part of what is printed that is meant to differ, and what is left without it. */
interface Unlike {
  readonly reason: string;
  readonly alike: (output: string) => string;
}

/** The names of variables that stand for a number, a date or the like, as JSON writes them. */
const NO_TEXT = /^(?:-?\d+(?:\.\d+)?(?:e[+-]\d+)?|null|true|false|NaN|-?Infinity)$/u;
/** A key of YAML that stands for no text. */
const STRANGE_KEY = /(?:^|[{,?])\s*(?:~|null|true|false|yes|no|[-+]?[\d.][\w.:-]*)\s*[:,}]/imu;
const NOT_NAMED_BY_TEXT = 'no template can name a variable whose name is no text: it is left out';
const UNSAFE_NAME = 'a name of a host or group is text: `!unsafe` before it is refused, or not printed';
const BYTE_ORDER_MARK = 'a byte order mark is refused; Ansible takes it for a part of the first line';
const UNSAFE_KEY = '__ansible_unsafe';

/** Every way in which ours is stricter than ansible-inventory on purpose. */
const STRICTER: readonly Stricter[] = [
  {
    reason: 'what Ansible leaves out of an inventory with a warning is an error',
    covers: (problem, _test, { expected, actual }) =>
      problem.startsWith('load/bad-inventory ') &&
      count(actual.problems, problem) <=
        (expected.skipped ?? []).filter((text) => text.startsWith('Skipping')).length,
  },
  {
    reason: 'a file of variables that is broken is an error even where Ansible does not come to read it',
    covers: (problem, _test, { expected }) =>
      /[ /](?:group|host)_vars\//u.test(problem) && !expected.read?.includes(fileOf(problem)),
  },
  {
    reason: BYTE_ORDER_MARK,
    covers: (problem, test) => Boolean(test.files[fileOf(problem)]?.startsWith('\ufeff')),
  },
  {
    reason: NOT_NAMED_BY_TEXT,
    covers: (problem, test) =>
      problem.startsWith('load/bad-inventory ') && STRANGE_KEY.test(test.files[fileOf(problem)] ?? ''),
  },
  {
    reason: UNSAFE_NAME,
    covers: (problem, test) =>
      problem.startsWith('load/bad-inventory ') && Boolean(test.files[fileOf(problem)]?.includes('!unsafe')),
  },
];

/** Every way in which what is printed differs on purpose. */
const UNLIKE: readonly Unlike[] = [
  { reason: NOT_NAMED_BY_TEXT, alike: withoutStrangeNames },
  { reason: UNSAFE_NAME, alike: withPlainNames },
];

/** Why the answers differ, where all of the difference is there on purpose. */
export function explainInventory(test: InventoryCase, results: InventoryResults): string | undefined {
  const { expected, actual } = results;
  if (actual.error?.class === 'bug' || actual.skip !== undefined || expected.skip !== undefined)
    return undefined;
  if (isBadKey(expected)) return actual.output === undefined ? undefined : NOT_NAMED_BY_TEXT;
  if (expected.output === undefined || actual.output === undefined) return undefined;
  const reasons = new Set<string>();
  for (const problem of expected.problems?.length ? [] : (actual.problems ?? [])) {
    const found = STRICTER.find(({ covers }) => covers(problem, test, results));
    if (!found) return undefined;
    reasons.add(found.reason);
  }
  // The first line then says something else.
  if (reasons.has(BYTE_ORDER_MARK)) return [...reasons].sort().join('; ');
  let [theirs, ours] = [expected.output, actual.output];
  for (const { reason, alike } of UNLIKE) {
    if (theirs === ours) break;
    const [one, other] = [alike(theirs), alike(ours)];
    if (one === other || one !== sorted(theirs)) reasons.add(reason);
    [theirs, ours] = [one, other];
  }
  return theirs === ours ? [...reasons].sort().join('; ') : undefined;
}

function count(items: readonly string[] = [], item: string): number {
  return items.filter((one) => one === item).length;
}

function fileOf(problem: string): string {
  return problem.slice(problem.indexOf(' ') + 1);
}

function isBadKey({ error }: InventoryResults['expected']): boolean {
  return /^keys must be str/u.test(error?.message ?? '');
}

/** What was printed, as JSON with sorted keys; a graph as it is. */
function sorted(output: string): string {
  return rewritten(output, (entries) => Object.fromEntries(entries.toSorted()));
}

/** Without the variables whose names are no text, and without what is empty then. */
function withoutStrangeNames(output: string): string {
  const named = ([name]: [string, unknown]) => !NO_TEXT.test(name);
  return rewritten(output, (entries) => {
    const left = entries.filter(named);
    return left.length < entries.length && left.length === 0
      ? undefined
      : Object.fromEntries(left.toSorted());
  });
}

/** With the names of hosts and groups that are marked unsafe as plain ones. */
function withPlainNames(output: string): string {
  return rewritten(output, (entries) => {
    const [first] = entries;
    return first?.[0] === UNSAFE_KEY ? first[1] : Object.fromEntries(entries.toSorted());
  });
}

function rewritten(output: string, rewrite: (entries: [string, unknown][]) => unknown): string {
  try {
    return JSON.stringify(JSON.parse(output), (_key, value) =>
      value === null || typeof value !== 'object' || Array.isArray(value)
        ? value
        : rewrite(Object.entries(value)),
    );
  } catch {
    return output;
  }
}
