import { load } from '../../../compiler/1-load/load.ts';
import { resolve } from '../../../compiler/2-resolve/resolve.ts';
import { render } from '../../../compiler/3-render/render.ts';
import { LOOP } from '../../../compiler/ansible/templar/evaluation.ts';
import { UNDEFINED_THERE } from '../../../compiler/ansible/templar/for-others.ts';
import { NO_VARS } from '../../../compiler/ansible/values/all-vars.ts';
import type { WorkspaceCase, WorkspaceResult } from './workspace-case.ts';

/** How the errors begin of what is refused on purpose. */
const REFUSED = [UNDEFINED_THERE, NO_VARS, LOOP];

/** What our compiler makes of a workspace. */
export function renderWorkspaceCase({ id, files }: WorkspaceCase): WorkspaceResult {
  const bytes = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  const { value: workspace, diagnostics } = load(new Map(bytes));
  const [problem] = diagnostics.filter(({ severity }) => severity === 'error');
  if (problem) return { id, error: { class: problem.code, message: problem.message } };
  const { value: inventory } = resolve(workspace);
  const all = { matches: () => true, usable: () => true };
  const { value: hosts, diagnostics: problems } = render({ workspace, inventory, ...all });
  const rendered: Record<string, string | null> = {};
  for (const { host, files: own } of hosts) {
    for (const { content } of workspace.components.values()) {
      for (const { path } of content.files) rendered[`${host}:${path}`] = null;
    }
    for (const { path, text } of own) rendered[`${host}:${path}`] = text;
  }
  const refused: Record<string, string> = {};
  for (const { message, place, related = [], hosts: on = [] } of problems) {
    if (!REFUSED.some((start) => message.startsWith(start))) continue;
    const templates = new Set([place, ...related.map((one) => one.place)].map((one) => one?.file));
    for (const [name, { content }] of workspace.components) {
      for (const { template, path } of content.files) {
        if (!templates.has(`templates/${name}/${template}`)) continue;
        for (const host of on) refused[`${host}:${path}`] = message;
      }
    }
  }
  return { id, rendered, refused };
}
