import { dirname } from 'node:path';
import type { AcceptedBundle } from '../accept/verdict.ts';
import { JOURNAL, STATE_PATH } from '../config/layout.ts';
import { type Ownership, ownerNumbers } from '../observe/accounts.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { Phases } from '../run/phases.ts';
import type { OpenedFile } from '../secrets/open-secrets.ts';
import type { Generation, Held, Journal, JournalChange, Moment, SecretDigests } from '../state/state-file.ts';
import type { Disk, Folder } from './disk.ts';
import { replaceJson } from './durable-file.ts';
import {
  besideOf,
  inFolder,
  inFolderIfThere,
  makeFolders,
  makeLabelled,
  type RootedDisk,
} from './folders.ts';
import { removeGeneration, writeGeneration } from './generation-folder.ts';
import { roleInputs } from './role-inputs.ts';

/** What the engine works with. */
export interface Engine {
  readonly rooted: RootedDisk;
  readonly ownership: Ownership;
  /** This moment of the machine. */
  readonly moment: () => Moment;
  /** Where somebody counts how long things take. */
  readonly phases?: Phases;
}

/** What is to become the next generation. */
export interface Apply {
  readonly plan: Plan;
  readonly bundle: AcceptedBundle;
  readonly generation: Generation;
  readonly secrets: StagedSecrets;
  /** Of a rollback: what is to be held. */
  readonly held?: Held | undefined;
}

/** The files of a bundle with secrets in them. */
export interface StagedSecrets {
  /** The bytes of those that are written, by path. */
  readonly files: ReadonlyMap<string, OpenedFile>;
  /** Of all of them. */
  readonly digests: SecretDigests;
}

/**
 * STAGED: everything that is needed lies on the disk, durably, under names that nobody else reads: the generation's
 * folder, the new bytes beside their targets, with mode and owner, and second names of what is to be saved. Directories
 * are made. Gives the journal with which the swap begins; throws where the disk does, with the journal left behind.
 */
export function stage(engine: Engine, apply: Apply): Journal {
  const { rooted } = engine;
  const changes = changesOf(rooted, apply);
  const { plan, bundle, generation, secrets, held } = apply;
  const roles = roleInputs({ manifest: bundle.manifest, plan, digests: secrets.digests });
  const journal: Journal = { phase: 'staging', generation, changes, roles, ...(held && { held }) };
  writeJournal(rooted, journal);
  writeGeneration(rooted, apply);
  for (const step of apply.plan.steps) if (step.kind === 'make-directory') makeDirectory(engine, step.entry);
  for (const change of changes) {
    if (change.kind === 'replace') stageFile(engine, { change, apply });
    else if (change.kind === 'link') stageLink(rooted, change);
    else if (change.kind === 'remove')
      besideOf(rooted, change.path, (folder, name) =>
        saveCopy(rooted.disk, folder, { name, saved: change.saved }),
      );
  }
  return { ...journal, phase: 'swapping' };
}

/** Makes the phase durable. */
export function writeJournal({ disk, root }: RootedDisk, journal: Journal): void {
  inFolder({ disk, root }, STATE_PATH, (state) =>
    replaceJson(disk, state, { name: JOURNAL, value: journal }),
  );
}

function changesOf(rooted: RootedDisk, { plan, generation }: Apply): JournalChange[] {
  return plan.steps.map((step, index): JournalChange => {
    if (step.kind === 'remove') {
      return { kind: 'remove', path: step.path, ...savedName(rooted, step, generation.seq) };
    }
    const temporary = `.khp-${generation.generation}-${index}`;
    if (step.kind === 'link') return { kind: 'link', path: step.path, target: step.target, temporary };
    if (step.kind === 'write') {
      const { path, owner, group } = step.entry;
      return { kind: 'replace', path, temporary, owner, group, ...savedName(rooted, step, generation.seq) };
    }
    const { path, mode, owner, group } = step.entry;
    return { kind: 'directory', path, mode, owner, group };
  });
}

/** A name that is free for the copy of a file that is not ours: `core-site.xml.khp-saved-12`, `….12.2`. */
function savedName(
  rooted: RootedDisk,
  step: Step & { readonly kind: 'write' | 'remove' },
  seq: number,
): { saved?: string } {
  if (!step.save) return {};
  const path = step.kind === 'write' ? step.entry.path : step.path;
  return besideOf(rooted, path, (folder, name) => {
    const base = `${name}.khp-saved-${seq}`;
    let saved = base;
    for (let number = 2; rooted.disk.look(folder, saved); number += 1) saved = `${base}.${number}`;
    return { saved };
  });
}

