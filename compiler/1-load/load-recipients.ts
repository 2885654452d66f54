import { parseRecipient, type SecretRecipient } from '../age/recipients.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { nearestName } from '../diagnostics/did-you-mean.ts';
import type { SourceReader } from './source-reader.ts';
import type { InventoryFile } from './workspace.ts';

/** Types of keys that ssh-keyscan prints and that nothing can be encrypted to. */
const OTHER_TYPES = /^(?:ssh-(?:rsa|dss|ed448)|ecdsa-sha2-\S+|sk-\S+)$/;

const PRIVATE_KEY =
  'make a new key for the host and write its public half here, age1…; `age-keygen -y FILE` prints it';

/**
 * Reads a file of hosts' public keys, in the form of known_hosts, so that the output of ssh-keyscan can be pasted: names
 * of one host parted by commas, one of them that of the inventory, then `age1…` or `ssh-ed25519 AAAA…`. Keys of other
 * types are passed over.
 * @param inventory undefined where not all of its hosts are known
 */
export function loadRecipients(
  reader: SourceReader,
  file: string | undefined,
  inventory: InventoryFile | undefined,
): Map<string, SecretRecipient[]> {
  const result = new Map<string, SecretRecipient[]>();
  const text = file === undefined ? undefined : reader.text(file);
  if (file === undefined || text === undefined) return result;
  const hosts = inventory && new Set(inventory.hosts.map(({ name }) => name));
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [names, ...key] = line.trim().split(/\s+/) as [string, ...string[]];
    if (names === '' || names.startsWith('#') || OTHER_TYPES.test(key[0] ?? '')) continue;
    const place = { file, line: index + 1, column: line.length - line.trimStart().length + 1 };
    const recipient = parseRecipient(key.join(' '));
    if (!recipient) {
      const isPrivate = /AGE-SECRET-KEY-/i.test(line);
      const message = isPrivate
        ? 'this line holds a private key, which everybody can read now'
        : 'this line is not a host and its public key';
      const hint = isPrivate ? { hint: PRIVATE_KEY } : {};
      reader.diagnostics.push(diagnose('load/bad-recipient', { place, message, ...hint }));
      continue;
    }
    const named = names.split(',').map((name) => name.replace(/^\[(.*)\]:\d+$/, '$1'));
    const known = hosts ? [...new Set(named)].filter((name) => hosts.has(name)) : named.slice(0, 1);
    if (known.length > 1) {
      const message = `a line is for one host, and this one names ${known.map((name) => `\`${name}\``).join(' and ')}`;
      const hint = 'write a line for each of them, with its own key';
      reader.diagnostics.push(diagnose('load/bad-recipient', { place, message, hint }));
      continue;
    }
    const host = known[0] ?? named[0]!;
    if (hosts && known.length === 0) {
      const nearest = nearestName(host, [...hosts]);
      const hint = nearest === undefined ? {} : { hint: `did you mean \`${nearest}\`?` };
      const message = `the cluster has no host \`${host}\``;
      reader.diagnostics.push(diagnose('load/unknown-recipient', { place, message, ...hint }));
      continue;
    }
    result.set(host, [...(result.get(host) ?? []), recipient]);
  }
  return result;
}
