import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactEntry } from '../../../compiler/contract/manifest.ts';
import { type Disk, nodeDisk } from '../apply/disk.ts';
import { sha256 } from '../sample-bundle.ts';
import { makeState } from '../state/store.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type SampleTarEntry, sampleTarball } from './sample-tar.ts';
import { stageArtifacts } from './stage-artifacts.ts';

/** For tests: a small release. */
export const SAMPLE_TREE: readonly SampleTarEntry[] = [
  { name: 'hadoop-3.3.6/', type: '5', mode: 0o775 },
  { name: 'hadoop-3.3.6/bin/hdfs', mode: 0o775, body: '#!/bin/sh\n' },
  { name: 'hadoop-3.3.6/share/hdfs.jar', body: 'j'.repeat(100_000) },
  { name: 'hadoop-3.3.6/share/twin.jar', type: '1', target: 'hadoop-3.3.6/share/hdfs.jar' },
  { name: 'hadoop-3.3.6/lib/so', type: '2', target: '../share/hdfs.jar' },
];
/** For tests. */
export const SAMPLE_TARBALL = sampleTarball(SAMPLE_TREE);

/** For tests: a manifest's entry for a tarball of these bytes. */
export function sampleArtifact(bytes: Uint8Array, more: Partial<ArtifactEntry> = {}): ArtifactEntry {
  const entry = { component: 'hadoop', version: '3.3.6', url: 'https://archive.example/hadoop.tar.gz' };
  return { ...entry, sha256: sha256(bytes), size: bytes.length, link: '/opt/hadoop', ...more };
}

/** For tests: a sandbox that stages artifacts. */
export function artifactSandbox(disk: Disk = nodeDisk) {
  const root = temporaryFolder();
  const rooted = { disk, root };
  makeState(rooted);
  const downloads = join(root, 'var/lib/khp/downloads');
  const stage = (artifact: ArtifactEntry, mirrors: Record<string, string[]> = {}, setuid: string[] = []) =>
    stageArtifacts({ rooted, ownership: { kind: 'record' } }, [artifact], { mirrors, setuid, downloads });
  return { root, rooted, downloads, stage, opt: () => readdirSync(join(root, 'opt')).sort() };
}

/** For tests: the address of a file of these bytes, gone when the test ends. */
export function fileAddress(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'hadoop.tar.gz');
  writeFileSync(path, bytes);
  return `file://${path}`;
}
