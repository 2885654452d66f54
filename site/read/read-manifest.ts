import { createHash } from 'node:crypto';
import { Manifest } from '../../compiler/contract/manifest.ts';
import type { SealedManifest } from './assemble-host.ts';

/** A manifest and the digest of its bytes; undefined for bytes that are none. */
export function readManifest(bytes: Uint8Array): SealedManifest | undefined {
  const manifest = Manifest.safeParse(parseJson(bytes));
  if (!manifest.success) return undefined;
  return { manifest: manifest.data, digest: createHash('sha256').update(bytes).digest('hex') };
}

/** The value of JSON in UTF-8; undefined for bytes that are none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
