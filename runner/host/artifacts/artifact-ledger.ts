import * as z from 'zod';
import { absolutePath } from '../../../compiler/contract/manifest.ts';
import { replaceJson } from '../apply/durable-file.ts';
import { besideOf, inFolder, inFolderIfThere, type RootedDisk } from '../apply/folders.ts';
import { STATE_PATH } from '../config/layout.ts';
import { readJson } from '../state/read-generation.ts';
import { folderPath, type NamedArtifact } from './artifact-folder.ts';

/** What is known of an unpacked artifact. */
export const LedgerEntry = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The link that it was made for. */
  link: absolutePath,
  /** `unpacking`: begun, and of no use yet. `staged`: whole, and durably so. */
  phase: z.enum(['unpacking', 'staged']),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** `artifacts.json`: the folders that the runner has made, by path. What is not in it is not ours, and is left alone. */
const ArtifactLedger = z.record(absolutePath, LedgerEntry);
export type ArtifactLedger = z.infer<typeof ArtifactLedger>;

const FILE = 'artifacts.json';

/** Throws DamagedState. */
export function readLedger(rooted: RootedDisk): ArtifactLedger {
  const read = inFolderIfThere(rooted, STATE_PATH, (state) =>
    readJson(rooted.disk, state, { name: FILE, schema: ArtifactLedger }),
  );
  return read ?? {};
}

/** Notes the state of a folder, or that it is gone; durable when this returns. */
export function writeLedger(rooted: RootedDisk, path: string, entry: LedgerEntry | undefined): void {
  const ledger = new Map(Object.entries(readLedger(rooted)));
  if (entry) ledger.set(path, entry);
  else ledger.delete(path);
  inFolder(rooted, STATE_PATH, (state) =>
    replaceJson(rooted.disk, state, { name: FILE, value: Object.fromEntries(ledger) }),
  );
}

/** The folders of those artifacts that are unpacked, whole. */
export function stagedFolders(rooted: RootedDisk, artifacts: readonly NamedArtifact[]): Set<string> {
  if (artifacts.length === 0) return new Set();
  const ledger = readLedger(rooted);
  const staged = artifacts.filter((artifact) => {
    const path = folderPath(artifact);
    const entry = ledger[path];
    return entry?.phase === 'staged' && entry.sha256 === artifact.sha256 && isFolder(rooted, path);
  });
  return new Set(staged.map(folderPath));
}

function isFolder(rooted: RootedDisk, path: string): boolean {
  const parent = path.slice(0, path.lastIndexOf('/'));
  const seen = inFolderIfThere(rooted, parent, () =>
    besideOf(rooted, path, (folder, name) => rooted.disk.look(folder, name)),
  );
  return seen?.isDirectory() ?? false;
}
