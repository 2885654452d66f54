import { createHash } from 'node:crypto';
import { bundlePath, MANIFEST_PATH, type Manifest } from '../../../compiler/contract/manifest.ts';
import { readSecretMarkers } from '../../../compiler/contract/secret-marker.ts';
import { type FetchedBundle, quoted, type Refusal } from './verdict.ts';

/** The bytes by absolute path, where the tree holds exactly what the manifest names, in the stated size and digest. */
export function checkFiles(
  { blobs }: Pick<FetchedBundle, 'blobs'>,
  manifest: Manifest,
): ReadonlyMap<string, Uint8Array> | Refusal {
  const files = new Map<string, Uint8Array>();
  const expected = new Set([MANIFEST_PATH]);
  for (const { path, sha256, size } of manifest.files) {
    const bytes = blobs.get(bundlePath(path));
    expected.add(bundlePath(path));
    if (!bytes) {
      return { code: 'accept/file-missing', message: `the tree does not hold ${quoted(path)}` };
    }
    if (bytes.length !== size || createHash('sha256').update(bytes).digest('hex') !== sha256) {
      return { code: 'accept/file-digest', message: `the bytes of ${quoted(path)} are not the manifest's` };
    }
    files.set(path, bytes);
  }
  const extra = [...blobs.keys()].find((path) => !expected.has(path));
  if (extra === undefined) return checkMarkers(files, manifest) ?? files;
  return {
    code: 'accept/file-extra',
    message: `the tree holds ${quoted(extra)}, which the manifest does not name`,
  };
}

/** Each marker has its entry in the manifest, each entry its marker, and nobody else may read a file with one. */
function checkMarkers(
  files: ReadonlyMap<string, Uint8Array>,
  { secrets, ...manifest }: Manifest,
): Refusal | undefined {
  const used = new Set<number>();
  for (const { path, mode } of manifest.files) {
    const markers = readSecretMarkers(Buffer.from(files.get(path)!).toString('latin1'));
    const wrong = !markers || markers.some(({ number }) => number >= secrets.length);
    if (wrong) {
      const message = `${quoted(path)} holds the marker of a secret that the manifest does not have`;
      return { code: 'accept/secret-marker', message };
    }
    if (markers.length > 0 && Number.parseInt(mode, 8) & 0o007) {
      const message = `${quoted(path)} holds a secret and has the mode ${mode}: everybody could read it`;
      return { code: 'accept/secret-readable', message };
    }
    for (const { number } of markers) used.add(number);
  }
  const unused = secrets.findIndex((_, number) => !used.has(number));
  if (unused < 0) return undefined;
  return { code: 'accept/secret-marker', message: `no file holds the marker of secret ${unused}` };
}
