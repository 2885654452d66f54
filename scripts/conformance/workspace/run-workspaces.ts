import { nodeScript, pythonTwice, runCases, type SuiteOptions } from '../run-cases.ts';
import { shrinkFiles } from '../shrink-files.ts';
import type { Found, SuiteReport } from '../suite-report.ts';
import { generateWorkspaces } from './generate-workspace-case.ts';
import { judgeWorkspace } from './judge-workspace.ts';
import type { WorkspaceCase, WorkspaceResult } from './workspace-case.ts';

/** Milliseconds that Ansible may take for a workspace: its own limit counts the time of the processor. */
const PATIENCE = 300_000;

/** Workspaces that may be tried to make one smaller; each takes Ansible half a second. */
const TRIES = 60;

/** Generates workspaces, renders every file of their hosts with Ansible and with ours, and judges each. */
export function runWorkspaces({
  count,
  seed,
  python,
}: SuiteOptions): Promise<SuiteReport<WorkspaceCase, WorkspaceResult>> {
  return runCases<WorkspaceCase, WorkspaceResult>({
    name: 'workspace',
    cases: generateWorkspaces(count, seed),
    programs: [
      ...pythonTwice(python, 'render-workspace.py', { args: ['--cases'], patience: PATIENCE }),
      nodeScript('workspace/render-workspace-cases.ts'),
    ],
    judge: (_test, answers) => judgeWorkspace(answers),
    featureOf: () => 'workspace',
    sizeOf: ({ files }) => JSON.stringify(files).length,
    shrink: async (test, shows) => ({
      ...test,
      files: await shrinkFiles(test.files, (files) => shows({ ...test, files }), TRIES),
    }),
    keyOf: ({ files }) => files,
  });
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
