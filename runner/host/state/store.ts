import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Manifest } from '../../../compiler/contract/manifest.ts';
import { parseManifest } from '../accept/check-manifest.ts';
import type { Disk, Folder } from '../apply/disk.ts';
import { inFolder, inFolderIfThere, makeFolders, type RootedDisk } from '../apply/folders.ts';
import { STATE_PATH } from '../config/layout.ts';
import { Generation, Journal, Ledger, SecretDigests, WatermarkFile } from './state-file.ts';

/** What was applied last. */
export interface ActiveGeneration {
  readonly record: Generation;
  readonly manifest: Manifest;
  readonly digests: SecretDigests;
}

/** All that the runner remembers. */
export interface HostState {
  readonly watermark: WatermarkFile | undefined;
  readonly active: ActiveGeneration | undefined;
  /** There where an apply was interrupted. */
  readonly journal: Journal | undefined;
  readonly ledger: Ledger;
}

/** The state on disk is not what the runner writes: a fault of the disk, or somebody else's hand. */
export class DamagedState extends Error {}

export const GENERATIONS = 'gens';
export const CURRENT = 'current';
export const DIGESTS = 'digests.json';

/** Makes the state directory, for the runner's eyes only. */
export function makeState(rooted: RootedDisk): void {
  makeFolders(rooted, STATE_PATH.slice(0, STATE_PATH.lastIndexOf('/')), 0o755);
  makeFolders(rooted, STATE_PATH, 0o700);
  makeFolders(rooted, `${STATE_PATH}/${GENERATIONS}`, 0o700);
}

/** Reads the state; that of a host that never ran is empty. Throws DamagedState. */
export function readState(rooted: RootedDisk): HostState {
  const { disk } = rooted;
  const empty: HostState = { watermark: undefined, active: undefined, journal: undefined, ledger: {} };
  return (
    inFolderIfThere(rooted, STATE_PATH, (state) => ({
      watermark: readJson(disk, state, { name: 'watermark.json', schema: WatermarkFile }),
      active: readActive(rooted, state),
      journal: readJson(disk, state, { name: 'journal.json', schema: Journal }),
      ledger: readJson(disk, state, { name: 'ownership.json', schema: Ledger }) ?? {},
    })) ?? empty
  );
}

function readJson<T>(
  disk: Disk,
  folder: Folder,
  { name, schema }: { readonly name: string; readonly schema: z.ZodType<T> },
): T | undefined {
  if (!disk.look(folder, name)) return undefined;
  try {
    return schema.parse(JSON.parse(disk.readFile(folder, name).toString('utf8')));
  } catch {
    throw new DamagedState(`${folder.path}/${name} is damaged`);
  }
}

function readActive(rooted: RootedDisk, state: Folder): ActiveGeneration | undefined {
  const { disk } = rooted;
  if (!disk.look(state, CURRENT)) return undefined;
  const target = disk.readLink(state, CURRENT);
  const number = /^gens\/([1-9]\d{0,14})$/.exec(target)?.[1];
  if (number === undefined)
    throw new DamagedState(`${state.path}/${CURRENT} leads to ${JSON.stringify(target)}`);
  const read = (folder: Folder): ActiveGeneration => {
    const record = readJson(disk, folder, { name: 'generation.json', schema: Generation });
    const bytes = disk.look(folder, 'manifest.json') && disk.readFile(folder, 'manifest.json');
    const digest = bytes && createHash('sha256').update(bytes).digest('hex');
    const parsed = bytes && parseManifest(bytes);
    const sound = record && parsed && 'manifest' in parsed && digest === record.manifest;
    if (!sound || record.generation !== Number(number)) throw new DamagedState(`${folder.path} is damaged`);
    const digests = readJson(disk, folder, { name: DIGESTS, schema: SecretDigests }) ?? {};
    return { record, manifest: parsed.manifest, digests };
  };
  const active = inFolderIfThere(rooted, `${STATE_PATH}/${target}`, read);
  if (!active) throw new DamagedState(`${state.path}/${CURRENT} leads to nothing`);
  return active;
}

/** The numbers of the generations that are kept, ascending. */
export function listGenerations(rooted: RootedDisk): number[] {
  return inFolder(rooted, `${STATE_PATH}/${GENERATIONS}`, (folder) => rooted.disk.list(folder))
    .filter((name) => /^[1-9]\d{0,14}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}
