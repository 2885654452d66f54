import { armor, Decrypter, Encrypter, Stanza } from 'age-encryption';
import type { AgeIdentity } from './identities.ts';
import { RECORD } from './named-recipients.ts';
import { recipientTag, type SecretRecipient } from './recipients.ts';
import { sshRecipient } from './ssh-ed25519.ts';

/** A text for some recipients, as an age file in armor. */
export async function encryptSecret(clear: string, recipients: readonly SecretRecipient[]): Promise<string> {
  const encrypter = new Encrypter();
  const unique = new Map(recipients.map((one) => [one.key, one]));
  for (const { key, ssh } of [...unique.values()].sort((a, b) => (a.key < b.key ? -1 : 1)))
    encrypter.addRecipient(ssh ? sshRecipient(ssh) : key);
  const tags = [...unique.keys()].map(recipientTag).sort();
  const body = Buffer.concat(tags.map((tag) => Buffer.from(tag, 'hex')));
  encrypter.addRecipient({ wrapFileKey: () => [new Stanza([RECORD], body)] });
  return `${armor.encode(await encrypter.encrypt(clear)).trimEnd()}\n`;
}

/** The text of an armored age file. Throws where none of the identities opens it. */
export async function decryptSecret(ciphertext: string, identities: readonly AgeIdentity[]): Promise<string> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  const bytes = await decrypter.decrypt(armor.decode(ciphertext));
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
