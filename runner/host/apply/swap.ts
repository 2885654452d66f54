import { STATE_PATH } from '../config/layout.ts';
import type { Journal, JournalChange, Ledger, WatermarkFile } from '../state/state-file.ts';
import { CURRENT, GENERATIONS } from '../state/store.ts';
import type { Folder } from './disk.ts';
import { replaceJson } from './durable-file.ts';
import { besideOf, inFolder, type RootedDisk } from './folders.ts';
import { adjustDirectory, type Engine, JOURNAL } from './stage.ts';

/**
 * SWAP and COMMIT: makes every change of a journal, then the generation the current one; the watermark moves when all
 * else is durable, and the journal goes last. Each step may be done again, so after a crash the whole is repeated.
 */
export function finish(engine: Engine, journal: Journal, ledger: Ledger): void {
  const { rooted, ownership } = engine;
  const { disk } = rooted;
  for (const change of journal.changes) makeChange(engine, change);
  inFolder(rooted, STATE_PATH, (state) => {
    if (ownership.kind === 'record') {
      replaceJson(disk, state, { name: 'ownership.json', value: recorded(ledger, journal.changes) });
    }
    moveCurrent(rooted, state, journal.generation.generation);
    const { seq, manifest, signedAt, expires } = journal.generation;
    writeWatermark(rooted, { seq, manifest, signedAt, expires });
    disk.unlink(state, JOURNAL);
    disk.sync(state.fd);
  });
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
    if (change.kind === 'replace') {
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
    else next.set(change.path, { owner: change.owner, group: change.group });
  }
  return Object.fromEntries(next);
}
