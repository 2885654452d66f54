import type { RenderedFile } from '../3-render/rendered-file.ts';
import { isNamed, namedRecipients } from '../age/named-recipients.ts';
import type { SecretRecipient } from '../age/recipients.ts';
import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import type { SecretEntry } from '../contract/manifest.ts';
import { readSecretMarkers, replaceSecretMarkers, secretMarker } from '../contract/secret-marker.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { forgedMarker, markerProblem } from './check-text.ts';
import { misplacedSecrets } from './format/secret-position.ts';

/** The secrets of a host as its manifest holds them, and its files with the markers numbered so. */
export interface HostSecrets {
  readonly secrets: readonly SecretEntry[];
  readonly textOf: (file: RenderedFile) => string;
}

/** Numbers the secrets of a host by first appearance; `files` come in the order of their paths. */
export function numberSecrets(files: readonly RenderedFile[]): HostSecrets {
  const secrets: SecretEntry[] = [];
  const numbers = new Map<string, number>();
  const texts = new Map<RenderedFile, string>();
  for (const file of files) {
    if (file.secrets.length === 0) continue;
    const own = file.secrets.map(({ secret }): number => {
      const entry: SecretEntry = { ...secret, escape: file.format };
      const key = JSON.stringify([entry.escape, entry.ciphertext]);
      const number = numbers.get(key) ?? secrets.push(entry) - 1;
      numbers.set(key, number);
      return number;
    });
    const markers = readSecretMarkers(file.text) ?? [];
    texts.set(
      file,
      replaceSecretMarkers(file.text, markers, (marker) => secretMarker(own[markers.indexOf(marker)]!)),
    );
  }
  return { secrets, textOf: (file) => texts.get(file) ?? file.text };
}

interface CheckedAs {
  readonly wellFormed: boolean;
  /** The place in a template that wrote a line and column of the file. */
  readonly keysOf: (host: string) => readonly SecretRecipient[] | undefined;
  readonly locate: (file: RenderedFile, at: { line: number; column: number }) => Place;
}

/** What is wrong with the secrets of a file: forged markers, places that cannot hold one, a loose mode. */
export function* checkSecrets(
  file: RenderedFile,
  { wellFormed, locate, keysOf }: CheckedAs,
): Iterable<Diagnostic> {
  const { text, path, host, secrets } = file;
  const hosts = [host];
  const placeAt = (offset: number): Place => {
    const before = text.slice(0, offset).split('\n');
    return locate(file, { line: before.length, column: before.at(-1)!.length + 1 });
  };
  const ours = new Set(secrets.map(({ offset }) => offset));
  const forged = forgedMarker(text, ours);
  if (forged >= 0) {
    yield { ...markerProblem(path, placeAt(forged)), hosts };
    return;
  }
  for (const offset of wellFormed ? misplacedSecrets(text, file.format, [...ours]) : []) {
    yield diagnose('seal/secret-position', {
      place: placeAt(offset),
      message: `${path} has a secret where ${file.format} cannot hold one`,
      hosts,
    });
  }
  const keys = keysOf(host);
  const closed = keys && secrets.find(({ secret }) => secret.kind === 'age' && !canOpen(keys, secret));
  if (closed) {
    const why = keys.length === 0 ? 'no key of the host is known' : 'it is not encrypted for the host';
    yield diagnose('seal/secret-not-for-host', {
      place: placeAt(closed.offset),
      message: `${path} has a secret that the host cannot open: ${why}`,
      hosts,
    });
  }
  if (secrets.length > 0 && Number.parseInt(file.mode, 8) & 0o007) {
    yield diagnose('seal/secret-readable', {
      place: file.pathPlace,
      message: `${path} has a secret in it and the mode ${file.mode}`,
      hosts,
    });
  }
}

/** Whether one of the keys opens a secret, as far as the ciphertext tells. */
function canOpen(keys: readonly SecretRecipient[], { ciphertext }: { readonly ciphertext: string }): boolean {
  const named = namedRecipients(ciphertext);
  return keys.some((key) => isNamed(key, named) !== false);
}
