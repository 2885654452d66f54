import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, khp, ROOT, temporaryFolder } from './temporary-workspace.ts';

/** A workspace in a git repository of its own, with ten mistakes. */
async function brokenWorkspace(): Promise<string> {
  const folder = temporaryFolder();
  cpSync(join(ROOT, 'tests/corpus/ten-mistakes/input'), folder, { recursive: true });
  await git(folder, 'init', '--quiet', '-b', 'main');
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '-m', 'begin');
  return folder;
}

test('--json says on stdout what stops a command', async () => {
  const workspace = await brokenWorkspace();
  for (const args of [['check'], ['compile'], ['compile', '--out', join(workspace, 'out')], ['diff']]) {
    const { status, stdout, stderr } = await khp(workspace, ...args, '--json');
    expect({ args, status, stderr }).toEqual({ args, status: 1, stderr: '' });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
    expect(diagnostics.map(({ code }) => code)).toContain('load/bad-yaml');
  }
});
