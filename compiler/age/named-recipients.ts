import { recipientTag, type SecretRecipient, sshTag } from './recipients.ts';

/**
 * A stanza of ours beside those of the recipients: eight bytes for each of them, sorted. The header's MAC covers it, and
 * age ignores stanzas that it does not know.
 */
export const RECORD = 'khp-recipients';
const TAG_BYTES = 8;

/** Whom the header of an armored age file names. */
export interface NamedRecipients {
  /** Tags (see recipientTag) of all recipients; undefined where the file was not made by khp. */
  readonly tags: ReadonlySet<string> | undefined;
  /** Tags (see sshTag) of recipients that are keys of SSH. */
  readonly ssh: ReadonlySet<string>;
}

/** Reads whom the header names; the MAC over it is not checked, which takes an identity. */
export function namedRecipients(ciphertext: string): NamedRecipients {
  const base64 = ciphertext.replace(/-----[A-Z ]+-----|\s/g, '');
  const lines = Buffer.from(base64, 'base64').toString('latin1').split('\n');
  const ssh = new Set<string>();
  let tags: Set<string> | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('---')) break;
    const [arrow, type, tag] = line.split(' ');
    if (arrow !== '->') continue;
    if (type === 'ssh-ed25519' && tag !== undefined) ssh.add(tag);
    if (type === RECORD) tags = tagsIn(lines, index + 1);
  }
  return { tags, ssh };
}

function tagsIn(lines: readonly string[], from: number): Set<string> {
  let body = '';
  for (const line of lines.slice(from)) {
    body += line;
    if (line.length < 64) break;
  }
  const bytes = Buffer.from(body, 'base64');
  const tags = new Set<string>();
  for (let at = 0; at + TAG_BYTES <= bytes.length; at += TAG_BYTES) {
    tags.add(bytes.subarray(at, at + TAG_BYTES).toString('hex'));
  }
  return tags;
}

/** Whether a recipient is among those named; undefined where the file cannot tell. */
export function isNamed({ key, ssh }: SecretRecipient, named: NamedRecipients): boolean | undefined {
  if (named.tags) return named.tags.has(recipientTag(key));
  return ssh ? named.ssh.has(sshTag(ssh)) : undefined;
}
