/**
 * `npm run bench:poll [-- --hosts 10000 --polls 200]`: what hosts that look, and hosts that fetch a change, cost a git
 * server over HTTP on the loopback interface. The repository has the refs of all hosts; of the hosts, so many are played
 * by the runner's own code and git, one after the other. Prints one object a kind, for one poll and for the whole fleet.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { initRepository } from '../../compiler/git/repository.ts';
import { fetchBundle } from '../../runner/host/fetch/fetch-bundle.ts';
import { pollRef } from '../../runner/host/fetch/poll-ref.ts';
import type { ServerStats } from './git-server.ts';
import { hostNames, promoteAll } from './simulated-fleet.ts';
import { startServer } from './start-server.ts';

const { values } = parseArgs({
  options: { hosts: { type: 'string', default: '10000' }, polls: { type: 'string', default: '200' } },
});
const hosts = hostNames(Number(values.hosts));
const step = Math.max(1, Math.floor(hosts.length / Number(values.polls)));
const played = hosts.filter((_, index) => index % step === 0).slice(0, Number(values.polls));
const INTERVAL = 60;

const folder = mkdtempSync(join(tmpdir(), 'khp-bench-'));
const config = await initRepository(join(folder, 'served', 'config.git'));
const first = await promoteAll(config, { hosts, seq: 1, before: new Map() });
const server = await startServer(join(folder, 'served'));
const url = `${server.url}/config.git`;

/** Does something for each of the played hosts, and says what that cost the server. */
async function measure(kind: string, act: (host: string) => Promise<void>): Promise<void> {
  await server.stats();
  for (const host of played) await act(host);
  print(kind, await server.stats());
}

function print(kind: string, { requests, bytesIn, bytesOut, gitSeconds, ownSeconds }: ServerStats): void {
  const each = (total: number): number => total / played.length;
  const all = (total: number): number => each(total) * hosts.length;
  const cpu = gitSeconds + ownSeconds;
  const result = {
    kind,
    played: played.length,
    requestsEach: each(requests),
    bytesInEach: Math.round(each(bytesIn)),
    bytesOutEach: Math.round(each(bytesOut)),
    serverMillisecondsEach: Number((each(cpu) * 1000).toFixed(1)),
    ofGit: Number((each(gitSeconds) * 1000).toFixed(1)),
    hosts: hosts.length,
    megabytesAll: Number((all(bytesIn + bytesOut) / 1e6).toFixed(1)),
    serverSecondsAll: Number(all(cpu).toFixed(1)),
    coresAtOneAnInterval: Number((all(cpu) / INTERVAL).toFixed(2)),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

const gitDirOf = (host: string): string => join(folder, 'hosts', `${host}.git`);

async function fetchOf(host: string): Promise<void> {
  const { kind } = await fetchBundle({ gitDir: gitDirOf(host), url, host });
  if (kind !== 'bundle') throw new Error(`${host}: ${kind}`);
}

try {
  await measure('first fetch', fetchOf);
  await measure('idle poll', async (host) => {
    if (await pollRef({ gitDir: gitDirOf(host), url, host })) throw new Error(`${host}: something new`);
  });
  await promoteAll(config, { hosts, seq: 2, before: first });
  await measure('change of one file', fetchOf);
  await measure('full run without a change', fetchOf);
} finally {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}
