import type { Answers, Ask } from '../run-cases.ts';
import type { InventoryCase, InventoryResult } from './inventory-case.ts';

/** An inventory whose answers differ, and the programs to ask for others. */
export interface Question {
  readonly test: InventoryCase;
  readonly results: Answers<InventoryResult>;
  readonly ask: Ask<InventoryCase, InventoryResult>;
}

/** An error of ours. */
interface Problem {
  readonly code: string;
  readonly file: string;
  readonly message: string;
}

/** Why ours may refuse what Ansible goes on with. */
interface Stricter {
  readonly reason: string;
  readonly covers: (problem: Problem, expected: InventoryResult) => boolean;
}

const UNSAFE_NAME = 'a name of a host or group is text: `!unsafe` before it is refused, and not printed';
const BYTE_ORDER_MARK = 'a byte order mark is refused; Ansible takes it for a part of the first line';

/** Every way in which ours is stricter than ansible-inventory on purpose, by the words of its errors. */
const STRICTER: readonly Stricter[] = [
  {
    reason: 'what Ansible leaves out of an inventory with a warning is an error',
    covers: ({ message }, { skipped = [] }) => skipped.some((warning) => isWarnedOf(message, warning)),
  },
  {
    reason: 'a file of variables that is broken is an error even where Ansible does not come to read it',
    covers: ({ file }, { read = [] }) => /(?:^|\/)(?:group|host)_vars\//u.test(file) && !read.includes(file),
  },
  {
    reason: UNSAFE_NAME,
    covers: ({ message }) => /^(?:host|group) `.*` is tagged !unsafe$/su.test(message),
  },
];

/**
 * Why the answers differ, where all of the difference is there on purpose: Ansible is asked again, with a line that it
 * refuses for each byte order mark and without the marks of names that ours does not print, and has to print then, byte for
 * byte, what ours printed of the case itself. Each error of ours that Ansible does without is to be covered by a reason.
 */
export async function explainInventory(question: Question): Promise<string | undefined> {
  const { test, results, ask } = question;
  const { output } = results.actual;
  const problems = problemsOf(results.actual);
  // A host that is declared behind a byte order mark is none.
  if (output === undefined && !problems.some(hasMark)) return undefined;
  const marked = new Set(problems.filter(hasMark).map(({ file }) => file));
  for (const plainNames of [false, true]) {
    const { expected, again } = await ask({
      ...test,
      files: withRefusedLine(test.files, marked),
      plainNames,
    });
    if (expected.skip !== undefined || again.skip !== undefined || expected.output !== again.output)
      return undefined;
    if (expected.output !== output) continue;
    const refused = reasonsToRefuse(problems, marked, expected);
    if (!refused) return undefined;
    const reasons = plainNames ? [...refused, UNSAFE_NAME] : refused;
    if (marked.size > 0) reasons.push(BYTE_ORDER_MARK);
    return reasons.length === 0 ? undefined : [...new Set(reasons)].sort().join('; ');
  }
  return undefined;
}

/** Why ours refuses what Ansible goes on with; undefined where it should not, and where only Ansible refuses. */
function reasonsToRefuse(
  problems: readonly Problem[],
  marked: ReadonlySet<string>,
  expected: InventoryResult,
): string[] | undefined {
  const isMade = (source: string) => [...marked].some((file) => `${file}/`.startsWith(`${source}/`));
  if (expected.problems?.some((source) => !isMade(source))) return problems.length > 0 ? [] : undefined;
  // In a file with a byte order mark more may be wrong: it is refused at its beginning.
  const others = problems.filter(({ file }) => !marked.has(file));
  const reasons = others.map((problem) => STRICTER.find(({ covers }) => covers(problem, expected))?.reason);
  return reasons.every((reason) => reason !== undefined) ? reasons : undefined;
}

function problemsOf({ problems = [], messages = [] }: InventoryResult): Problem[] {
  return problems.map((problem, at) => {
    const end = problem.indexOf(' ');
    return { code: problem.slice(0, end), file: problem.slice(end + 1), message: messages[at]! };
  });
}

function hasMark({ code, message }: Problem): boolean {
  return code === 'load/bad-ini' && message === 'the file begins with a byte order mark';
}

/** The files, with a line in the place of each byte order mark that is an error in INI, and none in YAML. */
function withRefusedLine(files: InventoryCase['files'], marked: ReadonlySet<string>): InventoryCase['files'] {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      marked.has(path) ? `%YAML 1.1\n---\n${text.slice(1)}` : text,
    ]),
  );
}

/** Whether a warning of Ansible's is about what a message of ours names. */
function isWarnedOf(message: string, warning: string): boolean {
  const group = /^group `(.*)` must be a mapping of hosts, children and vars$/su.exec(message);
  if (group) return warning.startsWith(`Skipping '${group[1]}' as this is not a valid group definition`);
  const key = /^unknown key `.*` in group `(.*)`: it takes hosts, children and vars$/su.exec(message);
  return (
    key !== null && /^Skipping (?:unexpected |empty )?key /u.test(warning) && warning.includes(`(${key[1]})`)
  );
}
