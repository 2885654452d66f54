import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  createReadStream,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { fileURLToPath } from 'node:url';

/** Bytes that are wanted, and what is known of them. */
export interface Wanted {
  readonly sha256: string;
  /** Exactly. */
  readonly size: number;
}

/** A source did not give the bytes: one sentence without a full stop. */
export class NotFetched extends Error {}

const REDIRECTIONS = 5;

/** Milliseconds without a byte after which a server counts as gone. */
const SILENCE = 60_000;

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
    const { start, bytes } = url.startsWith('file:') ? fromFile(url, had) : await fromHttp(url, had);
    await append(bytes, path, { start, size: wanted.size });
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

interface Answer {
  /** Where in the file the bytes begin. */
  readonly start: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

function fromFile(url: string, start: number): Answer {
  const path = fileURLToPath(url);
  // A pipe or a device could keep the run waiting forever, by being opened already.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (!fstatSync(fd).isFile()) {
    closeSync(fd);
    throw new NotFetched('it is no file');
  }
  return { start, bytes: createReadStream(path, { fd, start, highWaterMark: 1 << 20 }) };
}

async function fromHttp(url: string, had: number): Promise<Answer> {
  let address = new URL(url);
  for (let hop = 0; hop <= REDIRECTIONS; hop += 1) {
    const response = await ask(address, had);
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return { start: 0, bytes: response };
    if (statusCode === 206) {
      const start = /^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1];
      if (start !== undefined && Number(start) === had) return { start: had, bytes: response };
    }
    response.destroy();
    if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) {
      throw new NotFetched(`it answered with status ${statusCode}`);
    }
    address = new URL(headers.location, address);
    if (!/^https?:$/.test(address.protocol)) throw new NotFetched(`it leads to ${address.protocol}`);
  }
  throw new NotFetched(`it leads on and on`);
}

function ask(address: URL, had: number): Promise<IncomingMessage> {
  const get = address.protocol === 'https:' ? getHttps : getHttp;
  // A mirror within a company is known to the machine, and not to Node.
  const ca = address.protocol === 'https:' ? machineCertificates() : undefined;
  const headers = { 'accept-encoding': 'identity', ...(had > 0 && { range: `bytes=${had}-` }) };
  return new Promise((done, fail) => {
    const request = get(address, { headers, timeout: SILENCE, agent: false, ...(ca && { ca }) }, done);
    request.on('timeout', () => request.destroy(new NotFetched(`nothing came for ${SILENCE / 1000} s`)));
    request.on('error', fail);
  });
}

/** Where Linux distributions keep the authorities that a machine trusts, in one file. */
const BUNDLES = [
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** The authorities that this machine trusts; undefined where Node's own must do. */
function machineCertificates(): string | undefined {
  const bundle = BUNDLES.find((path) => existsSync(path));
  return bundle === undefined ? undefined : readFileSync(bundle, 'utf8');
}

async function append(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  { start, size }: { readonly start: number; readonly size: number },
): Promise<void> {
  const fd = openSync(path, start === 0 ? 'w' : 'a', 0o600);
  const begun = Date.now();
  let at = start;
  try {
    for await (const piece of bytes) {
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
