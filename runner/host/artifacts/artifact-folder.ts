import type { ArtifactEntry } from '../../../compiler/contract/manifest.ts';

/** What of an artifact names its folder. */
export type NamedArtifact = Pick<ArtifactEntry, 'link' | 'version' | 'sha256'>;

/**
 * The name of the folder that an artifact is unpacked to, beside its link: that of the link, the version, and enough of
 * the digest that the same version packed anew gets a folder of its own. It is also what the link leads to, so that the
 * link holds in a sandbox too.
 */
export function folderName({ link, version, sha256 }: NamedArtifact): string {
  return `${link.slice(link.lastIndexOf('/') + 1)}-${version}-${sha256.slice(0, 12)}`;
}

/** The absolute path of that folder. */
export function folderPath(artifact: NamedArtifact): string {
  return artifact.link.slice(0, artifact.link.lastIndexOf('/') + 1) + folderName(artifact);
}

/** Where a folder is unpacked to before it is whole: a name that no bundle can have, beside it. */
export function temporaryPath(folder: string): string {
  return `${folder.slice(0, folder.lastIndexOf('/'))}/.khp-unpack-${folder.slice(-12)}`;
}
