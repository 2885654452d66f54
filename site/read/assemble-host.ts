import type { Manifest } from '../../compiler/contract/manifest.ts';
import type { Report } from '../../compiler/contract/report.ts';
import { stateOf } from '../../compiler/contract/state.ts';
import type { FileChange, FleetHost, HostPromoted } from '../fleet.ts';

/** A bundle's manifest, and the SHA-256 of its bytes, hex. */
export interface SealedManifest {
  readonly manifest: Manifest;
  readonly digest: string;
}

/** A bundle that a host's ref holds. */
export interface PromotedBundle extends SealedManifest {
  readonly seq: number;
  readonly expires: number;
  readonly restart: readonly string[];
  readonly retire: readonly string[];
  /** The commit's time, seconds since the epoch. */
  readonly at: number;
}

/** What the refs say of one host; at least one of them says something. */
export interface HostSources {
  readonly host: string;
  readonly type: string;
  readonly cluster: string;
  readonly compiled: SealedManifest | undefined;
  readonly promoted: PromotedBundle | undefined;
  readonly report: Report | undefined;
}

/** A host of the fleet, its state told for `now` (seconds since the epoch). */
export function assembleHost(sources: HostSources, now: number): FleetHost {
  const { host, type, cluster, compiled, promoted, report } = sources;
  const seal = promoted && { ...promoted, manifest: promoted.digest };
  return {
    host,
    type,
    cluster,
    state: stateOf({ report, promoted: seal, compiled: compiled?.digest, now }),
    roles: (compiled ?? promoted)?.manifest.roles ?? [],
    compiled: compiled ? { release: compiled.manifest.release, manifest: compiled.digest } : null,
    promoted: promoted ? viewPromoted(promoted, compiled) : null,
    report: report ?? null,
  };
}

function viewPromoted(promoted: PromotedBundle, compiled: SealedManifest | undefined): HostPromoted {
  const { manifest, digest, seq, at, expires, restart, retire } = promoted;
  const changes = compiled ? compareFiles(manifest, compiled.manifest) : [];
  return { release: manifest.release, manifest: digest, seq, at, expires, restart, retire, changes };
}

/** How the files of `after` differ from those of `before`: by content, mode, owner or effect on services; sorted by path. */
export function compareFiles(before: Manifest, after: Manifest): FileChange[] {
  const olds = new Map(before.files.map((file) => [file.path, JSON.stringify(file)]));
  const news = new Map(after.files.map((file) => [file.path, JSON.stringify(file)]));
  const paths = [...new Set([...olds.keys(), ...news.keys()])].sort();
  return paths.flatMap((path): FileChange[] => {
    const [old, now] = [olds.get(path), news.get(path)];
    if (old === now) return [];
    if (old === undefined) return [{ path, kind: 'added' }];
    return [{ path, kind: now === undefined ? 'removed' : 'changed' }];
  });
}
