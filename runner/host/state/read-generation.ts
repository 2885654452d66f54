import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { bundlePath, type Manifest } from '../../../compiler/contract/manifest.ts';
import { checkFiles } from '../accept/check-files.ts';
import { parseManifest } from '../accept/check-manifest.ts';
import type { AcceptedBundle } from '../accept/verdict.ts';
import type { Disk, Folder } from '../apply/disk.ts';
import { inFolder, inFolderIfThere, type RootedDisk } from '../apply/folders.ts';
import { STATE_PATH } from '../config/layout.ts';
import { isSystemError } from '../run/system-error.ts';
import { Generation, SecretDigests } from './state-file.ts';

/** The state on disk is not what the runner writes: a fault of the disk, or somebody else's hand. */
export class DamagedState extends Error {}

/** What the operating system says of a broken sector, or of a stranger in the place of a file. */
const BROKEN = new Set(['EIO', 'EUCLEAN', 'EBADMSG', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENOENT']);

/** Whether an error tells of damage. Want of memory, say, tells nothing of what is on the disk. */
export function isDamage(error: unknown): boolean {
  return error instanceof DamagedState || (isSystemError(error) && BROKEN.has(error.code ?? ''));
}

/** What was applied once. */
export interface StoredGeneration {
  readonly record: Generation;
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  readonly digests: SecretDigests;
  /** Whether all of its services were seen healthy. */
  readonly isGood: boolean;
}

export const GENERATIONS = 'gens';
export const DIGESTS = 'digests.json';
/** Lies in the folder of a generation that was seen healthy. */
export const GOOD = 'good';

/** Bytes of a file of the state; a journal of the largest bundle has a few millions. */
const MAX_STATE = 64 << 20;

/** A file of JSON; undefined where there is none. Throws DamagedState, for what is no file or too long to be one too. */
export function readJson<T>(
  disk: Disk,
  folder: Folder,
  { name, schema }: { readonly name: string; readonly schema: z.ZodType<T> },
): T | undefined {
  const found = disk.look(folder, name);
  if (!found) return undefined;
  if (!found.isFile() || found.size > MAX_STATE) throw new DamagedState(`${folder.path}/${name} is damaged`);
  try {
    return schema.parse(JSON.parse(disk.readFile(folder, name).toString('utf8')));
  } catch (error) {
    if (isSystemError(error) && !isDamage(error)) throw error;
    throw new DamagedState(`${folder.path}/${name} is damaged, or written by a newer khp-runner`);
  }
}

/** The path of a generation's folder. */
export function generationPath(generation: number): string {
  return `${STATE_PATH}/${GENERATIONS}/${generation}`;
}

/** A generation without its files; undefined where it is missing, or was being removed. Throws DamagedState. */
export function readGeneration(rooted: RootedDisk, generation: number): StoredGeneration | undefined {
  const { disk } = rooted;
  return inFolderIfThere(rooted, generationPath(generation), (folder) => {
    if (!disk.look(folder, 'generation.json')) return undefined;
    const record = readJson(disk, folder, { name: 'generation.json', schema: Generation });
    const bytes = disk.look(folder, 'manifest.json') && disk.readFile(folder, 'manifest.json');
    const digest = bytes && createHash('sha256').update(bytes).digest('hex');
    const parsed = bytes && parseManifest(bytes);
    const sound = record && parsed && 'manifest' in parsed && digest === record.manifest;
    if (!sound || record.generation !== generation) throw new DamagedState(`${folder.path} is damaged`);
    const digests = readJson(disk, folder, { name: DIGESTS, schema: SecretDigests }) ?? {};
    return { record, ...parsed, digests, isGood: disk.look(folder, GOOD) !== undefined };
  });
}

/** The numbers of the generations that are kept, ascending. */
export function listGenerations(rooted: RootedDisk): number[] {
  return inFolder(rooted, `${STATE_PATH}/${GENERATIONS}`, (folder) => rooted.disk.list(folder))
    .filter((name) => /^[1-9]\d{0,14}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** A kept generation as it was accepted, each of its bytes checked anew. Throws DamagedState. */
export function storedBundle(rooted: RootedDisk, generation: StoredGeneration): AcceptedBundle {
  const { record, manifest, manifestBytes } = generation;
  const { seq, expires, signedAt } = record;
  const folder = `${generationPath(record.generation)}/blobs`;
  const blobs = inFolder(rooted, folder, (open) => {
    const bytes = manifest.files.map(({ path, sha256 }): [string, Uint8Array] => [
      bundlePath(path),
      rooted.disk.look(open, sha256) ? rooted.disk.readFile(open, sha256) : new Uint8Array(),
    ]);
    return new Map(bytes);
  });
  const files = checkFiles({ blobs }, manifest);
  if ('code' in files) throw new DamagedState(`${folder} is damaged: ${files.message}`);
  const promotion = { host: manifest.host, seq, expires, manifest: record.manifest, restart: [], retire: [] };
  return { promotion, signedAt, manifest, manifestBytes, files };
}
