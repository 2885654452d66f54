import { MANIFEST_PATH } from '../../compiler/contract/manifest.ts';
import { hostRef } from '../../compiler/contract/names.ts';
import { type Promotion, parsePromotion } from '../../compiler/contract/promotion.ts';
import { parseCommit } from '../../compiler/git/objects.ts';
import { readObjects } from '../../compiler/git/read-objects.ts';
import type { PromotedBundle } from './assemble-host.ts';
import { type Config, HOST_REFS } from './open-config.ts';
import type { Problems } from './problems.ts';
import { readManifest } from './read-manifest.ts';

/** A promotion, and the commit that holds its bundle. */
export interface HostPromotion extends PromotedBundle {
  readonly commit: string;
}

/**
 * What hosts' refs hold, by host. A ref counts when it is the one of the host that its commit names, and its manifest
 * is the one that the commit names. Signatures are the hosts' to verify: a portal has no trust to give.
 */
export async function readPromotions(
  config: Config,
  problems: Problems,
): Promise<Map<string, HostPromotion>> {
  const commits = await readCommits(config, problems);
  const promotions = new Map<string, HostPromotion>();
  const names = commits.map(({ commit }) => `${commit}:${MANIFEST_PATH}`);
  let next = 0;
  await readObjects({ repository: config.repository, names }, (object) => {
    const { promotion, commit, at } = commits[next++]!;
    const { host, seq, expires, restart, retire, manifest } = promotion;
    const sealed = object?.content && readManifest(object.content);
    if (sealed?.digest === manifest && sealed.manifest.host === host) {
      promotions.set(host, { ...sealed, seq, expires, restart, retire, at, commit });
    } else problems.add('site/bad-promotion', { host });
  });
  return promotions;
}

interface PromotionCommit {
  readonly promotion: Promotion;
  readonly commit: string;
  readonly at: number;
}

async function readCommits({ repository, refs }: Config, problems: Problems): Promise<PromotionCommit[]> {
  const hostRefs = [...refs].filter(([ref]) => ref.startsWith(HOST_REFS));
  const commits: PromotionCommit[] = [];
  let next = 0;
  await readObjects({ repository, names: hostRefs.map(([, id]) => id) }, (object) => {
    const [ref, id] = hostRefs[next++]!;
    const commit = object?.content && parseCommit(object.content);
    const promotion = commit && parsePromotion(commit.message);
    if (commit && promotion && hostRef(promotion.host) === ref) {
      commits.push({ promotion, commit: id, at: commit.committer.time });
    } else problems.add('site/bad-promotion', { host: ref.slice(HOST_REFS.length + 3) });
  });
  return commits;
}
