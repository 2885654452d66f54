import { hostRef } from '../../../compiler/contract/names.ts';
import { runGit } from '../../../compiler/git/run-git.ts';

const TIMEOUT = 60_000;

/** What a host's ref holds in the config repository, and nothing fetched; undefined where there is none. Throws GitError. */
export async function pollRef(url: string, host: string): Promise<string | undefined> {
  const ref = hostRef(host);
  const { stdout } = await runGit({
    caller: 'host',
    args: ['ls-remote', '--quiet', '--refs', '--end-of-options', url, ref],
    remote: true,
    timeout: TIMEOUT,
    maxOutput: 1 << 20,
  });
  for (const line of stdout.toString('latin1').split('\n')) {
    const [id, name] = line.split('\t');
    if (name === ref && /^[0-9a-f]{40}$/.test(id!)) return id;
  }
  return undefined;
}
