/**
 * `npm run bench:idle [-- --node PATH]`: what the daemon takes of a host on which nothing happens: memory, and processor
 * time with that of the git and of the runs that it starts. It is let run fast, and told for its usual pace: a poll a
 * minute, a full run every ten. PATH: the Node that runs the built file; without it the built executable is measured.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { initRepository } from '../../compiler/git/repository.ts';
import { keyOfSeed, publicKeyLine } from '../../compiler/git/ssh-key.ts';
import { FULL_EVERY } from '../../runner/host/daemon/schedule.ts';
import { startServer } from './start-server.ts';

const { values } = parseArgs({
  options: { node: { type: 'string' }, seconds: { type: 'string', default: '40' } },
});
const USUAL_INTERVAL = 60;

const folder = mkdtempSync(join(tmpdir(), 'khp-idle-'));
const root = join(folder, 'root');
const write = (path: string, text: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};

/**
 * Seconds of processor time of a process, and of its children that have ended; and memory in MB: all that it has mapped in,
 * now and at most, and what of that it shares with nobody.
 */
function usage(pid: number): { own: number; children: number; rss: number; peak: number; alone: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const maps = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const mb = (key: string, text = status): number =>
    Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(text)?.[1]) / 1024;
  return {
    own: (fields[11]! + fields[12]!) / 100,
    children: (fields[13]! + fields[14]!) / 100,
    rss: mb('VmRSS'),
    peak: mb('VmHWM'),
    alone: mb('Private_Dirty', maps),
  };
}

/** Seconds of processor time that a program takes with its children, on average of some runs. */
function cost(program: readonly string[], runs: number, env: NodeJS.ProcessEnv): number {
  const self = usage(process.pid);
  for (let run = 0; run < runs; run += 1) {
    const { status, stderr } = spawnSync(program[0]!, program.slice(1), { encoding: 'utf8', env });
    if (status !== 0) throw new Error(`${program.join(' ')}: ${stderr}`);
  }
  return (usage(process.pid).children - self.children) / runs;
}

try {
  const built = join(folder, 'dist');
  const build = spawnSync(process.execPath, [join(import.meta.dirname, '..', 'build.ts'), built]);
  if (build.status !== 0) throw new Error(String(build.stderr));
  await initRepository(join(folder, 'served', 'config.git'));
  const server = await startServer(join(folder, 'served'));
  write(
    'etc/khp/allowed_signers',
    `o namespaces="git" ${publicKeyLine(keyOfSeed(Buffer.alloc(32, 7), 'o'))}\n`,
  );
  write(
    'etc/khp/runner.yml',
    `repository: ${server.url}/config.git\nhost: dn1.example\ninterval: 1\npaths: [/etc/hadoop]\n`,
  );
  // A file that was just written at one go lies in the page cache in pieces of 2 MB, which are mapped as such; on a host it
  // was copied, or read from the disk.
  const copy = join(folder, 'khp-runner');
  await pipeline(createReadStream(join(built, 'khp-runner')), createWriteStream(copy, { mode: 0o755 }));
  const program = values.node ? [values.node, join(built, 'khp-runner.cjs')] : [copy];
  // As the unit file has it.
  const env = { ...process.env, NODE_OPTIONS: '--jitless --max-semi-space-size=1' };
  const child = spawn(program[0]!, [...program.slice(1), 'run', '--root', root], { stdio: 'ignore', env });
  // The first full run is over; from then on nothing but polls comes, one a second.
  await setTimeout(8000);
  const first = usage(child.pid!);
  await server.stats();
  await setTimeout(Number(values.seconds) * 1000);
  const last = usage(child.pid!);
  // A poll is two requests: what the server can do, and the ref.
  const polls = (await server.stats()).requests / 2;
  child.kill();
  const run = cost([...program, 'apply', '--root', root], 3, env);
  server.stop();
  const poll = (last.own + last.children - first.own - first.children) / polls;
  const share = poll / USUAL_INTERVAL + run / FULL_EVERY;
  process.stdout.write(
    `${JSON.stringify({
      program: values.node ? 'khp-runner.cjs' : 'khp-runner',
      node: spawnSync(values.node ?? process.execPath, ['--version'], { encoding: 'utf8' }).stdout.trim(),
      megabytes: Number(last.rss.toFixed(1)),
      megabytesAtMost: Number(last.peak.toFixed(1)),
      megabytesOfNoFile: Number(last.alone.toFixed(1)),
      polls,
      millisecondsAPoll: Number((poll * 1000).toFixed(1)),
      ofTheDaemonItself: Number((((last.own - first.own) / polls) * 1000).toFixed(1)),
      millisecondsARun: Number((run * 1000).toFixed(1)),
      percentOfACore: Number((share * 100).toFixed(3)),
    })}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
