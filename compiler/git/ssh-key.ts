import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { wireReader, wireString, wireUint32 } from './wire.ts';

/** The only type of key that khp signs with and trusts. */
export const KEY_TYPE = 'ssh-ed25519';

/** A key that can sign. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly comment: string;
}

/** A key, or why the text holds none that can be used: one sentence without a full stop. */
export type KeyOutcome =
  | { readonly ok: true; readonly key: SigningKey }
  | { readonly ok: false; readonly problem: string };

const SEED_BYTES = 32;
const MAGIC = Buffer.from('openssh-key-v1\0', 'latin1');

/** The public key as SSH writes it: its type, then its 32 bytes. */
export function publicKeyBlob(publicKey: Uint8Array): Buffer {
  return Buffer.concat([wireString(KEY_TYPE), wireString(publicKey)]);
}

/** Reads a public key as SSH writes it; undefined for a key of another type or length, or with bytes behind it. */
export function parsePublicKeyBlob(blob: Uint8Array): Uint8Array | undefined {
  const reader = wireReader(blob);
  if (reader.string()?.toString('latin1') !== KEY_TYPE) return undefined;
  const publicKey = reader.string();
  return publicKey?.length === SEED_BYTES && reader.atEnd() ? publicKey : undefined;
}

/** `ssh-ed25519 AAAA… comment`: the line of a .pub file, and the end of one of allowed_signers. */
export function publicKeyLine({ publicKey, comment }: Pick<SigningKey, 'publicKey' | 'comment'>): string {
  return `${KEY_TYPE} ${publicKeyBlob(publicKey).toString('base64')} ${comment}`.trimEnd();
}

/** `SHA256:…`, as `ssh-keygen -l` prints it. */
export function fingerprint(publicKey: Uint8Array): string {
  const digest = createHash('sha256').update(publicKeyBlob(publicKey)).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** The public key as node:crypto wants it. */
export function publicKeyObject(publicKey: Uint8Array): KeyObject {
  const x = Buffer.from(publicKey).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** Reads a private key: OpenSSH's own form or PKCS#8 PEM, both without a passphrase, ed25519. */
export function parsePrivateKey(text: string): KeyOutcome {
  const pem = /^-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\r\n]*)-----END \1-----\s*$/.exec(text.trim());
  if (pem?.[1] === 'OPENSSH PRIVATE KEY') return parseOpenSsh(Buffer.from(pem[2]!, 'base64'));
  if (pem?.[1] === 'PRIVATE KEY') return parsePkcs8(text);
  if (/^-----BEGIN .*ENCRYPTED/m.test(text)) return { ok: false, problem: ENCRYPTED };
  if (/^-----BEGIN (RSA|DSA|EC) PRIVATE KEY-----/.test(text)) {
    return wrongType(/BEGIN (RSA|DSA|EC)/.exec(text)![1]!.toLowerCase());
  }
  if (/^ssh-|^ecdsa-/.test(text)) {
    return { ok: false, problem: 'this is a public key; the private key is the file without .pub' };
  }
  return { ok: false, problem: 'this is neither an OpenSSH private key nor one in PKCS#8 PEM' };
}

const ENCRYPTED =
  'the key has a passphrase, and keys held by ssh-agent are not supported yet; use a key without one';

function wrongType(type: string): KeyOutcome {
  return {
    ok: false,
    problem: `the key is of type ${type}; khp signs with ssh-ed25519 only (keys held by ssh-agent are not supported yet)`,
  };
}

function parsePkcs8(text: string): KeyOutcome {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key: text, format: 'pem' });
  } catch {
    return { ok: false, problem: 'the PEM text holds no private key' };
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') return wrongType(privateKey.asymmetricKeyType ?? 'unknown');
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { ok: true, key: { privateKey, publicKey: Buffer.from(x!, 'base64url'), comment: '' } };
}

