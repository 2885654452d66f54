import { decryptSecret } from '../../../compiler/age/age.ts';
import type { SecretEntry } from '../../../compiler/contract/manifest.ts';
import { readSecretMarkers, replaceSecretMarkers } from '../../../compiler/contract/secret-marker.ts';
import type { AcceptedBundle } from '../accept/verdict.ts';
import { decryptVault } from './decrypt-vault.ts';
import { escapeSecret } from './escape-secret.ts';
import type { SecretKeys } from './secret-keys.ts';

/** A file with the clear texts in it. It is written to its path, and nowhere else. */
export interface OpenedFile {
  readonly bytes: Uint8Array;
  /** The clear texts, by first appearance. */
  readonly values: readonly string[];
}

export type OpenOutcome =
  | { readonly ok: true; readonly files: ReadonlyMap<string, OpenedFile> }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Paths of a bundle whose files have secrets. */
export function pathsWithSecrets({ files }: Pick<AcceptedBundle, 'files'>): string[] {
  return [...files].filter(([, bytes]) => markersIn(bytes).length > 0).map(([path]) => path);
}

/** The numbers of a file's secrets, by first appearance. */
export function secretNumbers(bytes: Uint8Array): number[] {
  return [...new Set(markersIn(bytes).map(({ number }) => number))];
}

/** Puts the clear texts into files, in memory. A failure names the file and the number, and nothing of the text. */
export async function openSecrets(
  { manifest, files }: Pick<AcceptedBundle, 'manifest' | 'files'>,
  paths: readonly string[],
  keys: SecretKeys,
): Promise<OpenOutcome> {
  const clear = new Map<number, string>();
  const opened = new Map<string, OpenedFile>();
  for (const path of paths) {
    const bytes = files.get(path)!;
    const escaped = new Map<number, string>();
    for (const number of secretNumbers(bytes)) {
      const entry = manifest.secrets[number]!;
      const text = clear.get(number) ?? (await open(entry, keys));
      if (typeof text !== 'string') {
        const message = `${path}: secret ${number} cannot be opened: ${text.problem}; nothing was changed`;
        return { ok: false, code: 'apply/secret-not-opened', message };
      }
      clear.set(number, text);
      const written = escapeSecret(text, entry.escape);
      if ('problem' in written) {
        const message = `${path}: secret ${number} cannot be written there: ${written.problem}; nothing was changed`;
        return { ok: false, code: 'apply/secret-not-written', message };
      }
      escaped.set(number, Buffer.from(written.text, 'utf8').toString('latin1'));
    }
    // Byte by byte, whatever the encoding of what stands around.
    const text = Buffer.from(bytes).toString('latin1');
    const filled = replaceSecretMarkers(text, markersIn(bytes), ({ number }) => escaped.get(number)!);
    const values = [...escaped.keys()].map((number) => clear.get(number)!);
    opened.set(path, { bytes: Buffer.from(filled, 'latin1'), values });
  }
  return { ok: true, files: opened };
}

function markersIn(bytes: Uint8Array) {
  return readSecretMarkers(Buffer.from(bytes).toString('latin1')) ?? [];
}

async function open(entry: SecretEntry, keys: SecretKeys): Promise<string | { readonly problem: string }> {
  // What a library says of a failure may quote what it read.
  try {
    if (entry.kind === 'age') return await decryptSecret(entry.ciphertext, keys.identities);
    const password = keys.passwords.get(entry.vault_id);
    if (password === undefined)
      return because(keys, `there is no password for the vault id ${entry.vault_id}`);
    const clear = decryptVault(entry.ciphertext, password);
    return clear ?? because(keys, `the password for the vault id ${entry.vault_id} does not open it`);
  } catch {
    return because(keys, 'none of the identities of this host opens it');
  }
}

function because({ problems }: SecretKeys, why: string): { problem: string } {
  return { problem: [why, ...problems].join('; ') };
}
