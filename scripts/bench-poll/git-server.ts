/**
 * A git server over HTTP on the loopback interface, for benchmarks: git's own http-backend behind node:http, one process a
 * request as under a web server. `node git-server.ts FOLDER`: serves the repositories below it and prints its url, then
 * answers GET /stats with what it has cost since the last answer, and GET /requests with the requests since then.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server has cost. */
export interface ServerStats {
  readonly requests: number;
  /** Of requests' and answers' heads and bodies, as Node's sockets count them. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Seconds of processor time of git's processes, and of the server itself. */
  readonly gitSeconds: number;
  readonly ownSeconds: number;
}

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  /** In latin1. */
  readonly body: string;
}

/** Requests that are remembered: those of one host. */
const REMEMBERED = 20;

const root = process.argv[2]!;
let seen: SeenRequest[] = [];
let requests = 0;
let bytesIn = 0;
let bytesOut = 0;
let last = usage();

function usage(): { git: number; own: number } {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  // Fields 14 to 17 of proc(5), stat, in clock ticks of 1/100 s: own, and of children that have ended.
  return { own: (fields[11]! + fields[12]!) / 100, git: (fields[13]! + fields[14]!) / 100 };
}

function takeStats(): ServerStats {
  const now = usage();
  const stats = {
    requests,
    bytesIn,
    bytesOut,
    gitSeconds: now.git - last.git,
    ownSeconds: now.own - last.own,
  };
  [requests, bytesIn, bytesOut, last] = [0, 0, 0, now];
  seen = [];
  return stats;
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url!, 'http://localhost');
  if (pathname === '/stats') {
    response.end(JSON.stringify(takeStats()));
    return;
  }
  if (pathname === '/requests') {
    response.end(JSON.stringify(seen));
    return;
  }
  requests += 1;
  if (seen.length < REMEMBERED) void remember(request);
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  request.pipe(child.stdin);
  child.stdin.on('error', () => {});
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (!head) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    for (const line of head.subarray(0, end).toString('latin1').split('\r\n')) {
      const colon = line.indexOf(':');
      const value = line.slice(colon + 1).trim();
      if (line.slice(0, colon).toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(line.slice(0, colon), value);
    }
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  child.on('close', () => response.end());
}

async function remember(request: IncomingMessage): Promise<void> {
  const { method = '', url = '', rawHeaders: headers } = request;
  const index = seen.push({ method, path: url, headers, body: '' }) - 1;
  const body: Buffer[] = [];
  request.on('data', (chunk: Buffer) => body.push(chunk));
  await once(request, 'end');
  if (seen[index]) seen[index] = { ...seen[index], body: Buffer.concat(body).toString('latin1') };
}

const server = createServer(serve);
server.on('connection', (socket) => {
  socket.on('close', () => {
    bytesIn += socket.bytesRead;
    bytesOut += socket.bytesWritten;
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
