import { existsSync, readFileSync } from 'node:fs';
import {
  type ClientRequest,
  get as getHttp,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
} from 'node:http';
import { get as getHttps, Agent as SecureAgent } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

/** A proxy, and the names that are reached without it. */
export interface Proxy {
  /** Of http; a user and a password may be in it. */
  readonly url: string;
  readonly except: readonly string[];
}

/** How bytes are come to. */
export interface HttpWay {
  readonly proxy?: Proxy | undefined;
  /** Breaks off. */
  readonly signal?: AbortSignal | undefined;
}

/** A source did not give the bytes: one sentence without a full stop. */
export class NotFetched extends Error {}

const REDIRECTIONS = 5;

/** Milliseconds without a byte after which a server counts as gone. */
const SILENCE = 60_000;

/** What a source gives. */
export interface Answer {
  /** Where in the file the bytes begin. */
  readonly start: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Asks for the bytes of an address of http or https behind those that are there; a server may begin anew. Throws NotFetched,
 * and what node:http throws.
 */
export async function askHttp(url: string, had: number, way: HttpWay): Promise<Answer> {
  let address = new URL(url);
  for (let hop = 0; hop <= REDIRECTIONS; hop += 1) {
    const response = await ask(address, had, way);
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

function ask(address: URL, had: number, { proxy, signal }: HttpWay): Promise<IncomingMessage> {
  const isSecure = address.protocol === 'https:';
  const used = proxy && isProxied(address, proxy) ? new URL(proxy.url) : undefined;
  const headers = { 'accept-encoding': 'identity', ...(had > 0 && { range: `bytes=${had}-` }) };
  const options: RequestOptions = { headers, timeout: SILENCE, agent: false, signal };
  return new Promise((done, fail) => {
    let request: ClientRequest;
    if (isSecure) {
      // A mirror within a company is known to the machine, and not to Node.
      const ca = machineCertificates();
      const tls = ca === undefined ? {} : { ca };
      const agent = used ? tunnelThrough(used, { address, tls, signal }) : false;
      request = getHttps(address, { ...options, ...tls, agent }, done);
    } else if (used) {
      const through = { host: nameOf(used), port: portOf(used), path: address.href, setHost: false };
      const forProxy = { ...headers, host: address.host, ...authorizationOf(used) };
      request = getHttp({ ...options, ...through, headers: forProxy }, done);
    } else request = getHttp(address, options, done);
    request.on('timeout', () => request.destroy(new NotFetched(`nothing came for ${SILENCE / 1000} s`)));
    request.on('error', fail);
  });
}

/** Whether an address is asked for through the proxy: all but the names that are listed, and what ends in them. */
export function isProxied(address: URL, { except }: Proxy): boolean {
  const asked = nameOf(address);
  return !except.some((one) => {
    const name = one.replace(/^\./, '').toLowerCase();
    return one === '*' || asked === name || asked.endsWith(`.${name}`);
  });
}

/** The name or number of an address' host; a number of IPv6 without the brackets that it has there. */
function nameOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portOf({ port }: URL): number {
  return port === '' ? 80 : Number(port);
}

function authorizationOf({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Connects to a server of https through a proxy's CONNECT (RFC 9110, 9.3.6). Node has this of its own from 24 on. */
function tunnelThrough(
  proxy: URL,
  { address, tls, signal }: { address: URL; tls: { ca?: string }; signal: AbortSignal | undefined },
): SecureAgent {
  const port = address.port === '' ? 443 : Number(address.port);
  const createConnection = (_: unknown, done: (error: Error | null, socket: Duplex) => void): undefined => {
    const failed = (error: Error): void => done(error, undefined as unknown as Duplex);
    const target = `${address.hostname}:${port}`;
    const ask = requestHttp({
      method: 'CONNECT',
      host: nameOf(proxy),
      port: portOf(proxy),
      path: target,
      headers: { host: target, ...authorizationOf(proxy) },
      timeout: SILENCE,
      agent: false,
      signal,
    });
    ask.on('timeout', () => ask.destroy(new NotFetched(`the proxy said nothing for ${SILENCE / 1000} s`)));
    ask.on('error', failed);
    ask.on('connect', ({ statusCode }, socket) => {
      if (statusCode !== 200) {
        socket.destroy();
        failed(new NotFetched(`the proxy answered with status ${statusCode}`));
        return;
      }
      const host = nameOf(address);
      done(null, connectTls({ ...tls, socket, servername: isIP(host) === 0 ? host : '', host }));
    });
    ask.end();
  };
  return Object.assign(new SecureAgent(), { createConnection });
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
