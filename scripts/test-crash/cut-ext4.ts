import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeDisk } from '../../runner/host/apply/disk.ts';
import { thisMoment } from '../../runner/host/observe/moment.ts';
import { readState } from '../../runner/host/state/store.ts';
import { advance } from './advance.ts';
import { makeScenario, recoverHost, scenarioHost } from './crash-scenario.ts';
import type { CrashCounts, PlantedBug } from './every-operation.ts';
import { findFaults } from './find-faults.ts';
import type { Random } from './memory-disk.ts';
import { Stopped, watchedDisk } from './stopped-disk.ts';
import { supervisedStart } from './supervised-start.ts';

/** Power cuts on a real ext4. */
export interface Ext4Cuts {
  readonly cuts: number;
  readonly random: Random;
  readonly bug?: PlantedBug;
}

/** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: from now on nothing reaches the image, the journal neither. */
const SHUT_DOWN = `
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))
`;

/**
 * Shuts an ext4 down, in a file that is mounted by a loop device, before some operation of the runner; mounts it again, as
 * after a power cut, and looks at what a supervisor would start, and at what recovery makes of it. Gives why it cannot
 * be done here, or undefined.
 */
export async function cutExt4(run: Ext4Cuts, counts: CrashCounts): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'khp-ext4-'));
  const place = { image: join(folder, 'image'), root: join(folder, 'root') };
  mkdirSync(place.root);
  try {
    const obstacle = await makeTemplate(`${place.image}.new`, place.root);
    if (obstacle !== undefined) return obstacle;
    for (let cut = 0; cut < run.cuts; cut += 1) {
      copyImage(`${place.image}.new`, place.image);
      await cutOnce(place, run, counts);
      if (run.bug && counts.examples.length > 0) return undefined;
    }
    return undefined;
  } finally {
    unmount(place.root);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Mount {
  readonly image: string;
  readonly root: string;
}

function mount({ image, root }: Mount): boolean {
  return spawnSync('mount', ['-o', 'loop', image, root]).status === 0;
}

/** Whatever still has something open there, though a stopped engine has not, must not keep the next one out. */
function unmount(root: string): void {
  if (spawnSync('umount', [root]).status !== 0) spawnSync('umount', ['-l', root]);
}

function copyImage(from: string, to: string): void {
  rmSync(to, { force: true });
  cpSync(from, to);
}

function shutDown(root: string): boolean {
  return spawnSync('python3', ['-c', SHUT_DOWN, root]).status === 0;
}

/** An image with a host of some promotions on it. */
async function makeTemplate(image: string, root: string): Promise<string | undefined> {
  if (spawnSync('truncate', ['-s', '8M', image]).status !== 0) return 'there is no truncate here';
  if (spawnSync('mkfs.ext4', ['-q', '-F', image]).status !== 0) return 'there is no mkfs.ext4 here';
  if (!mount({ image, root })) return 'an image cannot be mounted here';
  const canShutDown = shutDown(root);
  unmount(root);
  if (!canShutDown) return 'this kernel does not shut an ext4 down, or there is no python3 to ask for it';
  mount({ image, root });
  const host = scenarioHost(nodeDisk, root, thisMoment);
  makeScenario(host);
  for (let seq = 1; seq <= 4; seq += 1) await advance(host);
  unmount(root);
  return undefined;
}

async function cutOnce(place: Mount, { random, bug }: Ext4Cuts, counts: CrashCounts): Promise<void> {
  const { root } = place;
  if (!mount(place)) throw new Error('the image cannot be mounted');
  const at = 1 + Math.floor(random() * 400);
  const watched = watchedDisk(nodeDisk, (number) => {
    if (number < at) return;
    if (number === at && !shutDown(root)) throw new Error('the file system was not shut down');
    throw new Stopped();
  });
  const host = scenarioHost(bug?.disk ? bug.disk(watched) : watched, root, thisMoment);
  let acknowledged = 0;
  try {
    for (;;) {
      await advance(host);
      acknowledged = readState({ disk: nodeDisk, root }).active?.record.generation ?? 0;
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  unmount(root);
  // A file of its own: what somebody else still has mounted of the other (a namespace that was made meanwhile) stays cut.
  const left = { root, image: `${place.image}.left` };
  copyImage(place.image, left.image);
  if (!mount(left)) throw new Error('the image cannot be mounted after the cut');
  counts.kills += 1;
  try {
    const after = scenarioHost(nodeDisk, root, thisMoment);
    const { fault } = await supervisedStart(after, bug?.isOpen);
    if (fault !== undefined) throw new Error(fault);
    recoverHost(after);
    const faults = findFaults(after);
    if (faults.length > 0) throw new Error(faults.join('; '));
    const reached = readState(after.engine.rooted).active?.record.generation ?? 0;
    if (reached < acknowledged) {
      counts.lost += 1;
      counts.examples.push(`ext4: generation ${acknowledged} was acknowledged, and ${reached} is active`);
    }
    await advance(after);
    const later = findFaults(after);
    if (later.length > 0) throw new Error(later.join('; '));
  } catch (error) {
    counts.mixed += 1;
    if (counts.examples.length < 10)
      counts.examples.push(`ext4, power cut before operation ${at}: ${(error as Error).message}`);
  } finally {
    unmount(root);
  }
}
