import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllowedSigners } from '../../compiler/git/allowed-signers.ts';
import { readObjects } from '../../compiler/git/read-objects.ts';
import { listRefs } from '../../compiler/git/refs.ts';
import { openRepository } from '../../compiler/git/repository.ts';
import { verifyCommit } from '../../compiler/git/signed-commit.ts';
import { inParallel, run } from './programs.ts';

interface Promotions {
  /** The config repository. */
  readonly config: string;
  /** The operator's private key; its public half lies beside it. */
  readonly key: string;
  /** For files of the verification. */
  readonly folder: string;
}

/** Verifies the promotion of every host, by our own code and, where ssh-keygen is there, by stock git too. */
export async function verifyPromotions(
  { config, key, folder }: Promotions,
  tell: (text: string) => void,
): Promise<string> {
  const repository = await openRepository(config);
  const commits = [...(await listRefs(repository, ['refs/khp/hosts/'])).values()];
  const signers = `operator@khp.invalid namespaces="git" ${readFileSync(`${key}.pub`, 'utf8')}`;
  const file = join(folder, 'allowed_signers');
  writeFileSync(file, signers);
  const trust = {
    signers: parseAllowedSigners(signers).signers,
    revoked: [],
    now: Math.floor(Date.now() / 1000),
  };
  let accepted = 0;
  await readObjects({ repository, names: commits }, (object, name) => {
    const verdict = verifyCommit(object!.content!, trust);
    if (!verdict.ok) throw new Error(`${name}: ${verdict.message}`);
    accepted++;
  });
  if ((await run('ssh-keygen', ['-?'])).status === 127)
    return `${accepted} accepted by khp; no ssh-keygen here, so git was not asked`;
  let checked = 0;
  await inParallel(commits, 2, async (commit) => {
    const args = [
      '-C',
      config,
      '-c',
      `gpg.ssh.allowedSignersFile=${file}`,
      '-c',
      'gpg.format=ssh',
      'verify-commit',
      commit,
    ];
    const { status, stderr } = await run('git', args);
    if (status !== 0) throw new Error(`git verify-commit refuses ${commit}: ${stderr}`);
    tell(`${++checked} of ${commits.length}`);
  });
  return `${accepted} accepted by khp, ${checked} by git verify-commit`;
}
