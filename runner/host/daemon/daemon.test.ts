import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { nodeDisk } from '../apply/disk.ts';
import { JOURNAL_PATH, layoutOf } from '../config/layout.ts';
import { readSettings } from '../config/read-config.ts';
import { hostOf, runOnce } from '../run/run-once.ts';
import { RUNNER_SOURCE, sampleFleet } from '../sample-fleet.ts';
import { makeState } from '../state/store.ts';
import { runDaemon } from './daemon.ts';
import { areAlive, servicesIn } from './live-services.ts';

const CORE = '/etc/hadoop/conf/core-site.xml';
const HOST = { host: 'dn1.example', interval: 60 };

interface Played {
  /** Exit codes of runs; 0 where not said. */
  readonly exits?: readonly number[];
  /** Seconds by which the clock is set while it waits for the second time. */
  readonly set?: number;
  /** Runs until all services are well, and until an apply is finished. */
  readonly unsettled?: number;
  readonly interrupted?: number;
}

/** A daemon in a world of its own, whose polls are answered in turn; gives what it did. */
async function played(
  answers: readonly (boolean | Error)[],
  { exits = [], set = 0, unsettled = 0, interrupted = 0 }: Played = {},
) {
  let elapsed = 0;
  const log: string[] = [];
  const waits: number[] = [];
  const ranAt: number[] = [];
  let polls = 0;
  let runs = 0;
  await runDaemon(
    {
      now: () => 1_700_000_000 + elapsed + (waits.length > 1 ? set : 0),
      elapsed: () => elapsed,
      sleep: async (seconds) => {
        waits.push(seconds);
        elapsed += seconds;
      },
      poll: async () => {
        const answer = answers[polls++];
        if (answer instanceof Error) throw answer;
        return answer === true;
      },
      run: async () => {
        log.push(`run ${polls}`);
        ranAt.push(elapsed);
        return exits[runs++] ?? 0;
      },
      services: () => ({ processes: [], isUnsettled: runs > 0 && runs < unsettled }),
      isInterrupted: () => runs < interrupted,
      tell: (line) => log.push(line),
      isEnding: () => polls === answers.length,
    },
    HOST,
  );
  return { log, waits, ranAt };
}

test('runs at first, then where something else is promoted, or ten minutes are over', async () => {
  const quiet = new Array<boolean>(14).fill(false);
  const { log, waits } = await played([...quiet, true, false, false]);
  expect(log).toEqual(['run 1', 'run 11', 'run 15']);
  expect(waits.slice(1).every((wait) => Math.abs(wait - 60) < 0.01)).toBe(true);
});

test.each([-86_400, 86_400])(
  'a clock that is set by %s s neither keeps runs away nor brings them',
  async (set) => {
    const { log } = await played(new Array<boolean>(22).fill(false), { set });
    expect(log).toEqual(['run 1', 'run 11', 'run 21']);
    const { ranAt } = await played([false, false], { set, interrupted: 3, exits: [1, 1] });
    expect(ranAt.slice(0, 3).map((at) => at - ranAt[0]!)).toEqual([0, 5, 15]);
  },
);

test('a repository that is away is told once, and looked for less and less', async () => {
  const away = new Error('git ls-remote: no route');
  const { log, waits } = await played([true, away, away, away, away, away, false, false]);
  expect(log.filter((line) => !line.startsWith('run'))).toEqual([
    'the config repository cannot be reached: git ls-remote: no route',
    'the config repository can be reached again',
  ]);
  expect(Math.max(...waits)).toBeGreaterThan(240);
});

test('a run that ended in a problem is tried again, but not with every poll', async () => {
  const { log } = await played(new Array<boolean>(16).fill(false), { exits: [1, 1, 1, 1] });
  expect(log).toEqual(['run 1', 'run 3', 'run 7', 'run 15']);
});

test('while a service is not well it looks again soon, then less and less, to a bound', async () => {
  const { ranAt } = await played(new Array<boolean>(90).fill(false), { unsettled: 11 });
  const gaps = ranAt.slice(1).map((at, index) => Math.round(at - ranAt[index]!));
  expect(gaps.slice(0, 10)).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600, 600]);
  // Well again, it goes back to its turns.
  expect(gaps[10]).toBeGreaterThan(500);
});

test('an interrupted apply is finished before anything else, and tried again where that fails', async () => {
  const { log, waits } = await played([false, false], { interrupted: 3, exits: [1, 1] });
  expect(log.slice(0, 3)).toEqual(['run 0', 'run 0', 'run 0']);
  expect(waits.slice(0, 2)).toEqual([5, 10]);
});

