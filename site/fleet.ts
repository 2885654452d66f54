import type { AuditEntry } from '../compiler/contract/audit.ts';
import type { Diagnostic } from '../compiler/contract/diagnostic.ts';
import type { Manifest } from '../compiler/contract/manifest.ts';
import type { Report } from '../compiler/contract/report.ts';
import type { State } from '../compiler/contract/state.ts';

/**
 * What the portal shows, as one plain value that JSON can hold; the content of hosts' files is apart, in a HostDetail
 * a host. All times are seconds since the epoch. Lists are sorted by name unless said otherwise.
 */
export interface Fleet {
  /** The time for which all states and ages are told. */
  readonly now: number;
  /** Where the bundles come from; null while nothing was compiled. */
  readonly compiled: Compiled | null;
  readonly clusters: readonly FleetCluster[];
  /** The releases that have a file, and those that only a host names. */
  readonly releases: readonly FleetRelease[];
  /** The last operations, the latest first. */
  readonly operations: readonly FleetOperation[];
  /** What could not be read, and is therefore missing from the pages. */
  readonly problems: readonly Diagnostic[];
}

/** The commit of refs/heads/bundles. */
export interface Compiled {
  /** The workspace's commit, full hex; null where the trailer is missing. */
  readonly source: string | null;
  readonly compiler: string | null;
  /** The commit's own time. */
  readonly at: number;
}

export interface FleetCluster {
  readonly type: string;
  readonly cluster: string;
  readonly hosts: readonly FleetHost[];
}

/** A host as lists show it. */
export interface FleetHost {
  readonly host: string;
  readonly type: string;
  readonly cluster: string;
  readonly state: State;
  /** Roles by the compiled bundle, or by the promoted one where nothing is compiled. */
  readonly roles: readonly string[];
  readonly compiled: HostCompiled | null;
  readonly promoted: HostPromoted | null;
  readonly report: Report | null;
}

export interface HostCompiled {
  readonly release: string;
  /** SHA-256 of manifest.json, hex. */
  readonly manifest: string;
}

export interface HostPromoted extends HostCompiled {
  readonly seq: number;
  /** When it was promoted, by the commit. */
  readonly at: number;
  readonly expires: number;
  /** Roles that may be restarted under it. */
  readonly restart: readonly string[];
  /** Roles that are to be stopped for good, or `*`. */
  readonly retire: readonly string[];
  /** How the promoted files differ from the compiled ones, sorted by path. */
  readonly changes: readonly FileChange[];
}

export interface FileChange {
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
}

export interface FleetRelease {
  readonly release: string;
  /** Whether releases/<release>.yml exists. */
  readonly known: boolean;
  readonly date: string | null;
  readonly summary: string | null;
  readonly components: readonly ReleaseComponent[];
  /** Markdown, as people wrote it. */
  readonly notes: string;
}

export interface ReleaseComponent {
  readonly component: string;
  readonly version: string;
  readonly artifact: { readonly url: string; readonly sha256: string; readonly size: number } | null;
}

/** What a host's page shows beyond its FleetHost. */
export interface HostDetail {
  /** The compiled bundle's manifest, or the promoted one's where nothing is compiled; null without either. */
  readonly manifest: Manifest | null;
  readonly from: 'compiled' | 'promoted';
  /** By path; a path that is missing here could not be read. */
  readonly previews: Readonly<Record<string, FilePreview>>;
}

/** A file's content, bounded for a page. */
export type FilePreview =
  | { readonly kind: 'binary' }
  /** Too large to be looked at. */
  | { readonly kind: 'large' }
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Lines of the whole file, and of `text`. */
      readonly lines: number;
      readonly shown: number;
      /** Whether nothing was cut. */
      readonly whole: boolean;
    };

/** An entry of refs/heads/audit. */
export interface FleetOperation {
  readonly at: number;
  /** `name <mail>`. */
  readonly who: string;
  readonly action: AuditEntry['action'];
  /** `<type>/<cluster>`. */
  readonly clusters: readonly string[];
  /** How many hosts it touched. */
  readonly hosts: number;
  readonly result: AuditEntry['result'];
  readonly summary: string;
  /** Codes of the diagnostics that stopped it. */
  readonly problems: readonly string[];
}
