import { createHash } from 'node:crypto';
import { closeSync, constants, createReadStream, fstatSync, openSync, statSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Answer, askHttp, type HttpWay, NotFetched } from './ask-http.ts';

/** Bytes that are wanted, what is known of them, and the way to them. */
export interface Wanted extends HttpWay {
  readonly sha256: string;
  /** Exactly. */
  readonly size: number;
}

/** Milliseconds after which a download is broken off, so that a slow server does not keep a run forever; the next goes on. */
const LONGEST = 3_600_000;

/**
 * Brings a file from an address (http, https, file) to a path of this machine. What an earlier attempt left there is kept,
 * and the rest asked for; never more than the wanted bytes are written. Throws NotFetched; then what was received stays.
 */
export async function download(url: string, path: string, wanted: Wanted): Promise<void> {
  const had = sizeOf(path);
  if (had > wanted.size) throw new NotFetched('what is there is larger than what is wanted');
  if (had < wanted.size) {
    const { start, bytes } = url.startsWith('file:') ? fromFile(url, had) : await askHttp(url, had, wanted);
    await append(bytes, path, { start, ...wanted });
  }
  if ((await digestOf(path)) !== wanted.sha256) throw new NotFetched('its SHA-256 is not the signed one');
}

/** Bytes of a file; 0 where it is missing. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(bytes as Buffer);
  return hash.digest('hex');
}

function fromFile(url: string, start: number): Answer {
  const path = pathOf(url);
  // A pipe or a device could keep the run waiting forever, by being opened already.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (!fstatSync(fd).isFile()) {
    closeSync(fd);
    throw new NotFetched('it is no file');
  }
  return { start, bytes: createReadStream(path, { fd, start, highWaterMark: 1 << 20 }) };
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new NotFetched(`it is no address of a file: ${(error as Error).message}`);
  }
}

async function append(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  { start, size, signal }: Wanted & { readonly start: number },
): Promise<void> {
  const fd = openSync(path, start === 0 ? 'w' : 'a', 0o600);
  const begun = Date.now();
  let at = start;
  try {
    for await (const piece of bytes) {
      if (signal?.aborted) throw new NotFetched('it was broken off');
      if (Date.now() - begun > LONGEST)
        throw new NotFetched('it took too long; the next run goes on with it');
      if (at + piece.length > size) throw new NotFetched(`it has more than ${size} bytes`);
      for (let offset = 0; offset < piece.length; ) offset += writeSync(fd, piece, offset);
      at += piece.length;
    }
  } finally {
    closeSync(fd);
  }
  if (at < size) throw new NotFetched(`it ended after ${at} of ${size} bytes`);
}
