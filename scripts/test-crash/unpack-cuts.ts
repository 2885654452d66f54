import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disk } from '../../runner/host/apply/disk.ts';
import { folderPath } from '../../runner/host/artifacts/artifact-folder.ts';
import { readLedger } from '../../runner/host/artifacts/artifact-ledger.ts';
import { SAMPLE_TREE, sampleArtifact } from '../../runner/host/artifacts/sample-artifacts.ts';
import { sampleTarball } from '../../runner/host/artifacts/sample-tar.ts';
import { stageArtifacts } from '../../runner/host/artifacts/stage-artifacts.ts';
import { makeState } from '../../runner/host/state/store.ts';
import { namesIn } from './crash-scenario.ts';
import type { CrashCounts } from './every-operation.ts';
import { filesBelow } from './find-faults.ts';
import { memoryDisk, type Random } from './memory-disk.ts';
import { Stopped, stoppedDisk, watchedDisk } from './stopped-disk.ts';

const TARBALL = sampleTarball(SAMPLE_TREE);

/** Cuts the power before every operation of an unpacking: what counts as unpacked must be whole, and the next attempt is. */
export async function unpackCuts(
  { random, spoil = (disk) => disk }: { readonly random: Random; readonly spoil?: (disk: Disk) => Disk },
  counts: CrashCounts,
): Promise<void> {
  const downloads = mkdtempSync(join(tmpdir(), 'khp-unpack-'));
  const archive = join(downloads, 'release.tar.gz');
  const artifact = sampleArtifact(TARBALL, { url: `file://${archive}` });
  const stage = async (disk: Disk): Promise<void> => {
    const engine = { rooted: { disk, root: '/' }, ownership: { kind: 'record' } as const };
    const staged = await stageArtifacts(engine, [artifact], { mirrors: {}, setuid: [], downloads });
    if (!staged.ok) throw new Error(staged.message);
  };
  const path = folderPath(artifact);
  try {
    writeFileSync(archive, TARBALL);
    const whole = memoryDisk();
    makeState({ disk: whole, root: '/' });
    const base = whole.copy();
    let total = 0;
    await stage(watchedDisk(whole, (number) => (total = number)));
    const wanted = contentOf(whole, path);
    for (let at = 1; at <= total + 1; at += 1) {
      const disk = base.copy();
      await stage(spoil(stoppedDisk(disk, at))).catch((error: unknown) => {
        if (!(error instanceof Stopped)) throw error;
      });
      const left = disk.cutPower(random);
      counts.kills += 1;
      const rooted = { disk: left, root: '/' };
      const wrong = (what: string): void => {
        counts.mixed += 1;
        counts.examples.push(`unpacking, power cut before operation ${at}: ${what}`);
      };
      try {
        const isStaged = readLedger(rooted)[path]?.phase === 'staged';
        if (isStaged && contentOf(left, path) !== wanted) wrong('what counts as unpacked is not whole');
        await stage(left);
        if (contentOf(left, path) !== wanted) wrong('the next attempt did not make it whole');
        if (namesIn(rooted, '/opt').length !== 1) wrong(`${namesIn(rooted, '/opt').join()} are left`);
      } catch (error) {
        wrong((error as Error).message);
      }
    }
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
}

function contentOf(disk: Disk, path: string): string {
  return JSON.stringify([...filesBelow({ disk, root: '/' }, path)].sort());
}
