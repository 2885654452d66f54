import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initRepository, type Repository } from '../../../compiler/git/repository.ts';

/** The whole configuration of a repository of the runner's. */
const CONFIG = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';

/** What git itself puts there, and what a git that was killed leaves. No hooks, no `commondir`, no `config.worktree`. */
const OWN = /^(?:HEAD|config|objects|refs|packed-refs|shallow|FETCH_HEAD|[\w-]+\.lock)$/;

/** Bytes of packs: several of the largest bundles. */
const MAX_CACHE = 512 << 20;

/**
 * The bare repository at a path of the runner's own. It is a cache: where it is missing, or holds anything by which git
 * could be made to run a program or to look elsewhere (another configuration, hooks, alternates, links), it is made anew;
 * so it is where it has grown large, or holds what came of a fetch that was broken off: git keeps both forever.
 */
export async function openOwn(gitDir: string): Promise<Repository> {
  if (isOwn(gitDir)) return { gitDir, caller: 'host' };
  rmSync(gitDir, { recursive: true, force: true });
  const repository = await initRepository(gitDir, 'host');
  writeFileSync(join(gitDir, 'config'), CONFIG);
  return repository;
}

/** Whether a repository is as this program makes it, and small. */
export function isOwn(gitDir: string): boolean {
  const stats = lstatSync(gitDir, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return false;
  const names = readdirSync(gitDir);
  if (!['HEAD', 'config', 'objects', 'refs'].every((name) => names.includes(name))) return false;
  const isPlain = (name: string): boolean => !lstatSync(join(gitDir, name)).isSymbolicLink();
  if (!names.every((name) => OWN.test(name) && isPlain(name))) return false;
  const info = join(gitDir, 'objects', 'info');
  const isIndependent = ['alternates', 'http-alternates'].every(
    (name) => !lstatSync(join(info, name), { throwIfNoEntry: false }),
  );
  return (
    isIndependent &&
    isSmall(join(gitDir, 'objects', 'pack')) &&
    readFileSync(join(gitDir, 'config'), 'utf8') === CONFIG
  );
}

/** Whether there are only whole packs, and not too much of them. */
function isSmall(packs: string): boolean {
  const names = existsSync(packs) ? readdirSync(packs) : [];
  const size = names.reduce((sum, name) => sum + lstatSync(join(packs, name)).size, 0);
  return size <= MAX_CACHE && !names.some((name) => name.startsWith('tmp_'));
}
