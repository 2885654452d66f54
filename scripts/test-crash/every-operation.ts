import type { Disk } from '../../runner/host/apply/disk.ts';
import type { RootedDisk } from '../../runner/host/apply/folders.ts';
import type { Host } from '../../runner/host/run/run-once.ts';
import { readState } from '../../runner/host/state/store.ts';
import {
  applyPromotion,
  editBefore,
  editByHand,
  makeScenario,
  recoverHost,
  rollBackPromotion,
  scenarioHost,
} from './crash-scenario.ts';
import { findFaults } from './find-faults.ts';
import { type MemoryDisk, memoryDisk, type Random } from './memory-disk.ts';
import { isRestartLost, type SimulatedService, startService } from './simulated-service.ts';
import { Stopped, stoppedDisk, watchedDisk } from './stopped-disk.ts';
import { supervisedStart } from './supervised-start.ts';

/** What a harness counted. */
export interface CrashCounts {
  kills: number;
  /** States that were not wholly one promotion's. */
  mixed: number;
  /** Promotions that were acknowledged, and gone. */
  lost: number;
  /** Services that run on something old without being in debt. */
  restartsLost: number;
  /** The first of what was wrong, for a person. */
  readonly examples: string[];
}

/** A bug that is put into the engine, to see whether it is found. */
export interface PlantedBug {
  readonly name: string;
  /** Between the engine and the disk. */
  readonly disk?: (disk: Disk) => Disk;
  readonly recover?: (host: Host) => void;
  /** Whether a supervisor starts services on a disk. */
  readonly isOpen?: (rooted: RootedDisk) => Promise<boolean>;
  /** What the clock says, where a true clock would say `now`. */
  readonly moment?: (now: () => number) => () => number;
}

/** How a run over every operation goes. */
export interface EveryOperation {
  /**
   * What is stopped: a process, or the machine with all that its disk had not synced. `nothing`: the act goes on to its
   * end, and a daemon is started in the midst. At each stop a supervisor starts its services before there is a runner.
   */
  readonly stop: 'process' | 'power' | 'nothing';
  readonly act: 'apply' | 'rollback';
  readonly random: Random;
  /** Recovery is stopped too, before its every n-th operation; never where not said. */
  readonly recoveryStep?: number;
  /** Only every n-th operation; each where not said. */
  readonly step?: number;
  /** Another outcome is tried these many times at each operation; once where not said. */
  readonly repeat?: number;
  readonly bug?: PlantedBug;
}

export function noCounts(): CrashCounts {
  return { kills: 0, mixed: 0, lost: 0, restartsLost: 0, examples: [] };
}

/** Promotions that the host applied before the one that is stopped. */
const BEFORE = 5;

/** Stops an apply or a rollback before every single operation, and looks at what recovery makes of it. */
export async function everyOperation(run: EveryOperation, counts: CrashCounts): Promise<void> {
  const base = await preparedDisk(run.act);
  let total = 0;
  const counting = machine(
    watchedDisk(base.copy(), (number) => (total = number)),
    {},
  );
  await act(counting, run);
  for (let at = 1; at <= total + 1; at = at <= total ? Math.min(at + (run.step ?? 1), total + 1) : at + 1) {
    for (let again = 0; again < (run.repeat ?? 1); again += 1) {
      await stopAt(base.copy(), { ...run, at, isDone: at > total || run.stop === 'nothing' }, counts);
      // One is enough to know that a planted bug is found.
      if (run.bug && counts.examples.length > 0) return;
    }
  }
}

async function preparedDisk(act: EveryOperation['act']): Promise<MemoryDisk> {
  const disk = memoryDisk();
  const host = machine(disk, {});
  makeScenario(host);
  for (let seq = 1; seq <= BEFORE; seq += 1) {
    edit(host, seq);
    await applyPromotion(host, seq);
  }
  if (act === 'apply') edit(host, BEFORE + 1);
  return disk.copy();
}

function edit({ engine: { rooted } }: Host, seq: number): void {
  const text = editBefore(seq);
  if (text !== undefined) editByHand(rooted, text);
}

interface Machine {
  readonly boot?: string;
  readonly bug?: PlantedBug | undefined;
  readonly clock?: { ticks: number };
}

/** A host on a disk. Its clock goes on by one each time that it is asked. */
function machine(disk: Disk, { boot = 'first', bug, clock = { ticks: 0 } }: Machine): Host {
  const tick = (): number => (clock.ticks += 1);
  const ticks = bug?.moment ? bug.moment(tick) : tick;
  return scenarioHost(bug?.disk ? bug.disk(disk) : disk, '/', () => ({ boot, ticks: ticks() }));
}

