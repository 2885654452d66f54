import { BUNDLES_REF } from '../contract/names.ts';
import { parsePublication } from '../contract/publication.ts';
import { parseCommit } from '../git/objects.ts';
import { readObject } from '../git/read-objects.ts';
import { type RefStore, readRefs } from '../git/ref-store.ts';
import { resolveCommit } from '../git/refs.ts';
import { UsageError } from './console.ts';
import type { GitWorkspace } from './source.ts';

/** What was published last. */
export interface PublishedSource {
  /** The tip of refs/heads/bundles. */
  readonly bundles: string;
  /** The commit that it says it was compiled from, which the workspace has. */
  readonly source: string;
  /** The version of the compiler that made it. */
  readonly compiler: string;
}

/** Reads the tip of the bundles; a UsageError where there is none, or its source is not here. */
export async function publishedSource(
  config: RefStore,
  { repository }: GitWorkspace,
): Promise<PublishedSource> {
  const bundles = (await readRefs(config, [BUNDLES_REF])).get(BUNDLES_REF);
  if (bundles === undefined) throw new UsageError(`there is no ${BUNDLES_REF}: run khp compile first`);
  const object = await readObject(config.repository, bundles);
  const publication = parsePublication(parseCommit(object?.content ?? new Uint8Array())?.message ?? '');
  if (!publication) throw new UsageError(`the last commit of ${BUNDLES_REF} was not made by khp`);
  const { source } = publication;
  if ((await resolveCommit(repository, source)) === source) return { bundles, ...publication };
  throw new UsageError(`the bundles are of commit ${source}, which is not here: fetch it first`);
}
