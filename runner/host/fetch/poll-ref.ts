import { hostRef } from '../../../compiler/contract/names.ts';
import { trackingRef } from '../../../compiler/git/fetch.ts';
import { GitError, runGit } from '../../../compiler/git/run-git.ts';
import { isOwn } from './own-repository.ts';

const TIMEOUT = 60_000;

/** Whose ref to look at, and the repository that runs fetch into. */
export interface PollRequest {
  readonly gitDir: string;
  readonly url: string;
  readonly host: string;
}

/**
 * Whether a host's ref holds something else than the last run fetched; false where it holds nothing. A fetch that moves
 * no ref: unlike ls-remote, which has a server name the refs of the whole fleet, it asks for the one ref, and is over when
 * that is known. Throws GitError where the repository cannot be reached.
 */
export async function pollRef({ gitDir, url, host }: PollRequest): Promise<boolean> {
  // The run makes it anew.
  if (!isOwn(gitDir)) return true;
  const ref = hostRef(host);
  const refspec = `+${ref}:${trackingRef(url, ref)}`;
  const quiet = ['--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];
  try {
    const { stderr } = await runGit({
      caller: 'host',
      gitDir,
      args: ['fetch', '--dry-run', '--verbose', ...quiet, '--end-of-options', url, refspec],
      remote: true,
      timeout: TIMEOUT,
    });
    return !/^ = \[up to date\] /m.test(stderr);
  } catch (error) {
    if (error instanceof GitError && error.stderr.includes("couldn't find remote ref")) return false;
    throw error;
  }
}
