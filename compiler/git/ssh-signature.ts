import { createHash, sign, verify } from 'node:crypto';
import { KEY_TYPE, parsePublicKeyBlob, publicKeyBlob, publicKeyObject, type SigningKey } from './ssh-key.ts';
import { wireReader, wireString, wireUint32 } from './wire.ts';

/** A signature in the form of OpenSSH's PROTOCOL.sshsig, read but not checked. */
export interface SshSignature {
  /** 32 bytes, ed25519. */
  readonly publicKey: Uint8Array;
  readonly namespace: string;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

const MAGIC = Buffer.from('SSHSIG', 'latin1');
const VERSION = 1;
const HASH = 'sha512';
const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';

/** What is really signed: the namespace and a digest of the message. */
function signedBytes(message: Uint8Array, namespace: string): Buffer {
  const digest = createHash(HASH).update(message).digest();
  return Buffer.concat([MAGIC, wireString(namespace), wireString(''), wireString(HASH), wireString(digest)]);
}

/** Signs a message as `ssh-keygen -Y sign` does; the armored text, with a line feed at its end. Deterministic. */
export function signSsh(
  message: Uint8Array,
  { key, namespace }: { key: SigningKey; namespace: string },
): string {
  return formatSshSignature({
    publicKey: key.publicKey,
    namespace,
    signature: sign(null, signedBytes(message, namespace), key.privateKey),
  });
}

/** The armored text of a signature. */
export function formatSshSignature({ publicKey, namespace, signature }: SshSignature): string {
  const blob = Buffer.concat([
    MAGIC,
    wireUint32(VERSION),
    wireString(publicKeyBlob(publicKey)),
    wireString(namespace),
    wireString(''),
    wireString(HASH),
    wireString(Buffer.concat([wireString(KEY_TYPE), wireString(signature)])),
  ]);
  return `${BEGIN}\n${blob
    .toString('base64')
    .match(/.{1,70}/g)!
    .join('\n')}\n${END}\n`;
}

/**
 * Reads an armored signature: ed25519, sha512, in exactly the text that formatSshSignature (and ssh-keygen) writes.
 * Returns why it is none otherwise, so that a signature has one text only.
 */
export function parseSshSignature(armor: string): SshSignature | string {
  const body = armor.startsWith(`${BEGIN}\n`) && armor.endsWith(`\n${END}\n`);
  if (!body) return 'it is not armored as an SSH signature';
  const reader = wireReader(Buffer.from(armor.slice(BEGIN.length, -END.length - 1), 'base64'));
  if (!reader.bytes(MAGIC.length)?.equals(MAGIC)) return 'it does not begin with SSHSIG';
  if (reader.uint32() !== VERSION) return 'it is not of version 1';
  const keyBlob = reader.string();
  const publicKey = keyBlob && parsePublicKeyBlob(keyBlob);
  if (!publicKey) return `its key is not of type ${KEY_TYPE}`;
  const namespace = reader.string()?.toString('utf8');
  const reserved = reader.string();
  if (namespace === undefined || reserved?.length !== 0) return 'it is damaged';
  if (reader.string()?.toString('latin1') !== HASH) return `its digest is not ${HASH}`;
  const signature = reader.string();
  if (!signature || !reader.atEnd()) return 'it is damaged';
  const inner = wireReader(signature);
  const type = inner.string()?.toString('latin1');
  const raw = inner.string();
  if (type !== KEY_TYPE || raw?.length !== 64 || !inner.atEnd()) return `it is not of type ${KEY_TYPE}`;
  const result = { publicKey, namespace, signature: raw };
  return formatSshSignature(result) === armor ? result : 'its text is not in the one form of a signature';
}

/** Whether the signature is of this message, in its namespace, by its key. Says nothing of who that is. */
export function isSignatureOf(signature: SshSignature, message: Uint8Array): boolean {
  const { publicKey, namespace } = signature;
  return verify(null, signedBytes(message, namespace), publicKeyObject(publicKey), signature.signature);
}
