/**
 * `npm run bench:poll [-- --hosts 10000 --real 50]`: what hosts that look, and hosts that fetch a change, cost a git server
 * over HTTP on the loopback interface. All hosts are played: some by the runner's own code and git, and every one by what
 * git asked for the first of them, byte for byte, with the ref and the commits of each. Prints an object a measurement.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { initRepository } from '../../compiler/git/repository.ts';
import { fetchBundle } from '../../runner/host/fetch/fetch-bundle.ts';
import { pollRef } from '../../runner/host/fetch/poll-ref.ts';
import type { ServerStats } from './git-server.ts';
import { forAll, type PlayedHost, type Recording, replay } from './replay.ts';
import { hostNames, promoteAll } from './simulated-fleet.ts';
import { startServer } from './start-server.ts';

const { values } = parseArgs({
  options: { hosts: { type: 'string', default: '10000' }, real: { type: 'string', default: '50' } },
});
const hosts = hostNames(Number(values.hosts));
const real = hosts.slice(0, Number(values.real));
const INTERVAL = 60;
/** Hosts that are played at a time: the processor time of a request is the same for one or many. */
const AT_ONCE = 4;

const folder = mkdtempSync(join(tmpdir(), 'khp-bench-'));
const config = await initRepository(join(folder, 'served', 'config.git'));
const first = await promoteAll(config, { hosts, seq: 1, before: new Map() });
const server = await startServer(join(folder, 'served'));
const url = `${server.url}/config.git`;
const gitDirOf = (host: string): string => join(folder, 'hosts', `${host}.git`);

function print(kind: string, by: 'git' | 'replay', count: number, stats: ServerStats): void {
  const { requests, bytesIn, bytesOut, gitSeconds, ownSeconds } = stats;
  const cpu = gitSeconds + ownSeconds;
  const result = {
    kind,
    by,
    hosts: count,
    requests,
    megabytesIn: Number((bytesIn / 1e6).toFixed(2)),
    megabytesOut: Number((bytesOut / 1e6).toFixed(2)),
    bytesInEach: Math.round(bytesIn / count),
    bytesOutEach: Math.round(bytesOut / count),
    serverSeconds: Number(cpu.toFixed(1)),
    ofGit: Number(gitSeconds.toFixed(1)),
    millisecondsEach: Number(((cpu / count) * 1000).toFixed(1)),
    coresAtOneAnInterval: Number((cpu / INTERVAL).toFixed(2)),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** Has git do something for some hosts, and says what that cost; gives what it asked for the first. */
async function byGit(
  kind: string,
  { commits, act }: { commits: Commits; act: (host: string) => Promise<void> },
): Promise<Recording> {
  await server.stats();
  await act(real[0]!);
  const requests = await server.requests();
  for (const host of real.slice(1)) await act(host);
  // The question for the requests is none of the hosts'.
  print(kind, 'git', real.length, await server.stats());
  return { requests, of: commits(real[0]!) };
}

type Commits = (host: string) => PlayedHost;

async function byReplay(
  kind: string,
  {
    recording,
    commits,
    isGood,
  }: { recording: Recording; commits: Commits; isGood: (last: Buffer, host: PlayedHost) => boolean },
): Promise<void> {
  await server.stats();
  await forAll(hosts, AT_ONCE, async (name) => {
    const host = commits(name);
    const last = (await replay(server.url, recording, host)).at(-1)!;
    if (!isGood(last, host)) throw new Error(`${name}: the answer is not that of ${kind}`);
  });
  print(kind, 'replay', hosts.length, await server.stats());
}

async function fetchOf(host: string): Promise<void> {
  const { kind } = await fetchBundle({ gitDir: gitDirOf(host), url, host });
  if (kind !== 'bundle') throw new Error(`${host}: ${kind}`);
}

try {
  const before: Commits = (host) => ({ host, had: first.get(host)!, promoted: first.get(host)! });
  await byGit('first fetch', { commits: before, act: fetchOf });
  const look = await byGit('look', {
    commits: before,
    act: async (host) => {
      if (await pollRef({ gitDir: gitDirOf(host), url, host })) throw new Error(`${host}: something new`);
    },
  });
  await byReplay('look', {
    recording: look,
    commits: before,
    isGood: (last, { promoted }) => last.includes(promoted),
  });
  const second = await promoteAll(config, { hosts, seq: 2, before: first });
  const after: Commits = (host) => ({ host, had: first.get(host)!, promoted: second.get(host)! });
  const change = await byGit('change of one file', { commits: after, act: fetchOf });
  await byReplay('change of one file', {
    recording: change,
    commits: after,
    isGood: (last) => last.includes('PACK'),
  });
} finally {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}