/** Directories above what was named belong to root and may be passed by all. */
const PARENT_MODE = 0o755;

function makeDirectory(
  engine: Engine,
  entry: { path: string; mode: string; owner: string; group: string },
): void {
  const { rooted } = engine;
  makeFolders(rooted, dirname(entry.path), PARENT_MODE);
  besideOf(rooted, entry.path, (parent, name) => {
    const made = { name, path: entry.path, mode: 0o700 };
    if (!rooted.disk.look(parent, name)) makeLabelled(rooted.disk, parent, made);
    rooted.disk.sync(parent.fd);
  });
  adjustDirectory(engine, entry);
}

/** Sets mode and owner of a directory that is there. */
export function adjustDirectory(
  { rooted, ownership }: Pick<Engine, 'rooted' | 'ownership'>,
  entry: { path: string; mode: string; owner: string; group: string },
): void {
  const owner = ownerNumbers(ownership, entry);
  inFolder(rooted, entry.path, (folder) => {
    if (owner) rooted.disk.setOwner(folder.fd, owner);
    rooted.disk.setMode(folder.fd, Number.parseInt(entry.mode, 8));
    rooted.disk.sync(folder.fd);
  });
}

function stageFile(
  { rooted, ownership }: Engine,
  { change, apply }: { readonly change: JournalChange & { kind: 'replace' }; readonly apply: Apply },
): void {
  const { disk } = rooted;
  const { path, temporary, saved } = change;
  const entry = apply.bundle.manifest.files.find((file) => file.path === path)!;
  makeFolders(rooted, dirname(path), PARENT_MODE);
  besideOf(rooted, path, (folder, name) => {
    saveCopy(disk, folder, { name, saved });
    const owner = ownerNumbers(ownership, entry);
    const fd = disk.createFile(folder, temporary);
    try {
      disk.write(fd, apply.secrets.files.get(path)?.bytes ?? apply.bundle.files.get(path)!);
      // The owner first: changing it clears bits of the mode.
      if (owner) disk.setOwner(fd, owner);
      disk.setMode(fd, Number.parseInt(entry.mode, 8));
      disk.label(folder, temporary, { name, path, kind: 'file' });
      disk.sync(fd);
    } finally {
      disk.close(fd);
    }
    disk.sync(folder.fd);
  });
}

function stageLink(rooted: RootedDisk, { path, target, temporary }: JournalChange & { kind: 'link' }): void {
  const { disk } = rooted;
  makeFolders(rooted, dirname(path), PARENT_MODE);
  besideOf(rooted, path, (folder, name) => {
    disk.makeLink(folder, temporary, target);
    disk.label(folder, temporary, { name, path, kind: 'link' });
    disk.sync(folder.fd);
  });
}

function saveCopy(
  disk: Disk,
  folder: Folder,
  { name, saved }: { readonly name: string; readonly saved: string | undefined },
): void {
  if (saved === undefined) return;
  disk.link({ folder, name }, { folder, name: saved });
  disk.sync(folder.fd);
}

/** Undoes a staging that did not end: nothing that anybody reads was changed by it. Directories stay. */
export function unstage({ rooted }: Engine, { generation, changes }: Journal): void {
  const { disk } = rooted;
  for (const change of changes) {
    if (change.kind === 'directory') continue;
    inFolderIfThere(rooted, dirname(change.path), (folder) => {
      const name = change.path.slice(change.path.lastIndexOf('/') + 1);
      const staged = 'temporary' in change ? disk.look(folder, change.temporary) : undefined;
      // A folder of that name is what kept it from being staged, and must not keep the host from going on.
      if ('temporary' in change && staged && !staged.isDirectory()) disk.unlink(folder, change.temporary);
      if ('saved' in change) dropCopy(disk, folder, { name, saved: change.saved });
      disk.sync(folder.fd);
    });
  }
  removeGeneration(rooted, generation.generation);
  inFolder(rooted, STATE_PATH, (state) => {
    disk.unlink(state, JOURNAL);
    disk.sync(state.fd);
  });
}

/** A saved copy may go only while the file that it is a second name of is still there. */
function dropCopy(
  disk: Disk,
  folder: Folder,
  { name, saved }: { readonly name: string; readonly saved: string | undefined },
): void {
  const copy = saved === undefined ? undefined : disk.look(folder, saved);
  const original = disk.look(folder, name);
  if (copy && original && copy.ino === original.ino && copy.dev === original.dev) disk.unlink(folder, saved!);
}
