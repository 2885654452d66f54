import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { judgeWorkspace } from './judge-workspace.ts';
import { renderWorkspaceCase } from './render-workspace-case.ts';
import type { WorkspaceCase, WorkspaceResult } from './workspace-case.ts';

/** Generated workspaces, each with what Ansible rendered of it (render-workspace.py --cases). */
const path = join(import.meta.dirname, '..', '..', '..', 'compiler', '3-render', 'corpus', 'generated.jsonl');
const cases = readFileSync(path, 'utf8')
  .split('\n')
  .slice(0, -1)
  .map((line) => JSON.parse(line) as WorkspaceCase & WorkspaceResult);

it('has kept some dozens of generated workspaces, most of whose files can be rendered', () => {
  expect(cases.length).toBeGreaterThan(50);
  const texts = cases.flatMap(({ rendered = {} }) => Object.values(rendered));
  expect(texts.filter((text) => text !== null).length).toBeGreaterThan(texts.length / 2);
});

it('renders them as Ansible does', () => {
  const different = cases.flatMap((test) => {
    const actual = renderWorkspaceCase(test);
    const verdict = judgeWorkspace({ expected: test, again: test, actual });
    return verdict.is === 'equal' ? [] : [{ ...test, actual }];
  });
  expect(different).toEqual([]);
});
