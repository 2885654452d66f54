import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, type Plugin } from 'esbuild';
import { nodeDisk } from '../../runner/host/apply/disk.ts';
import { thisMoment } from '../../runner/host/observe/moment.ts';
import type { Host } from '../../runner/host/run/run-once.ts';
import { readState } from '../../runner/host/state/store.ts';
import { advance } from './advance.ts';
import { makeScenario, recoverHost, scenarioHost } from './crash-scenario.ts';
import type { CrashCounts } from './every-operation.ts';
import { findFaults } from './find-faults.ts';
import type { Random } from './memory-disk.ts';
import { isRestartLost, type SimulatedService, startService } from './simulated-service.ts';
import { Stopped, stoppedDisk } from './stopped-disk.ts';
import { supervisedStart } from './supervised-start.ts';

/** Real processes that are killed with SIGKILL. */
export interface RandomKills {
  readonly kills: number;
  /** Whether they are killed while they go on from promotion to promotion, or while they recover. */
  readonly during: 'apply' | 'recover';
  readonly random: Random;
  /** Called after each kill. */
  readonly progress?: () => void;
}

/** Processes at once. */
const LANES = 2;

/** Kills after which a host is made anew: it grows with every promotion. */
const LIFETIME = 25;

/** Milliseconds within which a process is killed after it is ready: some promotions, or most of a slowed recovery. */
const SPAN = { apply: 25, recover: 150 };

/** Kills processes at random moments, and looks at what they leave behind. */
export async function randomKills(run: RandomKills, counts: CrashCounts): Promise<void> {
  // Nothing is proven by a slow disk here: a killed process loses no page of the kernel's.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'khp-crash-'));
  try {
    const program = join(folder, 'kill-child.cjs');
    await buildProgram(program);
    const left = { kills: run.kills };
    await Promise.all(
      Array.from({ length: LANES }, (_, lane) => killInLane({ ...run, program, folder, lane, left }, counts)),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The program to kill, in one file that starts fast: thousands are started. */
async function buildProgram(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'kill-child.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    plugins: [WITHOUT_UNUSED],
  });
}

/** No promotion here has a secret, and no settings are read: what opens and reads those takes half of the start. */
const WITHOUT_UNUSED: Plugin = {
  name: 'without-unused',
  setup: ({ onResolve, onLoad }) => {
    const filter = /^(?:age-encryption|@noble\/.*|@scure\/.*|yaml)$/;
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'unused' }));
    onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};

interface Lane extends RandomKills {
  readonly program: string;
  readonly folder: string;
  readonly lane: number;
  /** Of all lanes together. */
  readonly left: { kills: number };
}

async function killInLane(lane: Lane, counts: CrashCounts): Promise<void> {
  for (let life = 0; lane.left.kills > 0; life += 1) {
    const root = join(lane.folder, `${lane.lane}-${life}`);
    mkdirSync(root);
    const host = scenarioHost(nodeDisk, root, thisMoment);
    makeScenario(host);
    await advance(host);
    let services = [startService(host)];
    for (let kill = 0; kill < LIFETIME && lane.left.kills > 0; kill += 1) {
      services = await killOnce(host, { ...lane, services }, counts);
    }
    rmSync(root, { recursive: true });
  }
}

/** Kills one process; gives what runs on the host afterwards. */
async function killOnce(
  host: Host,
  { program, during, random, services, left, progress }: Lane & { services: readonly SimulatedService[] },
  counts: CrashCounts,
): Promise<SimulatedService[]> {
  if (during === 'recover') await interrupt(host, random);
  const before = readState(host.engine.rooted).active?.record.generation ?? 0;
  const { said, failure } = await startAndKill(program, [host.layout.root, during], random() * SPAN[during]);
  const isInside = during === 'apply' ? said.includes('ready') : !said.includes('recovered');
  if (!isInside && failure === '') return [...services];
  if (left.kills <= 0) return [...services];
  left.kills -= 1;
  counts.kills += 1;
  progress?.();
  const told = (what: string): void => {
    if (counts.examples.length < 10) counts.examples.push(`killed at random (${said.at(-1)}): ${what}`);
  };
  const acknowledged = said.flatMap((line) => /^\+\d+ (\d+)$/.exec(line)?.[1] ?? []).map(Number);
  try {
    if (failure !== '') throw new Error(failure);
    const { fault } = await supervisedStart(host);
    if (fault !== undefined) throw new Error(fault);
    recoverHost(host);
    const faults = findFaults(host);
    if (faults.length > 0) throw new Error(faults.join('; '));
  } catch (error) {
    counts.mixed += 1;
    told((error as Error).message);
  }
  const reached = readState(host.engine.rooted).active?.record.generation ?? 0;
  if (reached < Math.max(before, ...acknowledged)) {
    counts.lost += 1;
    told(`generation ${Math.max(before, ...acknowledged)} was acknowledged, and ${reached} is active`);
  }
  for (const service of services.filter((each) => isRestartLost(host, each))) {
    counts.restartsLost += 1;
    told(`a service of ${service.started.ticks} is not in debt`);
  }
  // An old one that nobody restarted, and a new one.
  return [services[0]!, startService(host)];
}

/** Leaves an act behind that was stopped in the midst. */
async function interrupt(host: Host, random: Random): Promise<void> {
  const { disk, root } = host.engine.rooted;
  do {
    recoverHost(host);
    // Most operations are those of staging: the middle of the act, where it is decided, is as likely as all before it.
    const at = 1 + Math.floor(random() * 160);
    try {
      await advance(scenarioHost(stoppedDisk(disk, at), root, thisMoment));
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
  } while (!readState(host.engine.rooted).journal);
}

/** What a process said until it was killed, some milliseconds after it was ready; and its failure, where it ended itself. */
async function startAndKill(
  program: string,
  args: readonly string[],
  delay: number,
): Promise<{ said: string[]; failure: string }> {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(program, '..', 'cache') },
  });
  let stdout = '';
  let stderr = '';
  const ready = new Promise<void>((done) => {
    child.stdout!.on('data', (chunk) => {
      stdout += chunk;
      done();
    });
    child.stdout!.on('end', done);
  });
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
  });
  const closed = new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  await ready;
  await sleep(delay);
  child.kill('SIGKILL');
  const exit = await closed;
  const failure = exit === null || exit === 0 ? '' : stderr.trim().slice(-500) || `exit code ${exit}`;
  return { said: stdout.split('\n').filter((line) => line !== ''), failure };
}
