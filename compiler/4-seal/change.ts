import { createHash } from 'node:crypto';
import { canonicalJson } from '../contract/canonical-json.ts';
import type { Manifest } from '../contract/manifest.ts';
import { definitionOf, MANIFEST_PATH } from '../contract/manifest.ts';
import { readSecretMarkers, secretMarker } from '../contract/secret-marker.ts';
import type { Bundle } from './bundle.ts';
import { bundleFolder } from './tree.ts';

export type ChangeKind = 'added' | 'removed' | 'changed';

/** What differs between two compiles in one text of one host. */
export interface Change {
  /** `<type>/<cluster>/<host>` */
  readonly host: string;
  readonly kind: ChangeKind;
  /**
   * An absolute path; `manifest.json` for everything that is not the bytes of a file; `host` for a host that comes or
   * goes as a whole, whose texts then list what is on it.
   */
  readonly path: string;
  /** Texts; empty where the file is added or removed. */
  readonly before: string;
  readonly after: string;
  /** Roles of this host that come into debt of a restart, sorted. */
  readonly restart: readonly string[];
  /** Roles of this host that reload, sorted. */
  readonly reload: readonly string[];
}

/** What differs between two compiles, sorted by host, then path. */
export function compareBundles(before: readonly Bundle[], after: readonly Bundle[]): Change[] {
  const old = byFolder(before);
  const young = byFolder(after);
  const folders = [...new Set([...old.keys(), ...young.keys()])].sort();
  return folders.flatMap((folder) => compareHost(folder, old.get(folder), young.get(folder)));
}

function byFolder(bundles: readonly Bundle[]): Map<string, Bundle> {
  return new Map(bundles.map((bundle) => [bundleFolder(bundle.manifest), bundle]));
}

function compareHost(host: string, before: Bundle | undefined, after: Bundle | undefined): Change[] {
  if (before && after) return compareTexts(host, before, after);
  return [
    {
      host,
      path: HOST,
      kind: before ? 'removed' : 'added',
      before: before ? contents(before) : '',
      after: after ? contents(after) : '',
      restart: [],
      reload: [],
    },
  ];
}

/** Stands for a host as a whole where a path stands otherwise. */
const HOST = 'host';

/** What is on a host, a line each: alike on all hosts of one kind, however their files differ. */
function contents({ manifest }: Bundle): string {
  const lines = [
    `release ${manifest.release}`,
    ...manifest.roles.map((role) => `role ${role}`),
    ...manifest.services.map(({ component, role }) => `service ${component} ${role}`),
    ...manifest.artifacts.map(({ component, version }) => `artifact ${component} ${version}`),
    ...manifest.directories.map(({ path }) => `directory ${path}`),
    ...manifest.files.map(({ path }) => `file ${path}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function compareTexts(host: string, before: Bundle, after: Bundle): Change[] {
  const changes: Change[] = [];
  const paths = new Set([...before.files.keys(), ...after.files.keys()]);
  for (const path of [...paths].sort()) {
    const old = before.files.get(path);
    const young = after.files.get(path);
    const sameBytes = old === young || (old && young && Buffer.compare(old, young) === 0);
    const secrets = [before, after].map((bundle) => secretsOf(bundle, path));
    const sameSecrets = secrets[0]!.meaning === secrets[1]!.meaning;
    if (sameBytes && sameSecrets) continue;
    const entries = [before, after].map((bundle) => bundle.manifest.files.find((file) => file.path === path));
    const entry = (entries[1] ?? entries[0])!;
    // Comments and layout ask for no restart. Whether new ciphertext does, only the host can say: it may be a new value.
    const sameMeaning = entries[0]?.effect === entries[1]?.effect && sameSecrets;
    changes.push({
      host,
      path,
      kind: old ? (young ? 'changed' : 'removed') : 'added',
      before: text(old) + (sameSecrets ? '' : secrets[0]!.lines),
      after: text(young) + (sameSecrets ? '' : secrets[1]!.lines),
      restart: sameMeaning ? [] : runningRoles(entry.restart, before, after),
      reload: sameMeaning ? [] : runningRoles(entry.reload, before, after),
    });
  }
  const rest = compareManifests(host, before.manifest, after.manifest);
  return rest ? [rest, ...changes] : changes;
}

/** Which ciphertexts a file holds, in order; and that as lines to read behind its text. */
function secretsOf({ manifest, files }: Bundle, path: string): { meaning: string; lines: string } {
  const markers = readSecretMarkers(text(files.get(path))) ?? [];
  const numbers = [...new Set(markers.map(({ number }) => number))];
  const digests = numbers.map((number) => {
    const { kind, ciphertext } = manifest.secrets[number]!;
    return `${kind} ciphertext ${createHash('sha256').update(ciphertext).digest('hex').slice(0, 16)}`;
  });
  const lines = digests.map((digest, index) => `${secretMarker(numbers[index]!)} is ${digest}\n`).join('');
  return { meaning: digests.join(), lines };
}

function compareManifests(host: string, before: Manifest, after: Manifest): Change | undefined {
  const [old, young] = [before, after].map((manifest) => canonicalJson(withoutDigests(manifest))) as [
    string,
    string,
  ];
  if (old === young) return undefined;
  const restart = redefinedRoles(before, after);
  return { host, path: MANIFEST_PATH, kind: 'changed', before: old, after: young, restart, reload: [] };
}

/** The manifest as a person reviews it: a changed byte of a file shows as that file's own change. */
function withoutDigests(manifest: Manifest): unknown {
  const files = manifest.files.map(({ path, mode, owner, group, restart, reload }) => ({
    path,
    mode,
    owner,
    group,
    restart,
    reload,
  }));
  return { ...manifest, files, secrets: undefined };
}

/** Roles whose service is defined otherwise than before, or whose component has another artifact. */
function redefinedRoles(before: Manifest, after: Manifest): string[] {
  const artifacts = (manifest: Manifest, component: string) =>
    canonicalJson(manifest.artifacts.filter((artifact) => artifact.component === component));
  return after.services
    .filter((service) => {
      const old = before.services.find(
        ({ component, role }) => component === service.component && role === service.role,
      );
      if (!old) return false;
      if (canonicalJson(definitionOf(old)) !== canonicalJson(definitionOf(service))) return true;
      return artifacts(before, service.component) !== artifacts(after, service.component);
    })
    .map(({ role }) => role)
    .sort();
}

/** Those of the roles that this host runs as a service before and after: a new one starts, a removed one stops. */
function runningRoles(roles: readonly string[], before: Bundle, after: Bundle): string[] {
  const runs = ({ manifest }: Bundle, wanted: string) =>
    manifest.services.some(({ role }) => role === wanted);
  return roles.filter((role) => runs(before, role) && runs(after, role)).sort();
}

function text(bytes: Uint8Array | undefined): string {
  return bytes ? Buffer.from(bytes).toString('utf8') : '';
}
