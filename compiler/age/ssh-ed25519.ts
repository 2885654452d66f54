import { createHash, hkdfSync } from 'node:crypto';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { type Identity, type Recipient, Stanza } from 'age-encryption';
import { publicKeyBlob, type SigningKey } from '../git/ssh-key.ts';
import { sshTag } from './recipients.ts';

const TYPE = 'ssh-ed25519';
const LABEL = 'age-encryption.org/v1/ssh-ed25519';
const NONCE = new Uint8Array(12);

/** A recipient that is an ed25519 key of SSH: age's stanza `ssh-ed25519`. @param publicKey 32 bytes */
export function sshRecipient(publicKey: Uint8Array): Recipient {
  return {
    wrapFileKey(fileKey) {
      const theirs = ed25519.utils.toMontgomery(publicKey);
      const { secretKey, publicKey: share } = x25519.keygen();
      const shared = tweaked(publicKey, x25519.getSharedSecret(secretKey, theirs));
      const key = wrapKey({ shared, share, theirs });
      const body = chacha20poly1305(key, NONCE).encrypt(fileKey);
      return [new Stanza([TYPE, sshTag(publicKey), base64(share)], body)];
    },
  };
}

/** The identity of an ed25519 key of SSH. */
export function sshIdentity({ privateKey, publicKey }: SigningKey): Identity {
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url');
  const scalar = createHash('sha512').update(seed).digest().subarray(0, 32);
  const tag = sshTag(publicKey);
  return {
    unwrapFileKey(stanzas) {
      const ours = x25519.getPublicKey(scalar);
      for (const { args, body } of stanzas) {
        if (args[0] !== TYPE || args[1] !== tag) continue;
        const share = Buffer.from(args[2] ?? '', 'base64');
        if (args.length !== 3 || share.length !== 32 || base64(share) !== args[2] || body.length !== 32)
          throw new Error('malformed ssh-ed25519 stanza');
        const shared = tweaked(publicKey, x25519.getSharedSecret(scalar, share));
        const key = wrapKey({ shared, share, theirs: ours });
        try {
          return chacha20poly1305(key, NONCE).decrypt(body);
        } catch {
          // Another key may have the same tag of four bytes.
        }
      }
      return null;
    },
  };
}

function tweaked(publicKey: Uint8Array, shared: Uint8Array): Uint8Array {
  const tweak = new Uint8Array(hkdfSync('sha256', new Uint8Array(0), publicKeyBlob(publicKey), LABEL, 32));
  return x25519.getSharedSecret(tweak, shared);
}

function wrapKey({
  shared,
  share,
  theirs,
}: {
  shared: Uint8Array;
  share: Uint8Array;
  theirs: Uint8Array;
}): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', shared, Buffer.concat([share, theirs]), LABEL, 32));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
