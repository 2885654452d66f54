import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { push } from './push.ts';
import { resolve } from './refs.ts';
import { initRepository, type Repository } from './repository.ts';
import { GitError } from './run-git.ts';
import { scratchRepository } from './scratch-repository.ts';
import { commitOf, temporaryFolder, temporaryRepository } from './temporary-repository.ts';

/** What is not of git's own among a repository's objects. */
function left({ gitDir }: Repository): string[] {
  return readdirSync(join(gitDir, 'objects')).filter((name) => !/^(?:[0-9a-f]{2}|info|pack)$/.test(name));
}

test('what kills have left is removed a day later, and what may be at work is not', async () => {
  const repository = await temporaryRepository();
  const [old, young] = [
    await scratchRepository(repository, 'push', () => ''),
    await scratchRepository(repository, 'push', () => ''),
  ];
  const foreign = join(repository.gitDir, 'objects', 'tmp_objdir-incoming-x');
  mkdirSync(foreign);
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  for (const [folder, hours] of [
    [old.gitDir, 25],
    [young.gitDir, 23],
    [foreign, 99],
  ] as const)
    utimesSync(folder, hoursAgo(hours), hoursAgo(hours));
  await commitOf(repository, { a: '1' });
  const names = [young.gitDir, foreign].map((folder) => folder.split('/').at(-1));
  expect(left(repository).sort()).toEqual(names.sort());
  execFileSync('git', ['prune', '--expire=now'], { cwd: repository.gitDir });
  expect(left(repository)).toEqual([]);
});

test('a repository below any name lends its objects', async () => {
  const repository = await initRepository(join(await temporaryFolder(), '#a "b"\\n $c;%d é'));
  const target = await temporaryRepository();
  const one = await commitOf(repository, { a: '1' });
  const two = await commitOf(repository, { a: '2' }, { parent: one });
  const updates = [{ ref: 'refs/heads/x', old: undefined, new: two }];
  expect(await push({ repository, url: target.gitDir, updates })).toEqual({ ok: true });
  expect(await resolve(target, 'refs/heads/x~1')).toBe(one);
  // And gets them.
  const back = [{ ref: 'refs/heads/y', old: undefined, new: one }];
  expect(await push({ repository: target, url: repository.gitDir, updates: back })).toEqual({ ok: true });
});

test('where none can be made, the folder and the reason are named', async () => {
  const repository = await temporaryRepository();
  const objects = join(repository.gitDir, 'objects');
  rmSync(objects, { recursive: true });
  const making = commitOf(repository, { a: '1' });
  await expect(making).rejects.toThrow(GitError);
  await expect(making).rejects.toThrow(
    `git fast-import: ENOENT: no such file or directory, scandir '${objects}'`,
  );
});
