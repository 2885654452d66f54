import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Identity } from './objects.ts';
import { initRepository, type Repository } from './repository.ts';
import { type NewCommit, writeCommit } from './write-commit.ts';

/** For tests: an empty folder, removed when the test that asked for it ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'khp-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** For tests: who commits. */
export const WHO: Identity = { name: 'Ops', email: 'ops@example.com', time: 1_700_000_000, zone: '+0130' };

/** For tests: an empty bare repository. */
export async function temporaryRepository(): Promise<Repository> {
  return initRepository(join(await temporaryFolder(), 'r.git'));
}

/** For tests: a commit of files given as texts. */
export function commitOf(
  repository: Repository,
  files: Readonly<Record<string, string>>,
  more: Partial<NewCommit> = {},
): Promise<string> {
  return writeCommit({
    repository,
    files: Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
    author: WHO,
    committer: WHO,
    message: 'm\n',
    ...more,
  });
}

/** For tests: files as texts. */
export function textsOf(tree: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries([...tree].map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]));
}