async function act(host: Host, { act: what }: Pick<EveryOperation, 'act'>): Promise<void> {
  const done = what === 'apply' ? await applyPromotion(host, BEFORE + 1) : await rollBackPromotion(host);
  if (!done.ok) throw new Error(done.message);
}

interface Stop extends EveryOperation {
  readonly at: number;
  /** Whether the act ends before it is stopped. */
  readonly isDone: boolean;
}

async function stopAt(disk: MemoryDisk, stop: Stop, counts: CrashCounts): Promise<void> {
  const { at, bug, random, isDone } = stop;
  const clock = { ticks: 0 };
  const services = [startService(machine(disk, { clock }))];
  // Whatever starts daemons may start one in the midst of a swap.
  const startAnother = (): void => void services.push(startService(machine(disk, { clock })));
  let between: MemoryDisk | undefined;
  const inTheMidst = (): void => {
    startAnother();
    between = disk.copy();
  };
  const watched =
    stop.stop === 'nothing'
      ? watchedDisk(disk, (number) => number === at && inTheMidst())
      : stoppedDisk(disk, at);
  await ending(() => act(machine(watched, { bug, clock }), stop));
  counts.kills += stop.stop === 'nothing' ? 0 : 1;
  if (stop.stop === 'process') startAnother();
  if (stop.stop === 'power') services.length = 0;
  let left = stop.stop === 'power' ? disk.cutPower(random) : disk.reopen();
  const boot = stop.stop === 'power' ? 'second' : 'first';
  const restarted = { boot, bug, clock };
  const recover = bug?.recover ?? recoverHost;
  const superviseOn = async (seen: MemoryDisk): Promise<void> => {
    const host = machine(seen, { boot, clock });
    const { begins, fault } = await supervisedStart(host, bug?.isOpen);
    if (begins && !between) services.push(startService(host));
    if (fault === undefined) return;
    counts.mixed += 1;
    tellOf(stop, counts, fault);
  };
  await superviseOn(between ?? left);
  if (stop.recoveryStep !== undefined) {
    for (let inner = 1; ; inner += stop.recoveryStep) {
      const done = await ending(async () => recover(machine(stoppedDisk(left, inner), restarted)));
      if (done) break;
      counts.kills += 1;
      if (stop.stop === 'power') services.length = 0;
      left = stop.stop === 'power' ? left.cutPower(random) : left.reopen();
      await superviseOn(left);
    }
  }
  await judge(left, { ...restarted, recover, services, isDone, stop }, counts);
}

/** Whether something came to its end, and was not stopped. */
async function ending(what: () => Promise<void>): Promise<boolean> {
  try {
    await what();
    return true;
  } catch (error) {
    if (error instanceof Stopped) return false;
    throw error;
  }
}

function tellOf({ act: name, at, stop: how }: Stop, { examples }: CrashCounts, what: string): void {
  if (examples.length < 10) examples.push(`${name}, ${how} stopped before operation ${at}: ${what}`);
}

interface Judgement extends Machine {
  readonly recover: (host: Host) => void;
  readonly services: readonly SimulatedService[];
  readonly isDone: boolean;
  readonly stop: Stop;
}

async function judge(disk: MemoryDisk, judgement: Judgement, counts: CrashCounts): Promise<void> {
  const { recover, services, isDone, stop } = judgement;
  const told = (what: string): void => tellOf(stop, counts, what);
  const sound = machine(disk, { ...judgement, bug: undefined });
  try {
    recover(machine(disk, judgement));
    const faults = findFaults(sound);
    if (faults.length > 0) {
      counts.mixed += 1;
      told(faults.join('; '));
    }
    const { fault } = await supervisedStart(sound, judgement.bug?.isOpen);
    if (fault !== undefined) {
      counts.mixed += 1;
      told(`after recovery ${fault}`);
    }
    for (const service of services.filter((each) => isRestartLost(sound, each))) {
      counts.restartsLost += 1;
      told(`a service of ${service.started.ticks} is not in debt`);
    }
    if (isDone && !isActive(sound, stop.act)) {
      counts.lost += 1;
      told('it was acknowledged, and is gone');
    }
    if (stop.bug) return;
    // The next one goes on from there.
    if (stop.act === 'rollback') edit(sound, BEFORE + 1);
    await applyPromotion(sound, BEFORE + 1);
    const later = findFaults(sound);
    if (faults.length === 0 && later.length > 0) {
      counts.mixed += 1;
      told(`with the next promotion: ${later.join('; ')}`);
    }
  } catch (error) {
    counts.mixed += 1;
    told((error as Error).message);
  }
}

function isActive({ engine }: Host, what: EveryOperation['act']): boolean {
  const { active, watermark } = readState(engine.rooted);
  if (what === 'rollback') return active?.record.rolled_back === BEFORE;
  return active?.record.seq === BEFORE + 1 && watermark?.seq === BEFORE + 1;
}
