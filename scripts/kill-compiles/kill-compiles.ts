import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../conformance/random.ts';
import type { SmallFleet } from './small-fleet.ts';

const KHP = join(import.meta.dirname, '..', '..', 'compiler', 'cli', 'khp.js');

export interface KillReport {
  kills: number;
  /** Kills after which the new commit was there. */
  published: number;
  /** Kills that left a lock of git's, which the next compile named, and which was removed as it said. */
  locks: number;
  /** What was wrong after a kill. */
  readonly problems: string[];
}

/**
 * Compiles one edit after the other and kills each compile at a random moment, git's processes with it or not. After each
 * kill the repository must be sound, refs/heads/bundles the old commit or the new one, whole and with its entry in the
 * audit, and the next compile well; and what git is to remove of all the kills has to go.
 */
export async function killCompiles(fleet: SmallFleet, kills: number, seed: number): Promise<KillReport> {
  const random = new Random(seed);
  const report: KillReport = { kills: 0, published: 0, locks: 0, problems: [] };
  let longest = await finish(fleet);
  for (let kill = 1; kill <= kills; kill++) {
    const old = fleet.git('rev-parse', 'bundles');
    const source = fleet.edit(`${seed} ${kill}`);
    if (random.oneIn(10)) rmSync(join(fleet.folder, '.git', 'khp'), { recursive: true, force: true });
    await killAfter(fleet, random.below(Math.ceil(longest * 1.2)), random.oneIn(2));
    report.kills++;
    const problem = (text: string) => report.problems.push(`kill ${kill}: ${text}`);
    const tip = fleet.git('rev-parse', 'bundles');
    if (tip !== old) {
      report.published++;
      if (fleet.git('rev-parse', 'bundles~1') !== old) problem('the tip does not follow the old one');
      if (!fleet.git('log', '-1', '--format=%B', 'bundles').includes(`Source: ${source}\n`))
        problem('the tip is of another source');
      if (lastAudited(fleet) !== tip) problem('the audit lacks the tip');
    }
    try {
      fleet.git('fsck', '--strict', '--no-dangling');
    } catch (error) {
      problem(`git fsck: ${(error as { stderr: string }).stderr}`);
    }
    try {
      const took = await finishPastLocks(fleet, report);
      // The machine may be busier than it was, or less; where the edit is published already, little was done.
      if (tip === old) longest = took;
    } catch (error) {
      problem((error as Error).message);
    }
    const value = fleet.git('show', 'bundles:u/c3/c3-h4/files/etc/app/a');
    if (value !== `${seed} ${kill} c3-h4`) problem(`the next compile gives ${value}`);
    if (lastAudited(fleet) !== fleet.git('rev-parse', 'bundles')) problem('the audit lacks the next compile');
  }
  report.problems.push(...remains(fleet));
  return report;
}

/** The commit of the bundles that the last entry of the audit is of. */
function lastAudited(fleet: SmallFleet): string | undefined {
  return (JSON.parse(fleet.git('show', 'audit:operation.json')) as { bundles?: string }).bundles;
}

/** What is left of all the kills, once git has removed what it takes for garbage. */
function remains(fleet: SmallFleet): string[] {
  fleet.git('prune', '--expire=now');
  const refs = fleet.git('for-each-ref', '--format=%(refname:short)').split('\n');
  const files = readdirSync(join(fleet.folder, '.git'), { recursive: true, encoding: 'utf8' });
  const odd = [
    ...refs.filter((ref) => !['audit', 'bundles', 'main'].includes(ref)),
    ...files.filter((file) => /(?:^|\/)tmp_|\.lock$/.test(file)),
  ];
  return odd.map((name) => `left in the repository: ${name}`);
}

/** Compiles to the end; where a killed git has left a lock, as an operator does who reads what is said. */
async function finishPastLocks(fleet: SmallFleet, report: KillReport): Promise<number> {
  try {
    return await finish(fleet);
  } catch (error) {
    const lock = /git update-ref: (.*\.lock) is there since/.exec((error as Error).message)?.[1];
    if (lock === undefined || !existsSync(lock)) throw error;
    rmSync(lock);
    report.locks += 1;
    return await finish(fleet);
  }
}

/** Compiles to the end, and gives the milliseconds. */
function finish({ folder }: SmallFleet): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [KHP, '-C', folder, 'compile', '--workers', '1'], { stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      said += text;
    });
  return new Promise((resolve, reject) => {
    child.on('close', (status) =>
      status === 0
        ? resolve(performance.now() - start)
        : reject(new Error(`khp compile ended with ${status}: ${said}`)),
    );
  });
}

async function killAfter({ folder }: SmallFleet, ms: number, withChildren: boolean): Promise<void> {
  const args = [KHP, '-C', folder, 'compile', '--workers', '1'];
  const child = spawn(process.execPath, args, { stdio: 'ignore', detached: true });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const timer = setTimeout(() => {
    try {
      process.kill(withChildren ? -child.pid! : child.pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }, ms);
  await ended;
  clearTimeout(timer);
}
