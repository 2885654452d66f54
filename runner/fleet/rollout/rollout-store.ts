import { rolloutRef } from '../../../compiler/contract/names.ts';
import {
  formatRollout,
  parseRollout,
  ROLLOUT_PATH,
  type Rollout,
} from '../../../compiler/contract/rollout.ts';
import type { Trust } from '../../../compiler/git/allowed-signers.ts';
import { FILE_MODE, formatCommit, formatTree, objectId, parseCommit } from '../../../compiler/git/objects.ts';
import { readObject } from '../../../compiler/git/read-objects.ts';
import type { Repository } from '../../../compiler/git/repository.ts';
import { signCommit, verifyCommit } from '../../../compiler/git/signed-commit.ts';
import { writeObjects } from '../../../compiler/git/write-objects.ts';
import { identityAt } from '../audit.ts';
import { clusterOf, type Signer } from '../sign-promotions.ts';

/** A rollout, and the commit that holds it. */
export interface StoredRollout {
  readonly rollout: Rollout;
  readonly commit: string;
}

/** Stores a rollout as a signed commit on top of the last one, and gives its id; no ref moves. */
export async function writeRollout(
  { config, key, who, now }: Signer,
  rollout: Rollout,
  last: string | undefined,
): Promise<string> {
  const file = formatRollout(rollout);
  const tree = formatTree([{ mode: FILE_MODE, name: ROLLOUT_PATH, id: objectId('blob', file) }]);
  const person = identityAt(who, now);
  const { state, at, waves } = rollout;
  const commit = formatCommit({
    tree: objectId('tree', tree),
    parents: last === undefined ? [] : [last],
    author: person,
    committer: person,
    message: `rollout ${clusterOf(rollout)}: ${state}, ${at} of ${waves.length} waves done\n`,
  });
  const ids = await writeObjects(config.repository, [
    { type: 'blob', content: file },
    { type: 'tree', content: tree },
    { type: 'commit', content: signCommit(commit, key) },
  ]);
  return ids[2]!;
}

/**
 * The rollout that a cluster's ref holds; undefined where there is none; a text where it cannot be believed: what it
 * counts as granted decides what may go down.
 */
export async function readRollout(
  repository: Repository,
  {
    refs,
    type,
    cluster,
    trust,
  }: {
    readonly refs: ReadonlyMap<string, string>;
    readonly type: string;
    readonly cluster: string;
    readonly trust: Trust;
  },
): Promise<StoredRollout | string | undefined> {
  const commit = refs.get(rolloutRef(type, cluster));
  if (commit === undefined) return undefined;
  const object = await readObject(repository, commit);
  if (object?.type !== 'commit' || !object.content) return 'it is no commit';
  const signedAt = parseCommit(object.content)?.committer.time ?? 0;
  const verdict = verifyCommit(object.content, { ...trust, now: signedAt });
  if (!verdict.ok) return verdict.message;
  const file = await readObject(repository, `${verdict.commit.tree}:${ROLLOUT_PATH}`);
  const rollout = file?.content && parseRollout(file.content);
  if (!rollout) return `it holds no ${ROLLOUT_PATH} that this version of khp can read`;
  if (rollout.type !== type || rollout.cluster !== cluster) return `it is of ${clusterOf(rollout)}`;
  return { rollout, commit };
}
