import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactEntry } from '../../../compiler/contract/manifest.ts';
import { isSystemError, systemMessage } from '../run/system-error.ts';
import { type HttpWay, NotFetched } from './ask-http.ts';
import { download, sizeOf, type Wanted } from './download.ts';

/** By what addresses begin with: what they may begin with instead. */
export type Mirrors = Readonly<Record<string, readonly string[]>>;

export type ArtifactFetch =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly message: string };

/** Where an artifact may be had: from the mirrors of the longest beginning that fits, in their order, then as it says. */
export function sourcesOf(url: string, mirrors: Mirrors): string[] {
  const fitting = Object.keys(mirrors).filter((prefix) => url.startsWith(prefix));
  const prefix = fitting.sort((a, b) => b.length - a.length)[0];
  if (prefix === undefined) return [url];
  return [...mirrors[prefix]!.map((mirror) => mirror + url.slice(prefix.length)), url];
}

/**
 * Brings an artifact into a folder, under its digest, and verifies it; from the first source that has it. An attempt that
 * was broken off is taken up again, by another source too.
 */
export async function fetchArtifact(
  artifact: Pick<ArtifactEntry, 'url' | 'sha256' | 'size'>,
  { folder, mirrors, ...way }: HttpWay & { readonly folder: string; readonly mirrors: Mirrors },
): Promise<ArtifactFetch> {
  const wanted: Wanted = { sha256: artifact.sha256, size: artifact.size, ...way };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, artifact.sha256);
  const failures: string[] = [];
  for (const url of sourcesOf(artifact.url, mirrors)) {
    const had = sizeOf(path);
    let failure = await attempt(url, path, wanted);
    // What was there before may be at fault, and not this source.
    if (failure !== undefined && had > 0 && sizeOf(path) === 0) failure = await attempt(url, path, wanted);
    if (failure === undefined) return { ok: true, path };
    failures.push(`${url}: ${failure}`);
    if (way.signal?.aborted) break;
  }
  return { ok: false, message: failures.join('; ') };
}

/** Why it did not come; undefined where it is there, verified. Bytes that cannot be the beginning of it are removed. */
async function attempt(url: string, path: string, wanted: Wanted): Promise<string | undefined> {
  try {
    await download(url, path, wanted);
    return undefined;
  } catch (error) {
    if (!(error instanceof NotFetched) && !isSystemError(error) && !isNetworkError(error)) throw error;
    if (sizeOf(path) >= wanted.size) rmSync(path, { force: true });
    return systemMessage(error as Error);
  }
}

/** What node:http says of a broken answer, a certificate, an address that nobody knows. */
function isNetworkError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
