import { load } from '../../../compiler/1-load/load.ts';
import { resolve } from '../../../compiler/2-resolve/resolve.ts';
import { render } from '../../../compiler/3-render/render.ts';
import type { WorkspaceCase, WorkspaceResult } from './workspace-case.ts';

/** What our compiler makes of a workspace. */
export function renderWorkspaceCase({ id, files }: WorkspaceCase): WorkspaceResult {
  const bytes = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  const { value: workspace, diagnostics } = load(new Map(bytes));
  const [problem] = diagnostics.filter(({ severity }) => severity === 'error');
  if (problem) return { id, error: { class: problem.code, message: problem.message } };
  const { value: inventory } = resolve(workspace);
  const hosts = render({ workspace, inventory, matches: () => true, usable: () => true }).value;
  const rendered: Record<string, string | null> = {};
  for (const { host, files: own } of hosts) {
    for (const { content } of workspace.components.values()) {
      for (const { path } of content.files) rendered[`${host}:${path}`] = null;
    }
    for (const { path, text } of own) rendered[`${host}:${path}`] = text;
  }
  return { id, rendered };
}
