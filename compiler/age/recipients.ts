import { createHash } from 'node:crypto';
import { bech32 } from '@scure/base';
import { parsePublicKeyBlob, publicKeyBlob, publicKeyLine } from '../git/ssh-key.ts';

/** Who can open a secret: a public key of age or of SSH. */
export interface SecretRecipient {
  /** `age1…`, or `ssh-ed25519 AAAA…` without a comment: the key's one spelling. */
  readonly key: string;
  /** The 32 bytes of a key of SSH. */
  readonly ssh: Uint8Array | undefined;
}

/** Reads `age1…` or `ssh-ed25519 AAAA… comment`; undefined where the text is neither. */
export function parseRecipient(text: string): SecretRecipient | undefined {
  const [type, blob] = text.trim().split(/\s+/) as [string, string?];
  if (type === 'ssh-ed25519') {
    if (blob === undefined || !/^[A-Za-z0-9+/]+=*$/.test(blob)) return undefined;
    const ssh = parsePublicKeyBlob(Buffer.from(blob, 'base64'));
    return ssh && { key: publicKeyLine({ publicKey: ssh, comment: '' }), ssh };
  }
  if (blob !== undefined || !isX25519(type)) return undefined;
  return { key: type, ssh: undefined };
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

/** What an age file names a key of SSH by. */
export function sshTag(publicKey: Uint8Array): string {
  const digest = createHash('sha256').update(publicKeyBlob(publicKey)).digest();
  return digest.subarray(0, 4).toString('base64').replace(/=+$/, '');
}
