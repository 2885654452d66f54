import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { HealthCheck } from '../../../compiler/contract/manifest.ts';
import { checkHealth } from './check-health.ts';
import { runningService } from './running-service.ts';

const BEANS = { beans: [{ name: 'a' }, { name: 'b', State: 'standby', Live: 3, Safe: false, Note: null }] };

const PAGES: Record<string, [number, string]> = {
  '/jmx': [200, JSON.stringify(BEANS)],
  '/moved': [302, ''],
  '/empty': [204, ''],
  '/broken': [500, 'x'],
  '/secret': [401, ''],
  '/text': [200, 'hello'],
  '/null': [200, 'null'],
  '/error-with-beans': [500, JSON.stringify(BEANS)],
};

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const pages = () =>
  createServer((request, response) => {
    const [status, body] = PAGES[request.url!]!;
    response.writeHead(status, { location: '/broken', connection: 'close' }).end(body);
  });

function check(health: Omit<HealthCheck, 'within'>): Promise<string | undefined> {
  return checkHealth(
    runningService({ health: { ...health, within: 1 }, environment: { WORD: 'yes' } }),
    () => undefined,
  );
}

test('a service without a check is well', async () => {
  expect(await checkHealth(runningService(), () => undefined)).toBeUndefined();
});

test('http: a status from 200 to 399 is well', async () => {
  const url = `http://127.0.0.1:${await portOf(pages())}`;
  for (const page of ['/jmx', '/moved', '/empty']) expect(await check({ http: url + page })).toBeUndefined();
  for (const page of ['/broken', '/secret'])
    expect(await check({ http: url + page })).toBe(`${url}${page} answers with status ${PAGES[page]![0]}`);
  expect(await check({ http: 'http://127.0.0.1:1/' })).toContain('ECONNREFUSED');
  expect(await check({ http: 'no address' })).toContain('no address');
});

test('jmx: an attribute of the first bean that has it', async () => {
  const port = await portOf(pages());
  const jmx = (path: string, attribute: string, ...equals: string[]) =>
    check({ jmx: { url: `http://127.0.0.1:${port}${path}`, attribute, equals } });
  expect(await jmx('/jmx', 'State', 'active', 'standby')).toBeUndefined();
  expect(await jmx('/jmx', 'Live', '3')).toBeUndefined();
  expect(await jmx('/jmx', 'Safe', 'false')).toBeUndefined();
  expect(await jmx('/jmx', 'Note', 'null')).toBeUndefined();
  expect(await jmx('/jmx', 'State', 'active')).toBe('State is "standby", not "active"');
  expect(await jmx('/jmx', 'toString', 'x')).toContain('no bean with the attribute toString');
  expect(await jmx('/text', 'State', 'x')).toContain('not JSON');
  expect(await jmx('/null', 'State', 'x')).toContain('no bean');
  expect(await jmx('/error-with-beans', 'State', 'standby')).toContain('status 500');
});

test('jmx: of an attribute a part may be asked for, or no more than that it is there', async () => {
  const url = `http://127.0.0.1:${await portOf(pages())}/jmx`;
  const jmx = (attribute: string, ...contains: string[]) =>
    check({ jmx: { url, attribute, ...(contains.length > 0 && { contains }) } });
  expect(await jmx('State', 'act', 'stand')).toBeUndefined();
  expect(await jmx('State', 'act')).toBe('State is "standby", without "act"');
  expect(await jmx('Note')).toBeUndefined();
  expect(await jmx('Nothing')).toContain('no bean with the attribute Nothing');
});

test('tcp: a connection is taken', async () => {
  const port = await portOf(createTcpServer((socket) => socket.end()));
  expect(await check({ tcp: `127.0.0.1:${port}` })).toBeUndefined();
  expect(await check({ tcp: '127.0.0.1:1' })).toBe('127.0.0.1:1: ECONNREFUSED');
  expect(await check({ tcp: 'localhost' })).toBe('localhost is no host:port');
  expect(await check({ tcp: 'localhost:99999' })).toBe('localhost:99999 is no host:port');
  expect(await check({ tcp: '[::1]:1' })).toMatch(/^\[::1\]:1: E/);
});

test('a server that takes a connection and says nothing is not well in the end', async () => {
  const port = await portOf(createTcpServer());
  const [http, tcp] = await Promise.all([
    check({ http: `http://127.0.0.1:${port}/` }),
    check({ tcp: `127.0.0.1:${port}` }),
  ]);
  expect(http).toContain('no answer within 5 s');
  expect(tcp).toBeUndefined();
});

test('command: exit code 0, as the service runs', async () => {
  expect(await check({ command: `/bin/sh -c 'test "$WORD" = yes'` })).toBeUndefined();
  expect(await check({ command: `/bin/sh -c 'echo lost; exit 3'` })).toContain('exit code 3: lost');
  expect(await check({ command: '/no/such/program' })).toContain('ENOENT');
  // A child that goes on holds nothing up.
  expect(await check({ command: `/bin/sh -c 'sleep 20 & exit 0'` })).toBeUndefined();
});

test('all that is asked must be well', async () => {
  const port = await portOf(pages());
  const tcp = `127.0.0.1:${port}`;
  expect(await check({ tcp, http: `http://${tcp}/broken` })).toContain('status 500');
  expect(await check({ tcp, http: `http://${tcp}/jmx`, command: '/bin/false' })).toContain('exit code 1');
});
