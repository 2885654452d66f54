import { BUNDLES_REF, hostRef } from '../../compiler/contract/names.ts';
import { formatPromotion, type Promotion, parsePromotion } from '../../compiler/contract/promotion.ts';
import { formatCommit } from '../../compiler/git/objects.ts';
import { readObject } from '../../compiler/git/read-objects.ts';
import { resolve, updateRefs } from '../../compiler/git/refs.ts';
import type { Repository } from '../../compiler/git/repository.ts';
import { signCommit, verifyCommit } from '../../compiler/git/signed-commit.ts';
import { writeObjects } from '../../compiler/git/write-objects.ts';
import { readBundleHosts } from './bundle-hosts.ts';
import { keyNamed, NOW, OPERATOR, type TemporaryFleet, trustIn } from './temporary-fleet.ts';

/** For tests: what the ref of a host holds, signed by the operator. */
export async function promotionOf(
  repository: Repository,
  host: string,
): Promise<Promotion & { tree: string; parents: readonly string[] }> {
  const { content } = (await readObject(repository, hostRef(host)))!;
  const verdict = verifyCommit(content!, { ...trustIn(keyNamed('operator')), now: NOW });
  if (!verdict.ok) throw new Error(verdict.message);
  const { tree, parents, message } = verdict.commit;
  return { ...parsePromotion(message)!, tree, parents };
}

/** For tests: signs any promotion and moves the host's ref to it, as somebody with the key could by hand. */
export async function promoteByHand(
  fleet: TemporaryFleet,
  request: { promotion: Promotion; signer: string; at?: string },
) {
  const { promotion, signer, at = promotion.host } = request;
  const repository = fleet.configRepository;
  const who = { ...OPERATOR, time: NOW, zone: '+0000' };
  const tree = (await readBundleHosts(repository, BUNDLES_REF)).get(at)!.tree;
  const commit = formatCommit({
    tree,
    parents: [],
    author: who,
    committer: who,
    message: formatPromotion(promotion),
  });
  const [id] = await writeObjects(repository, [
    { type: 'commit', content: signCommit(commit, keyNamed(signer)) },
  ]);
  const ref = hostRef(at);
  await updateRefs(repository, [{ ref, old: await resolve(repository, ref), new: id! }], 'by hand');
}
