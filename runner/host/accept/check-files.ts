import { createHash } from 'node:crypto';
import { bundlePath, MANIFEST_PATH, type Manifest } from '../../../compiler/contract/manifest.ts';
import { type FetchedBundle, quoted, type Refusal } from './verdict.ts';

const SECRET_MARKER = '{{khp:secret:';

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
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(SECRET_MARKER)) {
      return {
        code: 'accept/not-yet-supported',
        message: `${quoted(path)} holds a secret; secrets are not yet supported`,
      };
    }
    files.set(path, bytes);
  }
  const extra = [...blobs.keys()].find((path) => !expected.has(path));
  if (extra === undefined) return files;
  return {
    code: 'accept/file-extra',
    message: `the tree holds ${quoted(extra)}, which the manifest does not name`,
  };
}
