import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

const ROUNDS = 10_000;
const KEY_BYTES = 32;
const IV_BYTES = 16;

/**
 * The clear text of an envelope of ansible-vault (1.1 and 1.2: AES-256-CTR, HMAC-SHA-256, keys by PBKDF2); undefined
 * where the password is another one, the envelope was changed, or what it holds is no text.
 */
export function decryptVault(envelope: string, password: string): string | undefined {
  const [, ...lines] = envelope.trim().split(/\r?\n/);
  const parts = Buffer.from(lines.join('').replace(/\s/g, ''), 'hex').toString('latin1').split('\n');
  const [salt, mac, data] = parts.map((part) => Buffer.from(part, 'hex'));
  if (!salt || !mac || !data || mac.length !== KEY_BYTES) return undefined;
  const keys = pbkdf2Sync(password, salt, ROUNDS, 2 * KEY_BYTES + IV_BYTES, 'sha256');
  const expected = createHmac('sha256', keys.subarray(KEY_BYTES, 2 * KEY_BYTES))
    .update(data)
    .digest();
  if (!timingSafeEqual(expected, mac)) return undefined;
  const cipher = createDecipheriv('aes-256-ctr', keys.subarray(0, KEY_BYTES), keys.subarray(2 * KEY_BYTES));
  const padded = Buffer.concat([cipher.update(data), cipher.final()]);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > IV_BYTES || padding > padded.length) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      padded.subarray(0, padded.length - padding),
    );
  } catch {
    return undefined;
  }
}
