import { bundlePath, type Manifest } from '../../compiler/contract/manifest.ts';
import { readObjects } from '../../compiler/git/read-objects.ts';
import type { Repository } from '../../compiler/git/repository.ts';
import type { FilePreview, HostDetail } from '../fleet.ts';
import { previewFile } from '../view/file-preview.ts';

/** A file that is larger is not looked at. */
const MOST_BYTES = 16 << 20;

/** A bundle whose files are to be shown. */
export interface BundleToShow {
  readonly host: string;
  readonly from: HostDetail['from'];
  readonly manifest: Manifest;
  /** The object of each file by its path on the host; undefined where only the commit is known. */
  readonly objects: ReadonlyMap<string, string> | undefined;
  /** The commit of the bundle; for where its objects are not known. */
  readonly commit: string | undefined;
}

/**
 * Reads the files of some bundles, each distinct content once, in one run of git, and gives `visit` each host's detail.
 * It holds the previews of all these bundles at once: give it the hosts of a cluster, not of a fleet.
 */
export async function readDetails(
  repository: Repository,
  bundles: readonly BundleToShow[],
  visit: (host: string, detail: HostDetail) => void,
): Promise<void> {
  const located = bundles.map((bundle) => ({ bundle, objects: bundle.objects ?? objectsIn(bundle) }));
  const previews = new Map<string, FilePreview>();
  const names = new Set(located.flatMap(({ objects }) => [...objects.values()]));
  await readObjects({ repository, names, maxBytes: MOST_BYTES }, (object, name) => {
    if (object) previews.set(name, object.content ? previewFile(object.content) : { kind: 'large' });
  });
  for (const { bundle, objects } of located) {
    const { host, manifest, from } = bundle;
    const found = manifest.files.flatMap(({ path }) => {
      const preview = previews.get(objects.get(path) ?? '');
      return preview ? [[path, preview] as const] : [];
    });
    visit(host, { manifest, from, previews: Object.fromEntries(found) });
  }
}

/** Names of the objects of a bundle of which the commit is known. */
function objectsIn({ commit, manifest }: BundleToShow): Map<string, string> {
  return new Map(manifest.files.map(({ path }) => [path, `${commit}:${bundlePath(path)}`]));
}
