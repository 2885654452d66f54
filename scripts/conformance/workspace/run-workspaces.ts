import { Program } from '../program.ts';
import type { SuiteOptions } from '../run-suite.ts';
import { shrinkFiles } from '../shrink-files.ts';
import {
  type Found,
  type Group,
  groupDifferences,
  mergeAlike,
  type SuiteReport,
  tally,
} from '../suite-report.ts';
import { generateWorkspaces } from './generate-workspace-case.ts';
import { judgeWorkspace, type WorkspaceResults } from './judge-workspace.ts';
import type { WorkspaceCase, WorkspaceResult } from './workspace-case.ts';

export type WorkspaceReport = SuiteReport<WorkspaceCase, WorkspaceResult>;
type WorkspaceProgram = Program<WorkspaceCase, WorkspaceResult>;

/** Milliseconds that Ansible may take for a workspace: its own limit counts the time of the processor. */
const PATIENCE = 300_000;

/** Workspaces that may be tried to make one smaller; each takes Ansible half a second. */
const TRIES = 60;

/** Generates workspaces, renders every file of their hosts with Ansible and with ours, and judges each. */
export async function runWorkspaces({ count, seed, python }: SuiteOptions): Promise<WorkspaceReport> {
  const start = performance.now();
  const cases = generateWorkspaces(count, seed);
  const programs = startPrograms(python);
  const [expected, again, actual] = await Promise.all(programs.map((program) => program.askAll(cases)));
  const verdicts = cases.map((test, index) =>
    judgeWorkspace(test, { expected: expected![index]!, again: again![index]!, actual: actual![index]! }),
  );
  const differences: Found<WorkspaceCase, WorkspaceResult>[] = [];
  for (const group of groupDifferences(cases, verdicts, () => 'workspace'))
    differences.push(await findSmallest(group, programs));
  for (const program of programs) program.close();
  return {
    suite: 'workspace',
    ...tally(verdicts),
    differences: mergeAlike(differences, ({ files }) => files),
    seconds: (performance.now() - start) / 1000,
  };
}

/** Ansible twice, with different seeds of its hashes, and ours. */
function startPrograms(python: string): readonly WorkspaceProgram[] {
  const real = (seed: string): WorkspaceProgram => {
    const args = ['-W', 'ignore', `${import.meta.dirname}/../render-workspace.py`, '--cases'];
    return new Program({ command: python, args, env: { PYTHONHASHSEED: seed }, patience: PATIENCE });
  };
  const args = [`${import.meta.dirname}/render-workspace-cases.ts`];
  return [real('1'), real('2'), new Program({ command: process.execPath, args })];
}

async function findSmallest(
  { difference, members }: Group<WorkspaceCase>,
  programs: readonly WorkspaceProgram[],
): Promise<Found<WorkspaceCase, WorkspaceResult>> {
  const ask = async (test: WorkspaceCase): Promise<WorkspaceResults> => {
    const [expected, again, actual] = await Promise.all(programs.map((program) => program.ask(test)));
    return { expected: expected!, again: again!, actual: actual! };
  };
  const first = members[0]!;
  const shows = async (files: WorkspaceCase['files']): Promise<boolean> => {
    const test = { ...first, files };
    const verdict = judgeWorkspace(test, await ask(test));
    return verdict.is === 'different' && verdict.difference.kind === difference.kind;
  };
  const smallest = { ...first, files: await shrinkFiles(first.files, shows, TRIES) };
  const { expected, actual } = await ask(smallest);
  return { difference, smallest, expected, actual, cases: members.length };
}

/** A workspace that differs, in words. */
export function describeWorkspace(found: Found<WorkspaceCase, WorkspaceResult>): string {
  const { difference, smallest, expected, actual, cases } = found;
  const [theirs, ours] = [expected.rendered ?? {}, actual.rendered ?? {}];
  const different = Object.keys({ ...theirs, ...ours }).filter((path) => theirs[path] !== ours[path]);
  return [
    `${difference.kind} ${difference.cause} (${cases} cases)`,
    ...Object.entries(smallest.files).map(([path, text]) => `  ${path}  ${JSON.stringify(text)}`),
    ...different
      .slice(0, 3)
      .flatMap((path) => [
        `  ${path}`,
        `    expected ${JSON.stringify(theirs[path])}`,
        `    got      ${JSON.stringify(ours[path])}`,
      ]),
    ...[expected.error, actual.error].flatMap((error) =>
      error ? [`  ${error.class}: ${error.message}`] : [],
    ),
  ].join('\n');
}
