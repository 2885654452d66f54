import { bundlePath, MANIFEST_PATH } from '../../compiler/contract/manifest.ts';
import { BUNDLES_REF } from '../../compiler/contract/names.ts';
import { parsePublication } from '../../compiler/contract/publication.ts';
import { parseCommit } from '../../compiler/git/objects.ts';
import { readObject, readObjects } from '../../compiler/git/read-objects.ts';
import { listTree } from '../../compiler/git/read-tree.ts';
import type { Repository } from '../../compiler/git/repository.ts';
import type { Compiled } from '../fleet.ts';
import type { SealedManifest } from './assemble-host.ts';
import type { Config } from './open-config.ts';
import type { Problems } from './problems.ts';
import { readManifest } from './read-manifest.ts';

/** A host's bundle: its manifest, and the object of each of its files by the path on the host. */
export interface Bundle extends SealedManifest {
  readonly objects: ReadonlyMap<string, string>;
}

/** What refs/heads/bundles holds. */
export interface Bundles {
  readonly compiled: Compiled | null;
  /** By host. */
  readonly hosts: ReadonlyMap<string, Bundle>;
}

const FILES = bundlePath('/');

/** An id that no object has. */
const MISSING = '0'.repeat(40);

export async function readBundles({ repository, refs }: Config, problems: Problems): Promise<Bundles> {
  const commit = refs.get(BUNDLES_REF);
  if (commit === undefined) {
    problems.add('site/nothing-compiled', {});
    return { compiled: null, hosts: new Map() };
  }
  const places = await listPlaces({ repository, refs }, commit);
  const hosts = new Map<string, Bundle>();
  const order = [...places];
  let next = 0;
  await readObjects({ repository, names: order.map(([, { manifest }]) => manifest ?? MISSING) }, (object) => {
    const [place, { objects }] = order[next++]!;
    const sealed = object?.content && readManifest(object.content);
    if (!sealed || placeOf(sealed.manifest) !== place) problems.add('site/bad-bundle', { detail: place });
    else if (hosts.has(sealed.manifest.host))
      problems.add('site/two-clusters', { host: sealed.manifest.host });
    else hosts.set(sealed.manifest.host, { ...sealed, objects });
  });
  return { compiled: await readCompiled(repository, commit, problems), hosts };
}

interface Place {
  manifest: string | undefined;
  readonly objects: Map<string, string>;
}

/** The objects below each `<type>/<cluster>/<host>`, in git's order. */
async function listPlaces({ repository }: Config, treeish: string): Promise<Map<string, Place>> {
  const places = new Map<string, Place>();
  for (const { path, id, mode } of await listTree({ repository, treeish })) {
    const [type, cluster, host, ...rest] = path.split('/');
    if (rest.length === 0 || !mode.startsWith('100')) continue;
    const name = `${type}/${cluster}/${host}`;
    let place = places.get(name);
    if (!place) {
      place = { manifest: undefined, objects: new Map() };
      places.set(name, place);
    }
    const inBundle = rest.join('/');
    if (inBundle === MANIFEST_PATH) place.manifest = id;
    else if (inBundle.startsWith(FILES)) place.objects.set(inBundle.slice(FILES.length - 1), id);
  }
  return places;
}

function placeOf({ type, cluster, host }: SealedManifest['manifest']): string {
  return `${type}/${cluster}/${host}`;
}

async function readCompiled(
  repository: Repository,
  id: string,
  problems: Problems,
): Promise<Compiled | null> {
  const object = await readObject(repository, id);
  const commit = object?.content && parseCommit(object.content);
  if (!commit) return null;
  const publication = parsePublication(commit.message);
  if (!publication)
    problems.add('site/no-source', { detail: 'the commit of refs/heads/bundles does not name it' });
  return {
    source: publication?.source ?? null,
    compiler: publication?.compiler ?? null,
    at: commit.committer.time,
  };
}