/** OpenSSH's PROTOCOL.key. */
function parseOpenSsh(bytes: Buffer): KeyOutcome {
  const damaged: KeyOutcome = { ok: false, problem: 'the OpenSSH private key is damaged' };
  const reader = wireReader(bytes);
  if (!reader.bytes(MAGIC.length)?.equals(MAGIC)) return damaged;
  const cipher = reader.string()?.toString('latin1');
  const derivation = reader.string()?.toString('latin1');
  const derivationOptions = reader.string();
  if (cipher === undefined || derivation === undefined || derivationOptions === undefined) return damaged;
  if (cipher !== 'none' || derivation !== 'none') return { ok: false, problem: ENCRYPTED };
  const count = reader.uint32();
  const publicBlob = reader.string();
  const privatePart = reader.string();
  if (count !== 1 || !publicBlob || !privatePart || !reader.atEnd()) return damaged;
  return parsePrivatePart(privatePart, publicBlob) ?? damaged;
}

function parsePrivatePart(bytes: Buffer, publicBlob: Buffer): KeyOutcome | undefined {
  const reader = wireReader(bytes);
  const check = reader.uint32();
  if (check === undefined || check !== reader.uint32()) return undefined;
  const type = reader.string()?.toString('latin1');
  if (type !== undefined && type !== KEY_TYPE) return wrongType(type);
  const publicKey = reader.string();
  const seedAndPublic = reader.string();
  const comment = reader.string();
  if (publicKey?.length !== SEED_BYTES || seedAndPublic?.length !== 2 * SEED_BYTES || !comment)
    return undefined;
  const padding = reader.rest();
  if (padding.length > 255 || !padding.every((byte, index) => byte === index + 1)) return undefined;
  const seed = seedAndPublic.subarray(0, SEED_BYTES);
  const key = keyOfSeed(seed, comment.toString('utf8'));
  const agrees =
    Buffer.from(key.publicKey).equals(publicKey) &&
    seedAndPublic.subarray(SEED_BYTES).equals(publicKey) &&
    publicKeyBlob(publicKey).equals(publicBlob);
  return agrees ? { ok: true, key } : undefined;
}

/** DER of a PKCS#8 ed25519 key up to its 32 bytes (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key that a seed of 32 bytes stands for. */
export function keyOfSeed(seed: Uint8Array, comment: string): SigningKey {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { privateKey, publicKey: Buffer.from(x!, 'base64url'), comment };
}

/** The text of an OpenSSH private key file. `check` is four random bytes; the same ones give the same text. */
export function formatPrivateKey(key: SigningKey, check: Uint8Array): string {
  const seed = key.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8_PREFIX.length);
  const content = Buffer.concat([
    check,
    check,
    wireString(KEY_TYPE),
    wireString(key.publicKey),
    wireString(Buffer.concat([seed, key.publicKey])),
    wireString(key.comment),
  ]);
  // Padded to the block size of the cipher; that of `none` is 8.
  const padding = Uint8Array.from({ length: (8 - (content.length % 8)) % 8 }, (_, index) => index + 1);
  const bytes = Buffer.concat([
    MAGIC,
    wireString('none'),
    wireString('none'),
    wireString(''),
    wireUint32(1),
    wireString(publicKeyBlob(key.publicKey)),
    wireString(Buffer.concat([content, padding])),
  ]);
  const lines = bytes.toString('base64').match(/.{1,70}/g)!;
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/**
 * Makes a key and writes it as `ssh-keygen -t ed25519` does: the private key to `path` (mode 0600), the public one to
 * `path`.pub. Throws where one of the files exists.
 */
export async function generateKey(path: string, comment: string): Promise<SigningKey> {
  const key = keyOfSeed(randomBytes(SEED_BYTES), comment);
  await writeNew({ path, text: formatPrivateKey(key, randomBytes(4)), mode: 0o600 });
  await writeNew({ path: `${path}.pub`, text: `${publicKeyLine(key)}\n`, mode: 0o644 });
  return key;
}

async function writeNew({ path, text, mode }: { path: string; text: string; mode: number }): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
