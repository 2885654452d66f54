import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copySample, git, ROOT, run, temporaryFolder } from './temporary-workspace.ts';

const PARTS = ['khp.yml', 'inventories', 'releases', 'templates'];

/** Where and how a compile runs. */
interface Surroundings {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly workers: number;
  /** Makes the files one by one, in this order. */
  readonly order: (names: string[]) => string[];
}

const SURROUNDINGS: readonly Surroundings[] = [
  { folder: 'a', environment: { TZ: 'UTC', LC_ALL: 'C' }, workers: 1, order: (names) => names },
  {
    folder: 'b/with a space/ü',
    environment: { TZ: 'Asia/Kolkata', LC_ALL: 'tr_TR.UTF-8' },
    workers: 2,
    order: (names) => names.reverse(),
  },
  {
    folder: 'c/deeper/than/the/others',
    environment: {
      TZ: 'America/St_Johns',
      LC_ALL: 'de_DE.UTF-8',
      LANG: 'de_DE.UTF-8',
      HOSTNAME: 'other',
      USER: 'other',
    },
    workers: 8,
    order: (names) => names.sort((a, b) => (a.slice(1) < b.slice(1) ? -1 : 1)),
  },
];

function copyInOrder(from: string, to: string, order: Surroundings['order']): void {
  mkdirSync(to, { recursive: true });
  for (const name of order(readdirSync(from))) {
    const entries = readdirSync(from, { withFileTypes: true });
    const isFolder = entries.find((entry) => entry.name === name)!.isDirectory();
    if (isFolder) copyInOrder(join(from, name), join(to, name), order);
    else cpSync(join(from, name), join(to, name));
  }
}

test('time zone, locale, path, order of directories and threads leave the tree as it is', {
  timeout: 300_000,
}, async () => {
  const area = temporaryFolder();
  const sample = join(area, 'sample');
  mkdirSync(sample);
  copySample(sample, PARTS);
  const trees: string[] = [];
  for (const { folder, environment, workers, order } of SURROUNDINGS) {
    const workspace = join(area, folder);
    copyInOrder(sample, workspace, order);
    await git(workspace, 'init', '--quiet', '-b', 'main');
    await git(workspace, 'add', '--all');
    await git(workspace, 'commit', '--quiet', '-m', 'sample');
    const compiled = async (...more: string[]) => {
      const args = [join(ROOT, 'compiler/cli/khp.ts'), '-C', workspace, 'compile', ...more];
      const { status, stderr } = await run(process.execPath, args, environment);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      trees.push((await git(workspace, 'rev-parse', 'bundles^{tree}')).stdout.trim());
    };
    await compiled('--workers', String(workers));
    await git(workspace, 'commit', '--quiet', '--allow-empty', '-m', 'again');
    await compiled();
  }
  expect(trees).toHaveLength(2 * SURROUNDINGS.length);
  expect(trees[0]).toMatch(/^[0-9a-f]{40}$/);
  expect(new Set(trees).size).toBe(1);
});