test.each([
  ['running', 'healthy', false],
  ['running', 'unknown', false],
  ['stopped', 'unknown', false],
  ['failed', 'unknown', false],
  ['starting', 'unknown', true],
  ['stopping', 'unknown', true],
  ['running', 'unhealthy', true],
])('a service that is %s and %s is unsettled: %s', (state, health, isUnsettled) => {
  const services = [{ pid: null, start: null, state, health }];
  expect(servicesIn(JSON.stringify({ services }), 'x').isUnsettled).toBe(isUnsettled);
});

test('services are known by pid and start', () => {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const boot = 'x';
  const report = (pid: number, start: number) =>
    JSON.stringify({
      services: [
        { pid, start: { boot, ticks: start } },
        { pid: null, start: null },
      ],
    });
  expect(areAlive(servicesIn(report(process.pid, ticks), boot).processes)).toBe(true);
  expect(areAlive(servicesIn(report(process.pid, ticks + 1), boot).processes)).toBe(false);
  expect(areAlive(servicesIn(report(2 ** 30, ticks), boot).processes)).toBe(false);
  expect(servicesIn(report(process.pid, ticks), 'y').processes).toEqual([]);
  expect(servicesIn('{', boot)).toEqual({ processes: [], isUnsettled: false });
});

test('the daemon applies what is promoted while it waits, writes metrics, and ends well on SIGTERM', async () => {
  const fleet = await sampleFleet('interval: 1\nmetrics: /etc/khp/khp.prom\n');
  await fleet.promote({ files: { [CORE]: 'one\n' } });
  const child = spawn(process.execPath, [RUNNER_SOURCE, 'run', '--root', fleet.root], { stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const until = async (text: string): Promise<void> => {
    for (let tries = 0; tries < 500 && read(join(fleet.root, CORE)) !== text; tries += 1)
      await setTimeout(100);
    expect(read(join(fleet.root, CORE))).toBe(text);
  };
  await until('one\n');
  await fleet.promote({ files: { [CORE]: 'two\n' }, promotion: { seq: 2 } });
  await until('two\n');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(output).toContain(`dn1.example: applied (generation 2, seq 2`);
  // The run that was under way came to its end before the daemon did.
  const metrics = read(join(fleet.root, '/etc/khp/khp.prom'))!;
  expect(metrics).toContain('khp_runner_run_result{result="failed"} 0\n');
  expect(metrics).toContain('khp_runner_run_exit_code 0\n');
  expect(metrics).toContain('khp_runner_active_seq 2\n');
  renameSync(fleet.config.gitDir, `${fleet.config.gitDir}.away`);
  expect((await fleet.command('apply')).exit).toBe(1);
  const after = read(join(fleet.root, '/etc/khp/khp.prom'))!;
  expect(after).toContain('khp_runner_run_result{result="failed"} 1\n');
  expect(after).toContain('khp_runner_run_exit_code 1\n');
  const report = await fleet.report();
  expect(report).toMatchObject({ result: 'failed', seq: 3, boot: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test('the daemon finishes at once what was interrupted, without the repository', async () => {
  // Its turn may be an hour away.
  const fleet = await sampleFleet('interval: 1h\n');
  await fleet.promote({ files: { [CORE]: 'one\n' } });
  const settings = readSettings(layoutOf(fleet.root), undefined);
  if (!settings.ok) throw new Error(settings.problems.join());
  const { engine, ...rest } = hostOf(layoutOf(fleet.root), settings.settings);
  makeState(engine.rooted);
  const rename: typeof nodeDisk.rename = (folder, from, to) => {
    if (to === 'core-site.xml') throw new Error('killed');
    nodeDisk.rename(folder, from, to);
  };
  const cut = { ...engine, rooted: { ...engine.rooted, disk: { ...nodeDisk, rename } } };
  await expect(runOnce({ ...rest, engine: cut }, Date.now)).rejects.toThrow('killed');
  expect(read(join(fleet.root, CORE))).toBeUndefined();
  renameSync(fleet.config.gitDir, `${fleet.config.gitDir}.away`);
  const child = spawn(process.execPath, [RUNNER_SOURCE, 'run', '--root', fleet.root], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await expect.poll(() => read(join(fleet.root, CORE)), { timeout: 60_000 }).toBe('one\n');
  child.kill('SIGTERM');
  await ended;
  expect(existsSync(join(fleet.root, JOURNAL_PATH))).toBe(false);
});

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
