import type { Promotion } from '../../../compiler/contract/promotion.ts';
import type { Folder } from '../apply/disk.ts';
import { inFolderIfThere, makeFolders, type RootedDisk } from '../apply/folders.ts';
import { JOURNAL, STATE_PATH } from '../config/layout.ts';
import {
  DamagedState,
  GENERATIONS,
  readGeneration,
  readJson,
  type StoredGeneration,
} from './read-generation.ts';
import { Held, Journal, Ledger, RoleChanges, WatermarkFile } from './state-file.ts';

/** All that the runner remembers. */
export interface HostState {
  readonly watermark: WatermarkFile | undefined;
  /** What was applied last. */
  readonly active: StoredGeneration | undefined;
  /** There where an apply was interrupted. */
  readonly journal: Journal | undefined;
  readonly ledger: Ledger;
  readonly changes: RoleChanges;
  readonly held: Held | undefined;
}

export const CURRENT = 'current';
export const CHANGES = 'changes.json';
export const HELD = 'held.json';

/** Makes the state directory, for the runner's eyes only. */
export function makeState(rooted: RootedDisk): void {
  makeFolders(rooted, STATE_PATH.slice(0, STATE_PATH.lastIndexOf('/')), 0o755);
  makeFolders(rooted, STATE_PATH, 0o700);
  makeFolders(rooted, `${STATE_PATH}/${GENERATIONS}`, 0o700);
}

/** Reads the state; that of a host that never ran is empty. Throws DamagedState. */
export function readState(rooted: RootedDisk): HostState {
  const { disk } = rooted;
  const empty: HostState = {
    watermark: undefined,
    active: undefined,
    journal: undefined,
    ledger: {},
    changes: {},
    held: undefined,
  };
  return (
    inFolderIfThere(rooted, STATE_PATH, (state) => ({
      watermark: readJson(disk, state, { name: 'watermark.json', schema: WatermarkFile }),
      active: readActive(rooted, state),
      journal: readJson(disk, state, { name: JOURNAL, schema: Journal }),
      ledger: readJson(disk, state, { name: 'ownership.json', schema: Ledger }) ?? {},
      changes: readJson(disk, state, { name: CHANGES, schema: RoleChanges }) ?? {},
      held: readJson(disk, state, { name: HELD, schema: Held }),
    })) ?? empty
  );
}

function readActive(rooted: RootedDisk, state: Folder): StoredGeneration | undefined {
  const { disk } = rooted;
  if (!disk.look(state, CURRENT)) return undefined;
  const target = disk.readLink(state, CURRENT);
  const number = /^gens\/([1-9]\d{0,14})$/.exec(target)?.[1];
  if (number === undefined)
    throw new DamagedState(`${state.path}/${CURRENT} leads to ${JSON.stringify(target)}`);
  const active = readGeneration(rooted, Number(number));
  if (!active) throw new DamagedState(`${state.path}/${CURRENT} leads to nothing`);
  return active;
}

/** Whether a promotion is the one that is held. One of a higher sequence never is. */
export function isHeld({ held }: HostState, { seq, manifest }: Pick<Promotion, 'seq' | 'manifest'>): boolean {
  return held !== undefined && held.seq === seq && held.manifest === manifest;
}
