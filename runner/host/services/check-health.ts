import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { connect } from 'node:net';
import type { HealthCheck, ServiceEntry } from '../../../compiler/contract/manifest.ts';
import { runForService } from './run-for-service.ts';
import type { ServiceAccount } from './service-account.ts';

/** Milliseconds that one answer may take; of a command, which may have to start a JVM. */
const TIMEOUT = 5_000;
const COMMAND_TIMEOUT = 30_000;

/** Bytes of a page that are read. */
const MAX_PAGE = 32 << 20;

/**
 * Asks a service once how it is: undefined where every check of it is content, otherwise why not, in one line. A service
 * without a check is well. Throws what `accountOf` throws, which a command is asked for alone.
 */
export async function checkHealth(
  service: ServiceEntry,
  accountOf: (user: string) => ServiceAccount | undefined,
): Promise<string | undefined> {
  const { http, tcp, command, jmx } = service.health ?? {};
  const asked = [
    tcp !== undefined && checkTcp(tcp),
    http !== undefined && checkHttp(http),
    jmx && checkJmx(jmx),
    command !== undefined && checkCommand(command, service, accountOf(service.user)),
  ];
  const answers = await Promise.all(asked.filter((one) => one !== false && one !== undefined));
  return answers.find((answer) => answer !== undefined);
}

function checkTcp(address: string): Promise<string | undefined> {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address);
  const [, six, name, port] = match ?? [];
  if (port === undefined || Number(port) > 65_535) return Promise.resolve(`${address} is no host:port`);
  return new Promise((resolve) => {
    const socket = connect({ host: six ?? name!, port: Number(port) });
    const end = (answer: string | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(TIMEOUT, () => end(`${address} takes no connection within ${TIMEOUT / 1000} s`));
    socket.once('connect', () => end(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => end(`${address}: ${error.code ?? error.message}`));
  });
}

async function checkHttp(url: string): Promise<string | undefined> {
  const page = await fetchPage(url, false);
  if (typeof page === 'string') return page;
  return page.status >= 200 && page.status < 400 ? undefined : `${url} answers with status ${page.status}`;
}

async function checkJmx({
  url,
  attribute,
  equals,
  contains,
}: NonNullable<HealthCheck['jmx']>): Promise<string | undefined> {
  const page = await fetchPage(url, true);
  if (typeof page === 'string') return page;
  if (page.status !== 200) return `${url} answers with status ${page.status}`;
  let beans: unknown;
  try {
    beans = (JSON.parse(page.body) as { beans?: unknown } | null)?.beans;
  } catch {
    return `${url} answers with what is not JSON`;
  }
  const list = (Array.isArray(beans) ? beans : []) as (Record<string, unknown> | null)[];
  const bean = list.find((one) => one !== null && typeof one === 'object' && Object.hasOwn(one, attribute));
  if (!bean) return `${url} has no bean with the attribute ${attribute}`;
  const value = bean[attribute];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = JSON.stringify(text.slice(0, 100));
  if (equals && !equals.includes(text)) return `${attribute} is ${shown}, not ${oneOf(equals)}`;
  if (contains && !contains.some((one) => text.includes(one)))
    return `${attribute} is ${shown}, without ${oneOf(contains)}`;
  return undefined;
}

function oneOf(texts: readonly string[]): string {
  return texts.map((text) => JSON.stringify(text)).join(' or ');
}

async function checkCommand(
  command: string,
  service: ServiceEntry,
  account: ServiceAccount | undefined,
): Promise<string | undefined> {
  const { ok, detail } = await runForService(command, { service, account, timeout: COMMAND_TIMEOUT });
  return ok ? undefined : `${command}: ${detail}`;
}

/** A page, or why there is none. Certificates are not checked: it is asked whether it answers, and told nothing. */
async function fetchPage(url: string, withBody: boolean): Promise<{ status: number; body: string } | string> {
  try {
    return await requestPage(url, withBody);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return `${url}: ${code && code !== 'ECONNRESET' ? code : message}`;
  }
}

function requestPage(url: string, withBody: boolean): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const read = (response: IncomingMessage): void => {
      const chunks: Buffer[] = [];
      const end = (): void => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
        request.destroy();
      };
      if (!withBody) {
        end();
        return;
      }
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > MAX_PAGE) request.destroy(new Error(`more than ${MAX_PAGE} bytes`));
      });
      response.on('error', reject);
      response.on('end', end);
    };
    const request = url.startsWith('https:')
      ? getHttps(url, { agent: false, rejectUnauthorized: false }, read)
      : getHttp(url, { agent: false }, read);
    const late = () => request.destroy(new Error(`no answer within ${TIMEOUT / 1000} s`));
    const timer = setTimeout(late, TIMEOUT);
    request.on('close', () => clearTimeout(timer));
    request.on('error', reject);
  });
}
