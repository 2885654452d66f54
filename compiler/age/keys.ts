import { createHash } from 'node:crypto';
import { bech32 } from '@scure/base';
import type { Identity, Recipient } from 'age-encryption';
import { parsePrivateKey, parsePublicKeyBlob, publicKeyLine } from '../git/ssh-key.ts';
import { sshIdentity, sshRecipient } from './ssh-ed25519.ts';

/** Who can open a secret: a public key of age or of SSH. */
export interface SecretRecipient {
  /** `age1…`, or `ssh-ed25519 AAAA…` without a comment: the key's one spelling. */
  readonly key: string;
  readonly recipient: string | Recipient;
  /** The 32 bytes of a key of SSH. */
  readonly ssh: Uint8Array | undefined;
}

/** Reads `age1…` or `ssh-ed25519 AAAA… comment`; undefined where the text is neither. */
export function parseRecipient(text: string): SecretRecipient | undefined {
  const [type, blob] = text.trim().split(/\s+/) as [string, string?];
  if (type === 'ssh-ed25519') {
    if (blob === undefined || !/^[A-Za-z0-9+/]+=*$/.test(blob)) return undefined;
    const ssh = parsePublicKeyBlob(Buffer.from(blob, 'base64'));
    return ssh && { key: publicKeyLine({ publicKey: ssh, comment: '' }), recipient: sshRecipient(ssh), ssh };
  }
  if (blob !== undefined || !isX25519(type)) return undefined;
  return { key: type, recipient: type, ssh: undefined };
}

function isX25519(text: string): boolean {
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(text)) return false;
  const decoded = bech32.decodeUnsafe(text as `${string}1${string}`);
  return decoded?.prefix === 'age' && bech32.fromWordsUnsafe(decoded.words)?.length === 32;
}

/** Eight bytes, as hex, that stand for a recipient. */
export function recipientTag(key: string): string {
  return createHash('sha256').update(`khp-recipient\n${key}`).digest('hex').slice(0, 16);
}

/** What opens secrets: `AGE-SECRET-KEY-1…`, or a key of SSH. */
export type AgeIdentity = string | Identity;

export type IdentitiesOutcome =
  | { readonly ok: true; readonly identities: readonly AgeIdentity[] }
  | { readonly ok: false; readonly problem: string };

/** Reads a file of identities as age does: lines of `AGE-SECRET-KEY-1…`, or one private key of OpenSSH. */
export function parseIdentities(text: string): IdentitiesOutcome {
  if (/^-----BEGIN /m.test(text)) {
    const read = parsePrivateKey(text);
    return read.ok ? { ok: true, identities: [sshIdentity(read.key)] } : read;
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const odd = identities.findIndex((line) => !/^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/.test(line));
  if (identities.length === 0) return { ok: false, problem: 'it holds no identity' };
  if (odd >= 0) {
    return { ok: false, problem: 'it holds a line that is neither AGE-SECRET-KEY-1… nor a comment' };
  }
  return { ok: true, identities };
}
