import { readFileSync } from 'node:fs';
import { succeed } from './fleet.ts';
import type { Lab } from './lab.ts';
import { MASTER } from './workspace.ts';

/** A file of HDFS, and the digest of what it holds. */
export interface StoredFile {
  readonly path: string;
  readonly sha256: string;
}

const CLIENT = {
  user: 'hdfs',
  // A client lives for a second or two: what its JVM would prepare for a longer life is for nothing.
  env: {
    HADOOP_CONF_DIR: '/etc/hadoop/conf',
    HADOOP_CLIENT_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
  },
};
const HDFS = '/opt/hadoop/bin/hdfs';

/** Runs a command of HDFS as its superuser. */
export function hdfs(lab: Lab, host: string, ...args: string[]): Promise<string> {
  return succeed(lab.on(host, [HDFS, ...args], CLIENT));
}

/** Writes random bytes, of more than one block, to HDFS. */
export async function store(lab: Lab, host: string, path: string): Promise<StoredFile> {
  const script = `head -c 3000000 /dev/urandom >/tmp/stored && sha256sum </tmp/stored && ${HDFS} dfs -put /tmp/stored ${path}`;
  return { path, sha256: digestOf(await succeed(lab.on(host, ['bash', '-ec', script], CLIENT))) };
}

/** Whether the file can be read from HDFS, whole. */
export async function isReadable(lab: Lab, host: string, { path, sha256 }: StoredFile): Promise<boolean> {
  const script = `set -o pipefail; ${HDFS} dfs -cat ${path} | sha256sum`;
  const { status, stdout } = await lab.on(host, ['bash', '-c', script], CLIENT);
  return status === 0 && digestOf(stdout) === sha256;
}

function digestOf(text: string): string {
  return text.slice(0, 64);
}

/** Reads the file again and again while `work` runs; gives how often it could be read, and how often not. */
export async function readThroughout(
  lab: Lab,
  file: StoredFile,
  work: () => Promise<unknown>,
): Promise<{ read: number; failed: number }> {
  const counts = { read: 0, failed: 0 };
  let isOver = false;
  const reading = (async () => {
    while (!isOver) counts[(await isReadable(lab, MASTER, file)) ? 'read' : 'failed'] += 1;
  })();
  try {
    await work();
  } finally {
    isOver = true;
    await reading;
  }
  return counts;
}

/** An attribute that a daemon tells of itself at its `/jmx` page. */
export async function jmx(lab: Lab, url: string, attribute: string): Promise<unknown> {
  const script = `fetch(${JSON.stringify(url)}).then((page) => page.text()).then(console.log)`;
  const page = JSON.parse(await succeed(lab.on(MASTER, [process.execPath, '-e', script]))) as {
    beans: Record<string, unknown>[];
  };
  return page.beans.find((bean) => attribute in bean)?.[attribute];
}

/** What a member of the quorum says it is: leader or follower. */
export async function quorumMode(lab: Lab, host: string): Promise<string | undefined> {
  const script = `const socket = require('node:net').connect(2181, ${JSON.stringify(host)}, () => socket.end('srvr'));
    socket.pipe(process.stdout);`;
  return /^Mode: (.*)$/m.exec(await succeed(lab.on(host, [process.execPath, '-e', script])))?.[1];
}

/** A time without service, in milliseconds since the epoch. */
export interface Outage {
  readonly from: number;
  readonly to: number;
}

/** When a datanode was away, by its own log: from the order to stop until the namenode had registered it again. */
export function outages(lab: Lab, host: string): Outage[] {
  const log = readFileSync(lab.path(host, '/var/log/hadoop/hadoop-datanode.log'), 'utf8');
  const found: Outage[] = [];
  let from: number | undefined;
  for (const line of log.split('\n')) {
    const at = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}/.exec(line)?.[0];
    if (at === undefined) continue;
    if (/RECEIVED SIGNAL/.test(line)) from ??= timeOf(at);
    else if (from !== undefined && /successfully registered with NN/.test(line)) {
      found.push({ from, to: timeOf(at) });
      from = undefined;
    }
  }
  return found;
}

function timeOf(text: string): number {
  return Date.parse(text.replace(' ', 'T').replace(',', '.'));
}

/** The ends of all logs of a host, for whoever reads why a test failed. */
export async function lastWords(lab: Lab, host: string): Promise<string> {
  const script = `cd /var/log && for log in supervisor/*.log hadoop/*.log zookeeper/*.log; do
    [ -f "$log" ] && echo "== ${host} $log" && tail -n 25 "$log"; done; supervisorctl status; ls -l /opt`;
  return (await lab.on(host, ['sh', '-c', script])).stdout;
}
