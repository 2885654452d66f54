import type { FileContent, RenderedFile } from '../3-render/rendered-file.ts';
import type { RenderedHost } from '../3-render/rendered-host.ts';
import type { SecretRecipient } from '../age/recipients.ts';
import type { Diagnostic, Outcome, Place } from '../contract/diagnostic.ts';
import { type FileEntry, MANIFEST_SCHEMA, Manifest } from '../contract/manifest.ts';
import type { SealedBundle } from './bundle.ts';
import { pathChecker } from './check-paths.ts';
import { malformedProblem } from './check-text.ts';
import { FileBytes } from './file-bytes.ts';
import type { MalformedText } from './format/check-format.ts';
import { checkSecrets, numberSecrets } from './seal-secrets.ts';
import { type SealedText, type SealText, textSealer } from './sealed-text.ts';

export interface SealOptions {
  /** Prefixes of absolute paths at or below which a file or directory may be put (khp.yml's `paths`). */
  readonly paths: readonly string[];
  /** The place in a template that wrote a line and column (from 1) of a rendered file. */
  readonly locate: (file: RenderedFile, at: { line: number; column: number }) => Place;
  /** The public keys of a host; undefined where the file that says so cannot be read, which is one problem enough. */
  readonly keysOf: (host: string) => readonly SecretRecipient[] | undefined;
}

/**
 * Checks what was rendered (each file of its format, paths allowed and free of clashes, secrets where they can stand, no
 * forged marker of one) and makes a bundle of each host. A host with an error gets none.
 */
export function seal(hosts: readonly RenderedHost[], options: SealOptions): Outcome<SealedBundle[]> {
  const sealed = textSealer({ forBundles: true });
  const { value, diagnostics } = checked(hosts, sealed, options);
  return { value: value.map((host) => toBundle(host, sealed)), diagnostics };
}

/** The problems that seal() finds, and the hosts that it makes bundles of. */
export function checkSealing(hosts: readonly RenderedHost[], options: SealOptions): Outcome<RenderedHost[]> {
  return checked(hosts, textSealer({ forBundles: false }), options);
}

function checked(
  hosts: readonly RenderedHost[],
  sealed: SealText,
  options: SealOptions,
): Outcome<RenderedHost[]> {
  const diagnostics: Diagnostic[] = [];
  const well: RenderedHost[] = [];
  const checkPaths = pathChecker(options.paths);
  for (const host of hosts) {
    const found = checkPaths(host);
    for (const file of host.files) {
      const { problem, marked } = sealed(file);
      if (problem) found.push(malformed(file, problem, options));
      if (marked || file.secrets.length > 0)
        found.push(...checkSecrets(file, { wellFormed: !problem, ...options }));
    }
    diagnostics.push(...found);
    if (!found.some(({ severity }) => severity === 'error')) well.push(host);
  }
  return { value: well, diagnostics };
}

function malformed(file: RenderedFile, problem: MalformedText, { locate }: SealOptions): Diagnostic {
  const { path: name, text, host } = file;
  return { ...malformedProblem({ name, text }, problem, locate(file, problem)), hosts: [host] };
}

const ManifestHead = Manifest.pick({
  schema: true,
  host: true,
  cluster: true,
  type: true,
  release: true,
  roles: true,
});

/** Entries of files without a secret, by what was rendered once for many hosts. */
const entries = new WeakMap<FileContent, FileEntry>();

function fileEntry(
  file: RenderedFile,
  { own, inManifest }: { own: SealedText; inManifest: SealedText },
): FileEntry {
  const { path, mode, owner, group, restart, reload, content } = file;
  const known = entries.get(content);
  // The roles are those of today's component.yml.
  if (known && known.restart === restart && known.reload === reload) return known;
  const { sha256, size } = inManifest;
  // Of the file alone: another number for the same secret, because of another file, means nothing.
  const { effect } = own;
  const entry = { path, sha256, effect, size, mode, owner, group, restart, reload } as FileEntry;
  if (file.secrets.length === 0) entries.set(content, entry);
  return entry;
}

function toBundle(host: RenderedHost, sealed: SealText): SealedBundle {
  const files = [...host.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const { secrets, textOf } = numberSecrets(files);
  const inManifest = (file: RenderedFile) =>
    file.secrets.length === 0 ? sealed(file) : sealed({ format: file.format, text: textOf(file) });
  // Of a directory that several roles share, one entry: they are alike.
  const shared = new Map(host.directories.map(({ entry }) => [entry.path, entry]));
  const directories = [...shared.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  // What is in the lists was checked as it was rendered.
  const manifest: Manifest = {
    ...ManifestHead.parse({
      schema: MANIFEST_SCHEMA,
      host: host.host,
      cluster: host.cluster,
      type: host.type,
      release: host.release,
      roles: [...host.roles],
    }),
    files: files.map((file) => fileEntry(file, { own: sealed(file), inManifest: inManifest(file) })),
    directories,
    artifacts: host.artifacts.map(({ entry }) => entry).sort((a, b) => (a.component < b.component ? -1 : 1)),
    services: [...host.services],
    secrets: [...secrets],
    metrics: host.metrics,
    logs: host.logs,
  };
  const texts = new Map(files.map((file) => [file.path, inManifest(file)]));
  return { manifest, files: new FileBytes(texts), sealed: texts };
}
