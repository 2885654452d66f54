import type { Identity } from 'age-encryption';
import { parsePrivateKey } from '../git/ssh-key.ts';
import { sshIdentity } from './ssh-ed25519.ts';

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
