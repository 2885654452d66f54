import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactEntry } from '../../../compiler/contract/manifest.ts';
import { besideOf, inFolderIfThere, makeFolders, type RootedDisk } from '../apply/folders.ts';
import { isLabelled, restoreLabels } from '../apply/selinux.ts';
import type { Engine } from '../apply/stage.ts';
import { isSystemError, systemMessage } from '../run/system-error.ts';
import { folderPath, temporaryPath } from './artifact-folder.ts';
import { readLedger, stagedFolders, writeLedger } from './artifact-ledger.ts';
import type { HttpWay } from './ask-http.ts';
import { fetchArtifact, type Mirrors } from './fetch-artifact.ts';
import { BadArchive } from './read-tar.ts';
import { removeTree } from './remove-tree.ts';
import { unpack } from './unpack.ts';

/** Where artifacts come from, and what they may be. */
export interface ArtifactPolicy extends HttpWay {
  readonly mirrors: Mirrors;
  /** Paths in an artifact that may be setuid. */
  readonly setuid: readonly string[];
  /** The folder that downloads lie in: a path of this machine. */
  readonly downloads: string;
}

export type StageOutcome =
  /** The folders that were unpacked now. */
  | { readonly ok: true; readonly unpacked: readonly string[] }
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * Fetches and unpacks the artifacts that the host does not have yet, beside their links, so that later no more than the
 * link has to move. Nothing that runs is touched. A run that was killed is taken up again. The lock is held.
 */
export async function stageArtifacts(
  engine: Pick<Engine, 'rooted' | 'ownership'>,
  artifacts: readonly ArtifactEntry[],
  policy: ArtifactPolicy,
): Promise<StageOutcome> {
  removeStaleDownloads(policy.downloads, artifacts);
  const staged = stagedFolders(engine.rooted, artifacts);
  const unpacked: string[] = [];
  for (const artifact of artifacts.filter((one) => !staged.has(folderPath(one)))) {
    const failure = await stageArtifact(engine, artifact, policy);
    if (failure) return failure;
    unpacked.push(folderPath(artifact));
  }
  return { ok: true, unpacked };
}

/** Downloads that were broken off, of what is not wanted any more. */
function removeStaleDownloads(folder: string, artifacts: readonly ArtifactEntry[]): void {
  const wanted = new Set(artifacts.map(({ sha256 }) => sha256));
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names) if (/^[0-9a-f]{64}$/.test(name) && !wanted.has(name)) rmSync(join(folder, name));
}

type StageFailure = StageOutcome & { readonly ok: false };

async function stageArtifact(
  engine: Pick<Engine, 'rooted' | 'ownership'>,
  artifact: ArtifactEntry,
  { mirrors, setuid, downloads, proxy, signal }: ArtifactPolicy,
): Promise<StageFailure | undefined> {
  const { component, version } = artifact;
  const failed = (code: string, message: string): StageFailure => {
    return { ok: false, code, message: `${component} ${version}: ${message}` };
  };
  const path = folderPath(artifact);
  if (isTaken(engine.rooted, path)) {
    return failed('artifacts/occupied', `${path} is there, and was not made by khp; move it away`);
  }
  try {
    const fetched = await fetchArtifact(artifact, { folder: downloads, mirrors, proxy, signal });
    if (!fetched.ok) return failed('artifacts/not-fetched', fetched.message);
    await unpackArtifact(engine, artifact, { archive: fetched.path, setuid });
    rmSync(fetched.path, { force: true });
    return undefined;
  } catch (error) {
    if (error instanceof BadArchive) {
      // It has the signed digest, so fetching it again would not help; neither is it of any use here.
      rmSync(join(downloads, artifact.sha256), { force: true });
      return failed('artifacts/refused', `the tarball is refused: ${error.message}`);
    }
    if (!isSystemError(error)) throw error;
    discard(engine.rooted, artifact);
    return failed('artifacts/not-unpacked', systemMessage(error));
  }
}

/** Whether something lies at the folder's path that the ledger does not know. */
function isTaken(rooted: RootedDisk, path: string): boolean {
  if (readLedger(rooted)[path]) return false;
  const parent = path.slice(0, path.lastIndexOf('/'));
  const seen = inFolderIfThere(rooted, parent, () =>
    besideOf(rooted, path, (folder, name) => rooted.disk.look(folder, name)),
  );
  return seen !== undefined;
}

/** The ledger knows of the folder before it is there, and that it is whole after it is durable. */
async function unpackArtifact(
  engine: Pick<Engine, 'rooted' | 'ownership'>,
  artifact: ArtifactEntry,
  { archive, setuid }: { readonly archive: string; readonly setuid: readonly string[] },
): Promise<void> {
  const { rooted } = engine;
  const { sha256, link } = artifact;
  const path = folderPath(artifact);
  const temporary = temporaryPath(path);
  const parent = path.slice(0, path.lastIndexOf('/'));
  makeFolders(rooted, parent, 0o755);
  writeLedger(rooted, path, { sha256, link, phase: 'unpacking' });
  removeTree(rooted, temporary);
  removeTree(rooted, path);
  await unpack(engine, { archive, folder: temporary, setuid });
  besideOf(rooted, path, (folder, name) => {
    rooted.disk.rename(folder, temporary.slice(parent.length + 1), name);
    rooted.disk.sync(folder.fd);
  });
  // By their paths, so not before they lie there; bin is labelled otherwise than lib.
  if (rooted.root === '/' && isLabelled()) restoreLabels(path);
  writeLedger(rooted, path, { sha256, link, phase: 'staged' });
}

/** Makes room again; what cannot be removed now is removed before the next attempt. */
function discard(rooted: RootedDisk, artifact: ArtifactEntry): void {
  try {
    removeTree(rooted, temporaryPath(folderPath(artifact)));
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}
