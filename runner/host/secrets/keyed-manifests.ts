import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import type { Manifest } from '../../../compiler/contract/manifest.ts';
import type { AcceptedBundle } from '../accept/verdict.ts';
import { inFolder, type RootedDisk } from '../apply/folders.ts';
import { generationPath, type StoredGeneration } from '../state/read-generation.ts';
import type { SecretDigests } from '../state/state-file.ts';
import type { KeyedDigest } from './digest-key.ts';
import { type OpenedFile, pathsWithSecrets, secretNumbers } from './open-secrets.ts';

/** Two generations, made comparable: the digests of files with secrets are those of their clear bytes. */
export interface ComparedSecrets {
  readonly target: Manifest;
  readonly active: Manifest | undefined;
  /** The paths whose digests are this host's. */
  readonly paths: ReadonlySet<string>;
  /** Of the target's files with secrets, those that are known. */
  readonly digests: SecretDigests;
}

/** The digests of bytes that nobody has seen. */
const UNKNOWN = { sha256: 'unknown', effect: 'unknown' };

/**
 * Compares by a digest under this host's key what must not be told by any other: the same clear text under new
 * ciphertext is the same file. A file that was not opened is as before where its bytes and ciphertexts are.
 */
export function compareSecrets(
  {
    bundle,
    active,
    opened,
  }: {
    readonly bundle: AcceptedBundle;
    readonly active: StoredGeneration | undefined;
    readonly opened: ReadonlyMap<string, OpenedFile>;
  },
  { rooted, digest }: { readonly rooted: RootedDisk; readonly digest: KeyedDigest },
): ComparedSecrets {
  const withSecrets = new Set(pathsWithSecrets(bundle));
  const before = active?.digests ?? {};
  const paths = new Set([...withSecrets, ...Object.keys(before)]);
  const digests: SecretDigests = {};
  const targetFiles = bundle.manifest.files.map((entry) => {
    const { path, effect } = entry;
    if (!paths.has(path)) return entry;
    const bytes = bundle.files.get(path)!;
    if (!withSecrets.has(path)) return { ...entry, sha256: digest(bytes), effect: digest(effect) };
    const file = opened.get(path);
    const known = file
      ? { sha256: digest(file.bytes), effect: digest(effect, ...file.values) }
      : isSealedAlike(bundle, active, path)
        ? before[path]
        : undefined;
    if (known) digests[path] = known;
    return { ...entry, ...(known ?? UNKNOWN) };
  });
  const activeFiles = active?.manifest.files.map((entry) => {
    const { path, effect, sha256 } = entry;
    if (!paths.has(path)) return entry;
    const known = before[path];
    if (known) return { ...entry, ...known };
    return { ...entry, sha256: digest(readBlob(rooted, active, sha256)), effect: digest(effect) };
  });
  return {
    target: { ...bundle.manifest, files: targetFiles },
    active: active && { ...active.manifest, files: activeFiles! },
    paths,
    digests,
  };
}

/** Whether a file has the bytes, numbers and ciphertexts that the active generation has. */
function isSealedAlike(
  { manifest, files }: AcceptedBundle,
  active: StoredGeneration | undefined,
  path: string,
): boolean {
  const entry = manifest.files.find((file) => file.path === path)!;
  const old = active?.manifest.files.find((file) => file.path === path);
  if (!active || old?.sha256 !== entry.sha256) return false;
  return secretNumbers(files.get(path)!).every((number) => {
    const previous = active.manifest.secrets[number];
    return previous !== undefined && canonicalJson(previous) === canonicalJson(manifest.secrets[number]);
  });
}

function readBlob(rooted: RootedDisk, { record }: StoredGeneration, sha256: string): Buffer {
  return inFolder(rooted, `${generationPath(record.generation)}/blobs`, (blobs) =>
    rooted.disk.readFile(blobs, sha256),
  );
}
