import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decryptVault } from './decrypt-vault.ts';

interface Recorded {
  readonly clear: string;
  readonly password: string;
  readonly envelope: string;
}

/** Made by ansible-vault of ansible-core 2.18.19. */
const RECORDED = JSON.parse(
  readFileSync(join(import.meta.dirname, 'recorded-vaults.json'), 'utf8'),
) as Recorded[];

test.each(RECORDED)('opens $clear', ({ clear, password, envelope }) => {
  expect(decryptVault(envelope, password)).toBe(clear);
  expect(decryptVault(envelope, `${password}x`)).toBeUndefined();
  const [head, ...body] = envelope.trim().split('\n');
  const last = body.join('').slice(-1);
  const changed = `${head}\n${body.join('').slice(0, -1)}${last === '0' ? '1' : '0'}\n`;
  expect(decryptVault(changed, password)).toBeUndefined();
});

test.each(['', '$ANSIBLE_VAULT;1.1;AES256', '$ANSIBLE_VAULT;1.1;AES256\n6162', 'x\ny\nz'])(
  'opens nothing that is damaged: %j',
  (envelope) => expect(decryptVault(envelope, 'p')).toBeUndefined(),
);

test('opens what is no text as nothing', () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const salt = Buffer.alloc(32, 1);
  const keys = pbkdf2Sync('p', salt, 10_000, 80, 'sha256');
  const cipher = createCipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64));
  const data = cipher.update(Buffer.from([0xff, ...Array(15).fill(15)]));
  const mac = createHmac('sha256', keys.subarray(32, 64)).update(data).digest();
  const body = hex(Buffer.from([hex(salt), hex(mac), hex(data)].join('\n')));
  expect(decryptVault(`$ANSIBLE_VAULT;1.1;AES256\n${body}\n`, 'p')).toBeUndefined();
});
