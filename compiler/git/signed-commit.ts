import type { AllowedSigner, Trust } from './allowed-signers.ts';
import { fingerprint, type SigningKey } from './ssh-key.ts';
import { isSignatureOf, parseSshSignature, signSsh } from './ssh-signature.ts';

/** The namespace of git's signatures. */
const NAMESPACE = 'git';

/** A commit whose signature is by a trusted key: every part of it, in the one order that is allowed. */
export interface VerifiedCommit {
  /** Ids, hex. */
  readonly tree: string;
  readonly parents: readonly string[];
  /** `name <mail> seconds zone`, as the commit has them. */
  readonly author: string;
  readonly committer: string;
  /** The committer's time: seconds since the epoch. */
  readonly committedAt: number;
  readonly message: string;
  /** The principals of the line of allowed_signers that trusts the key. */
  readonly principals: string;
  /** `SHA256:…` of the key. */
  readonly fingerprint: string;
}

/** Why a commit is not to be believed. */
export type SignatureProblem =
  | 'malformed' // not a commit as we and git write signed ones
  | 'unsigned'
  | 'malformed-signature'
  | 'wrong-namespace'
  | 'unknown-key' // in no usable line of allowed_signers for this namespace
  | 'revoked-key'
  | 'key-not-valid' // now is outside valid-after and valid-before
  | 'bad-signature'; // over other bytes

export type CommitVerdict =
  | { readonly ok: true; readonly commit: VerifiedCommit }
  | { readonly ok: false; readonly code: SignatureProblem; readonly message: string };

/** The bytes of the commit with a signature in its `gpgsig` header, as `git commit -S` with gpg.format=ssh makes it. */
export function signCommit(commit: Uint8Array, key: SigningKey): Buffer {
  const bytes = Buffer.from(commit.buffer, commit.byteOffset, commit.byteLength);
  const headerEnd = bytes.indexOf('\n\n') + 1;
  if (headerEnd === 0) throw new Error('not a commit: it has no blank line');
  const armor = signSsh(bytes, { key, namespace: NAMESPACE });
  const header = `gpgsig ${armor.trimEnd().replaceAll('\n', '\n ')}\n`;
  return Buffer.concat([
    bytes.subarray(0, headerEnd),
    Buffer.from(header, 'latin1'),
    bytes.subarray(headerEnd),
  ]);
}

interface SplitCommit {
  readonly parts: Pick<
    VerifiedCommit,
    'tree' | 'parents' | 'author' | 'committer' | 'committedAt' | 'message'
  >;
  readonly armor: string | undefined;
  /** What is signed: the commit without its `gpgsig` header. */
  readonly payload: Buffer;
}

const IDENTITY = String.raw`[^\n<>]*<[^\n<>]*> (\d{1,12}) [+-]\d{4}`;
const COMMIT = new RegExp(
  String.raw`^tree ([0-9a-f]{40})\n((?:parent [0-9a-f]{40}\n)*)author (${IDENTITY})\ncommitter (${IDENTITY})\n` +
    String.raw`(?:gpgsig ([^\n]*\n(?: [^\n]*\n)*))?\n`,
);

/**
 * Takes a commit apart that has these headers, each at its place, and no other: tree, parents, author, committer,
 * gpgsig. So there is one signature at most, and one reading of what it signs. UTF-8 only, no NUL.
 */
function splitCommit(commit: Uint8Array): SplitCommit | undefined {
  const bytes = Buffer.from(commit.buffer, commit.byteOffset, commit.byteLength);
  const text = bytes.toString('utf8');
  if (text.includes('\0') || !Buffer.from(text, 'utf8').equals(bytes)) return undefined;
  const match = COMMIT.exec(text);
  if (!match) return undefined;
  const [head, tree, parentLines, author, , committer, committedAt, signature] = match;
  const message = text.slice(head.length);
  const parts = {
    tree: tree!,
    parents: parentLines!.match(/[0-9a-f]{40}/g) ?? [],
    author: author!,
    committer: committer!,
    committedAt: Number(committedAt),
    message,
  };
  if (signature === undefined) return { parts, armor: undefined, payload: bytes };
  const unsigned = head.slice(0, head.length - `gpgsig ${signature}\n`.length);
  return {
    parts,
    armor: signature.replaceAll('\n ', '\n'),
    payload: Buffer.from(`${unsigned}\n${message}`, 'utf8'),
  };
}

function isKey(key: Uint8Array): (other: Uint8Array) => boolean {
  return (other) => Buffer.from(other.buffer, other.byteOffset, other.byteLength).equals(key);
}

function isValidAt({ validAfter, validBefore }: AllowedSigner, now: number): boolean {
  return (validAfter ?? -Infinity) <= now && now <= (validBefore ?? Infinity);
}

/**
 * Says whether a commit object (its bytes as `git cat-file commit` prints them) is signed by a trusted key. `now`, in
 * seconds since the epoch, is the time at which the key must be valid: a host passes its effective time, so that a key
 * whose time is over cannot sign with an old date; git itself takes the committer's time.
 * Checked in this order: form of the commit, presence and form of the signature, namespace `git`, key revoked, key
 * known, key valid now, signature over the commit without its signature.
 */
export function verifyCommit(commit: Uint8Array, trust: Trust & { readonly now: number }): CommitVerdict {
  const split = splitCommit(commit);
  if (!split) return refuse('malformed', 'it is not a commit in the form of a signed one');
  if (split.armor === undefined) return refuse('unsigned', 'the commit is not signed');
  const signature = parseSshSignature(split.armor);
  if (typeof signature === 'string') return refuse('malformed-signature', `the signature: ${signature}`);
  if (signature.namespace !== NAMESPACE) {
    return refuse('wrong-namespace', 'the signature was made for something else than git');
  }
  const name = fingerprint(signature.publicKey);
  const isSame = isKey(signature.publicKey);
  if (trust.revoked.some(isSame)) return refuse('revoked-key', `the key ${name} is revoked`);
  const known = trust.signers.filter(
    ({ publicKey, namespaces }) => isSame(publicKey) && (namespaces?.includes(NAMESPACE) ?? true),
  );
  if (known.length === 0) return refuse('unknown-key', `the key ${name} is not among the allowed signers`);
  const signer = known.find((candidate) => isValidAt(candidate, trust.now));
  if (!signer) return refuse('key-not-valid', `the key ${name} is not valid at this time`);
  if (!isSignatureOf(signature, split.payload)) {
    return refuse('bad-signature', `the signature by ${name} is not of these bytes`);
  }
  return { ok: true, commit: { ...split.parts, principals: signer.principals, fingerprint: name } };
}

function refuse(code: SignatureProblem, message: string): CommitVerdict {
  return { ok: false, code, message };
}
