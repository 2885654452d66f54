import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeDisk } from '../../runner/host/apply/disk.ts';
import { thisMoment } from '../../runner/host/observe/moment.ts';
import {
  applyPromotion,
  editBefore,
  editByHand,
  makeScenario,
  recoverHost,
  scenarioHost,
} from './crash-scenario.ts';
import type { CrashCounts } from './every-operation.ts';
import { findFaults } from './find-faults.ts';

const PAGE = 4096;

/**
 * Applies on a small tmpfs with room for no page, then for one more each time, until there is room for all; and the same
 * with inodes. Gives why it cannot be done here, or undefined.
 */
export async function fullDisk(counts: CrashCounts): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'khp-full-'));
  try {
    for (const what of ['pages', 'inodes'] as const) {
      for (let free = 0; ; free += 1) {
        if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,nr_inodes=400', 'khp', folder]).status !== 0)
          return 'a tmpfs cannot be mounted here';
        try {
          if (await applyWith(folder, { what, free }, counts)) break;
        } finally {
          spawnSync('umount', [folder]);
        }
      }
    }
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether there was room for everything. */
async function applyWith(
  root: string,
  { what, free }: { readonly what: 'pages' | 'inodes'; readonly free: number },
  counts: CrashCounts,
): Promise<boolean> {
  const host = scenarioHost(nodeDisk, root, thisMoment);
  makeScenario(host);
  for (const seq of [1, 2]) await applyPromotion(host, seq);
  editByHand(host.engine.rooted, editBefore(3)!);
  const fillers = fill(root, what, free);
  counts.kills += 1;
  let isDone = false;
  try {
    isDone = (await applyPromotion(host, 3)).ok;
    const early = findFaultsIfRecovered(host);
    for (const filler of fillers) unlinkSync(filler);
    recoverHost(host);
    const faults = [...early, ...findFaults(host)];
    if (faults.length > 0) throw new Error(faults.join('; '));
    const again = await applyPromotion(host, 3);
    if (!again.ok) throw new Error(again.message);
    const later = findFaults(host);
    if (later.length > 0) throw new Error(later.join('; '));
  } catch (error) {
    counts.mixed += 1;
    if (counts.examples.length < 10)
      counts.examples.push(`${free} ${what} free: ${(error as Error).message}`);
  }
  return isDone;
}

/** What is wrong while the disk is still full. A swap that cannot be finished there waits for room. */
function findFaultsIfRecovered(host: Parameters<typeof findFaults>[0]): string[] {
  try {
    recoverHost(host);
  } catch (error) {
    if (/ENOSPC/.test((error as Error).message)) return [];
    throw error;
  }
  return findFaults(host);
}

/** Takes all room but some; gives the files that do. */
function fill(root: string, what: 'pages' | 'inodes', free: number): string[] {
  const { bavail, ffree } = statfsSync(root);
  if (what === 'pages') {
    const path = join(root, 'filler');
    writeFileSync(path, Buffer.alloc(Math.max(0, bavail - free) * PAGE));
    return [path];
  }
  return Array.from({ length: Math.max(0, ffree - free) }, (_, index) => {
    const path = join(root, `filler-${index}`);
    writeFileSync(path, '');
    return path;
  });
}
