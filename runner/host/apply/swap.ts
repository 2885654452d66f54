import { JOURNAL, STATE_PATH } from '../config/layout.ts';
import { GENERATIONS } from '../state/read-generation.ts';
import type { Held, Journal, JournalChange, Ledger, WatermarkFile } from '../state/state-file.ts';
import { CHANGES, CURRENT, HELD, type HostState } from '../state/store.ts';
import type { Folder } from './disk.ts';
import { replaceJson } from './durable-file.ts';
import { besideOf, inFolder, type RootedDisk } from './folders.ts';
import { changesAfter } from './role-inputs.ts';
import { adjustDirectory, type Engine } from './stage.ts';

/**
 * SWAP, ACTIVATE and COMMIT: makes every change of a journal, notes when what services run from changed, then makes the
 * generation the current one; the watermark moves (or, of a rollback, the hold is set) when all else is durable, and the
 * journal goes last. Each step may be done again, so after a crash the whole is repeated.
 */
export function finish(
  engine: Engine,
  journal: Journal,
  { ledger, changes }: Pick<HostState, 'ledger' | 'changes'>,
): void {
  const { rooted, ownership, moment } = engine;
  const { disk } = rooted;
  const { generation, roles, held } = journal;
  for (const change of journal.changes) makeChange(engine, change);
  inFolder(rooted, STATE_PATH, (state) => {
    replaceJson(disk, state, { name: CHANGES, value: changesAfter(changes, roles, moment) });
    if (ownership.kind === 'record') {
      replaceJson(disk, state, { name: 'ownership.json', value: recorded(ledger, journal.changes) });
    }
    moveCurrent(rooted, state, generation.generation);
    if (held) replaceJson(disk, state, { name: HELD, value: held });
    else {
      const { seq, manifest, roles: named, signedAt, expires } = generation;
      writeWatermark(rooted, { seq, manifest, ...(named && { roles: named }), signedAt, expires });
      // Of a lower sequence, and so of no use any more.
      if (disk.look(state, HELD)) disk.unlink(state, HELD);
    }
    disk.unlink(state, JOURNAL);
    disk.sync(state.fd);
  });
}

/** Holds a promotion: it is not applied again, until one of a higher sequence comes. */
export function holdBundle(rooted: RootedDisk, held: Held): void {
  inFolder(rooted, STATE_PATH, (state) => replaceJson(rooted.disk, state, { name: HELD, value: held }));
}

/** Makes the watermark durable. The caller has checked that it does not go back. */
export function writeWatermark(rooted: RootedDisk, watermark: WatermarkFile): void {
  inFolder(rooted, STATE_PATH, (state) =>
    replaceJson(rooted.disk, state, { name: 'watermark.json', value: watermark }),
  );
}

function makeChange(engine: Engine, change: JournalChange): void {
  const { rooted } = engine;
  const { disk } = rooted;
  if (change.kind === 'directory') {
    adjustDirectory(engine, change);
    return;
  }
  besideOf(rooted, change.path, (folder, name) => {
    if (change.kind !== 'remove') {
      // Gone means renamed already, before a crash.
      if (disk.look(folder, change.temporary)) disk.rename(folder, change.temporary, name);
    } else if (disk.look(folder, name)) disk.unlink(folder, name);
    disk.sync(folder.fd);
  });
}

function moveCurrent({ disk }: RootedDisk, state: Folder, generation: number): void {
  const temporary = `${CURRENT}.new`;
  if (disk.look(state, temporary)) disk.unlink(state, temporary);
  disk.makeLink(state, temporary, `${GENERATIONS}/${generation}`);
  disk.rename(state, temporary, CURRENT);
  disk.sync(state.fd);
}

function recorded(ledger: Ledger, changes: readonly JournalChange[]): Ledger {
  const next = new Map(Object.entries(ledger));
  for (const change of changes) {
    if (change.kind === 'remove') next.delete(change.path);
    else if (change.kind !== 'link') next.set(change.path, { owner: change.owner, group: change.group });
  }
  return Object.fromEntries(next);
}
