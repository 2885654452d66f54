import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, request, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { askHttp, isProxied } from './ask-http.ts';

const BYTES = Buffer.from('the bytes of a release');
const answer: RequestListener = (_, response) => void response.end(BYTES);

async function listening(server: Server, address = '127.0.0.1'): Promise<number> {
  server.listen(0, address);
  await new Promise((done) => server.once('listening', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A server of https with a certificate of its own. */
function secureServer(): Promise<number> {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const made = spawnSync('openssl', ['req', '-x509', ...how, '-keyout', key, '-out', cert, ...subject]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  return listening(createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, answer));
}

/** A proxy, and what it was asked for, with the credentials. */
async function proxyServer(status = 200): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((incoming, response) => {
    const { url, method, headers } = incoming;
    asked.push(`${method} ${url} ${headers.host} ${headers['proxy-authorization'] ?? ''}`.trim());
    if (status !== 200) response.writeHead(status).end();
    else request(url!, { agent: false }, (inner) => inner.pipe(response)).end();
  });
  server.on('connect', ({ url, headers }, socket) => {
    asked.push(`CONNECT ${url} ${headers.host} ${headers['proxy-authorization'] ?? ''}`.trim());
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const inner = connect(Number(url!.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      inner.pipe(socket).pipe(inner);
    });
    for (const one of [inner, socket]) one.on('error', () => socket.destroy());
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, asked };
}

const bytesOf = async (url: string, proxy: { url: string; except: string[] }) =>
  String(await buffer((await askHttp(url, 0, { proxy })).bytes));

test('http goes through the proxy by its whole address, with the credentials for the proxy', async () => {
  const port = await listening(createServer(answer));
  const { url, asked } = await proxyServer();
  const proxy = { url: url.replace('//', '//khp:s%40fe@'), except: [] };
  expect(await bytesOf(`http://localhost:${port}/a.tgz`, proxy)).toBe(String(BYTES));
  const credentials = Buffer.from('khp:s@fe').toString('base64');
  expect(asked).toEqual([`GET http://localhost:${port}/a.tgz localhost:${port} Basic ${credentials}`]);
  expect(await bytesOf(`http://localhost:${port}/`, { ...proxy, except: ['localhost'] })).toBe(String(BYTES));
  expect(asked).toHaveLength(1);
  await bytesOf(`http://localhost:${port}/`, { url: url.replace('//', '//:word@'), except: [] });
  expect(asked[1]).toContain(`Basic ${Buffer.from(':word').toString('base64')}`);
});

const HAS_IPV6 = Object.values(networkInterfaces()).some((one) =>
  one?.some(({ family }) => family === 'IPv6'),
);

test.runIf(HAS_IPV6)('a proxy may be named by its number of IPv6', async () => {
  const asked: string[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url!);
    response.end(BYTES);
  });
  server.on('connect', ({ url }, socket) => {
    asked.push(url!);
    socket.end('HTTP/1.1 403 No\r\n\r\n');
  });
  const proxy = { url: `http://[::1]:${await listening(server, '::1')}`, except: [] };
  expect(await bytesOf('http://[fd00::5]/a.tgz', proxy)).toBe(String(BYTES));
  await expect(bytesOf('https://[fd00::5]/a.tgz', proxy)).rejects.toThrow(
    'the proxy answered with status 403',
  );
  expect(asked).toEqual(['http://[fd00::5]/a.tgz', '[fd00::5]:443']);
});

test('https goes through a tunnel, and the certificate at its end is checked', async () => {
  const port = await secureServer();
  const { url, asked } = await proxyServer();
  const proxy = { url: url.replace('//', '//khp:word@'), except: [] };
  await expect(bytesOf(`https://localhost:${port}/a.tgz`, proxy)).rejects.toThrow(/self.signed/);
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  expect(await bytesOf(`https://localhost:${port}/a.tgz`, proxy)).toBe(String(BYTES));
  const line = `CONNECT localhost:${port} localhost:${port} Basic ${Buffer.from('khp:word').toString('base64')}`;
  expect(asked).toEqual([line, line]);
});

test('what the proxy refuses is told as the proxy’s word', async () => {
  const { url } = await proxyServer(407);
  const proxy = { url, except: [] };
  await expect(bytesOf('https://localhost:1/a', proxy)).rejects.toThrow('the proxy answered with status 407');
  await expect(bytesOf('http://localhost:1/a', proxy)).rejects.toThrow('answered with status 407');
});

test.each([
  ['archive.example', [], true],
  ['archive.example', ['example'], false],
  ['archive.example', ['.example'], false],
  ['example', ['.example'], false],
  ['archive.example', ['chive.example'], true],
  ['archive.example', ['other', '*'], false],
  ['10.0.0.5', ['10.0.0.5'], false],
  ['[FD00::5]', ['fd00::5'], false],
  ['[fd00::5]', ['fd00::6'], true],
])('%s with no_proxy %j: through the proxy %s', (host, except, through) => {
  expect(isProxied(new URL(`https://${host}/`), { url: '', except })).toBe(through);
});
