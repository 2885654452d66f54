import type { Manifest } from '../../../compiler/contract/manifest.ts';
import { isGrantOpen, type Promotion } from '../../../compiler/contract/promotion.ts';

/** An entry of the tree of a fetched commit: everything that is not a folder. */
export interface FetchedEntry {
  /** From the root of the tree, with `/`. */
  readonly path: string;
  /** As git writes it: 100644, 100755, 120000, 160000. */
  readonly mode: string;
}

/** What was fetched, not yet believed. */
export interface FetchedBundle {
  /** The commit object, as `git cat-file commit` prints it. */
  readonly commit: Uint8Array;
  readonly entries: readonly FetchedEntry[];
  /** The bytes by path of the entry. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

/** What this host takes; from its own settings. */
export interface AcceptPolicy {
  readonly host: string;
  /** Prefixes at or below which paths must lie. */
  readonly paths: readonly string[];
  /** Paths besides khp's own that no bundle touches: what is put there counts as root's own word. */
  readonly reserved: readonly string[];
  /** Users that services may run as. */
  readonly users: readonly string[];
  readonly minSeq: number;
}

/** The roles that a promotion names, whether or not its grants have ended. */
export type NamedRoles = Pick<Promotion, 'restart' | 'retire'>;

/** How far this host has come. It never goes back. */
export interface Watermark {
  /** The highest sequence that was accepted, and applied or acted on. */
  readonly seq: number;
  /** SHA-256 of its manifest.json, hex. */
  readonly manifest: string;
  /** Those that it names; undefined where an older runner has not noted them. */
  readonly roles?: NamedRoles | undefined;
  /** The latest time at which an accepted promotion was signed: seconds since the epoch. */
  readonly signedAt: number;
  /** Of the last accepted promotion: seconds since the epoch. */
  readonly expires: number;
}

/** A bundle that may be applied. */
export interface AcceptedBundle {
  /** Its grants are those that may still be acted on. */
  readonly promotion: Promotion;
  /** Roles whose grant has ended before this host came to it. */
  readonly late?: readonly string[];
  /** Seconds since the epoch: the committer's time. */
  readonly signedAt: number;
  readonly manifest: Manifest;
  /** The bytes of manifest.json. */
  readonly manifestBytes: Uint8Array;
  /** The bytes by absolute path, one for each file of the manifest. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The roles that the promotion of a bundle names. */
export function namedRoles({ promotion, late }: Pick<AcceptedBundle, 'promotion' | 'late'>) {
  const { restart, retire } = promotion;
  return { restart: [...(late ?? restart)], retire: [...retire] };
}

/** A bundle with the grants that still count at a time: seconds since the epoch. None that has ended comes back. */
export function withOpenGrants(bundle: AcceptedBundle, now: number): AcceptedBundle {
  const { promotion, signedAt } = bundle;
  if (bundle.late || isGrantOpen(signedAt, now)) return bundle;
  return { ...bundle, promotion: { ...promotion, restart: [] }, late: promotion.restart };
}

/** Why a bundle is not applied. */
export type RefusalCode =
  | 'accept/malformed-commit'
  | 'accept/unsigned'
  | 'accept/malformed-signature'
  | 'accept/wrong-namespace'
  | 'accept/unknown-key'
  | 'accept/revoked-key'
  | 'accept/key-not-valid'
  | 'accept/bad-signature'
  | 'accept/malformed-promotion'
  | 'accept/wrong-host'
  | 'accept/future'
  | 'accept/below-minimum'
  | 'accept/lower-sequence'
  | 'accept/same-sequence-other-manifest'
  | 'accept/same-sequence-other-roles'
  | 'accept/sequence-jump'
  | 'accept/expired'
  | 'accept/oversize'
  | 'accept/not-a-file'
  | 'accept/duplicate-path'
  | 'accept/tree-mismatch'
  | 'accept/manifest-missing'
  | 'accept/manifest-digest'
  | 'accept/unknown-schema'
  | 'accept/schema'
  | 'accept/not-canonical'
  | 'accept/file-missing'
  | 'accept/file-extra'
  | 'accept/file-digest'
  | 'accept/secret-marker'
  | 'accept/secret-readable'
  | 'accept/path-outside'
  | 'accept/path-reserved'
  | 'accept/path-name'
  | 'accept/path-clash'
  | 'accept/artifact-twice'
  | 'accept/artifact-address'
  | 'accept/role-twice'
  | 'accept/user'
  | 'accept/control-character'
  | 'accept/retired-role';

export interface Refusal {
  readonly code: RefusalCode;
  /** One sentence without a full stop. */
  readonly message: string;
}

export type Verdict =
  | { readonly ok: true; readonly bundle: AcceptedBundle }
  /** `seq`: of a verified promotion of this host; undefined where it did not come to that. */
  | { readonly ok: false; readonly refusal: Refusal; readonly seq?: number };

/** A text of a stranger, safe to print: quoted, cut, without control characters. */
export function quoted(text: string): string {
  const cut = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return JSON.stringify(cut).replace(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '?');
}
