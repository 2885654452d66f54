/** Renders workspaces with our compiler, as render-workspace.py --cases does with Ansible: JSON lines in and out. */
import { jsonLines } from '../json-lines.ts';
import { renderWorkspaceCase } from './render-workspace-case.ts';
import type { WorkspaceCase, WorkspaceResult } from './workspace-case.ts';

function answer(test: WorkspaceCase): WorkspaceResult {
  try {
    return renderWorkspaceCase(test);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { id: test.id, error: { class: 'bug', message: text.slice(0, 500) } };
  }
}

for await (const test of jsonLines(process.stdin)) {
  process.stdout.write(`${JSON.stringify(answer(test as WorkspaceCase))}\n`);
}
