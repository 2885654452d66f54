import { canonicalJson } from '../../../compiler/contract/canonical-json.ts';
import { DIGESTS, GOOD, generationPath } from '../state/read-generation.ts';
import { createDurably } from './durable-file.ts';
import { besideOf, inFolder, inFolderIfThere, makeFolders, type RootedDisk } from './folders.ts';
import type { Apply } from './stage.ts';

/**
 * Writes the folder of a generation, durably. What is kept of a bundle has markers and ciphertext; a clear text goes into
 * the file that asks for it, nowhere else.
 */
export function writeGeneration(rooted: RootedDisk, { bundle, generation, secrets }: Apply): void {
  const { disk } = rooted;
  const path = generationPath(generation.generation);
  makeFolders(rooted, `${path}/blobs`, 0o700);
  inFolder(rooted, `${path}/blobs`, (folder) => {
    const written = new Set<string>();
    for (const { path: file, sha256 } of bundle.manifest.files) {
      if (written.has(sha256)) continue;
      written.add(sha256);
      createDurably(disk, folder, { name: sha256, bytes: bundle.files.get(file)!, mode: 0o600 });
    }
    disk.sync(folder.fd);
  });
  inFolder(rooted, path, (folder) => {
    createDurably(disk, folder, { name: 'manifest.json', bytes: bundle.manifestBytes, mode: 0o600 });
    const record = Buffer.from(canonicalJson(generation));
    createDurably(disk, folder, { name: 'generation.json', bytes: record, mode: 0o600 });
    if (Object.keys(secrets.digests).length > 0) {
      const digests = Buffer.from(canonicalJson(secrets.digests));
      createDurably(disk, folder, { name: DIGESTS, bytes: digests, mode: 0o600 });
    }
    disk.sync(folder.fd);
  });
}

/** Notes that all services of a generation were seen healthy: a rollback prefers it. */
export function markGood(rooted: RootedDisk, generation: number): void {
  const { disk } = rooted;
  inFolder(rooted, generationPath(generation), (folder) => {
    if (disk.look(folder, GOOD)) return;
    createDurably(disk, folder, { name: GOOD, bytes: new Uint8Array(), mode: 0o600 });
    disk.sync(folder.fd);
  });
}

/** Removes the folder of a generation, whole or half written. */
export function removeGeneration(rooted: RootedDisk, generation: number): void {
  const { disk } = rooted;
  const path = generationPath(generation);
  // The record goes first: what is left of a generation must not be taken for one to roll back to.
  for (const folder of [path, `${path}/blobs`, path]) {
    const there = inFolderIfThere(rooted, folder, (open) => {
      const names = disk.list(open).filter((name) => name !== 'blobs');
      for (const name of names) disk.unlink(open, name);
      if (names.length > 0) disk.sync(open.fd);
      return folder !== path || !disk.look(open, 'blobs');
    });
    if (there) besideOf(rooted, folder, (parent, name) => disk.removeFolder(parent, name));
  }
}
