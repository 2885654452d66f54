import { sampleService } from '../../compiler/contract/sample-service.ts';
import { accept } from '../../runner/host/accept/accept.ts';
import type { AcceptedBundle } from '../../runner/host/accept/verdict.ts';
import { type ApplyOutcome, apply, recover } from '../../runner/host/apply/apply.ts';
import type { Disk } from '../../runner/host/apply/disk.ts';
import { besideOf, inFolder, makeFolders, type RootedDisk } from '../../runner/host/apply/folders.ts';
import { rollback, rollbackTargets } from '../../runner/host/apply/rollback.ts';
import { folderName, folderPath } from '../../runner/host/artifacts/artifact-folder.ts';
import { writeLedger } from '../../runner/host/artifacts/artifact-ledger.ts';
import { layoutOf } from '../../runner/host/config/layout.ts';
import { RunnerConfig } from '../../runner/host/config/runner-config.ts';
import { prepare, prepareRollback } from '../../runner/host/run/prepare.ts';
import type { Host } from '../../runner/host/run/run-once.ts';
import {
  fetchedSample,
  SAMPLE_NOW,
  SAMPLE_POLICY,
  SAMPLE_TRUST,
  sampleFile,
  sampleManifest,
  sha256,
} from '../../runner/host/sample-bundle.ts';
import type { Moment } from '../../runner/host/state/state-file.ts';
import { makeState, readState } from '../../runner/host/state/store.ts';

/** A file of a promotion. */
export interface ScenarioFile {
  readonly text: string;
  readonly mode: string;
}

const CONF = '/etc/hadoop/conf';
export const EDITED = `${CONF}/core-site.xml`;
export const LINK = '/opt/hadoop';
const DIRECTORY = '/data/1';
const STOPPED = new Set(['hadoop']);

/** What is to lie on the disk after promotion `seq`: changed, unchanged, added and removed files, in old and new folders. */
export function filesOf(seq: number): ReadonlyMap<string, ScenarioFile> {
  return new Map([
    [EDITED, { text: `core ${seq}\n`, mode: seq % 2 ? '0644' : '0640' }],
    [`${CONF}/hdfs-site.xml`, { text: `hdfs ${seq}\n`.repeat(200), mode: '0644' }],
    [`${CONF}/log4j.properties`, { text: 'always the same\n', mode: '0644' }],
    [`${CONF}/part-${seq % 3}`, { text: `part ${seq}\n`, mode: '0600' }],
    [`/etc/hadoop/new-${seq % 4}/deep/env.sh`, { text: `env ${seq}\n`, mode: '0755' }],
  ]);
}

/** Mode of the promotion's directory. */
export function directoryMode(seq: number): string {
  return seq % 2 ? '0700' : '0750';
}

/** The release that the promotion's link leads to. */
export function releaseOf(seq: number) {
  const version = `3.${seq % 2}`;
  const url = 'https://archive.example/hadoop.tar.gz';
  return { component: 'hadoop', version, url, sha256: sha256(version), size: 1, link: LINK };
}

/** Whether somebody edits a file by hand before promotion `seq`, and what it then says. */
export function editBefore(seq: number): string | undefined {
  return seq % 3 === 0 ? `by hand, before ${seq}\n` : undefined;
}

const bundles = new Map<number, AcceptedBundle>();

function bundleOf(seq: number): AcceptedBundle {
  const known = bundles.get(seq);
  if (known) return known;
  const content = [...filesOf(seq)].sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = content.map(([path, { text, mode }]) =>
    sampleFile(path, text, { mode, owner: 'hdfs', restart: ['datanode'] }),
  );
  const manifest = sampleManifest(entries, {
    directories: [
      { path: DIRECTORY, mode: directoryMode(seq), owner: 'hdfs', group: 'hdfs', mountpoint: false },
    ],
    artifacts: [releaseOf(seq)],
    services: [sampleService()],
  });
  const files = Object.fromEntries(content.map(([path, { text }]) => [path, text]));
  const policy = { ...SAMPLE_POLICY, paths: [...SAMPLE_POLICY.paths, '/opt'] };
  const fetched = fetchedSample({ files, manifest, promotion: { seq } });
  const verdict = accept(fetched, SAMPLE_TRUST, policy, undefined, SAMPLE_NOW);
  if (!verdict.ok) throw new Error(verdict.refusal.message);
  bundles.set(seq, verdict.bundle);
  return verdict.bundle;
}

/** A host with a disk and a clock. */
export function scenarioHost(disk: Disk, root: string, moment: () => Moment): Host {
  const config = RunnerConfig.parse({
    repository: '/none',
    paths: [...SAMPLE_POLICY.paths, '/opt'],
    users: [...SAMPLE_POLICY.users],
  });
  return {
    layout: layoutOf(root),
    settings: { config, host: SAMPLE_POLICY.host, trust: SAMPLE_TRUST },
    engine: { rooted: { disk, root }, ownership: { kind: 'record' }, moment },
  };
}

/** Makes the host ready: its state, and both releases unpacked. */
export function makeScenario({ engine: { rooted } }: Host): void {
  makeState(rooted);
  for (const seq of [0, 1]) {
    const release = releaseOf(seq);
    makeFolders(rooted, folderPath(release), 0o755);
    writeLedger(rooted, folderPath(release), { sha256: release.sha256, link: LINK, phase: 'staged' });
  }
}

/** Edits the file as a person would: all or nothing, and nobody syncs it. */
export function editByHand(rooted: RootedDisk, text: string): void {
  const { disk } = rooted;
  besideOf(rooted, EDITED, (folder, name) => {
    if (disk.look(folder, '.editor')) disk.unlink(folder, '.editor');
    const fd = disk.createFile(folder, '.editor');
    try {
      disk.write(fd, Buffer.from(text));
      disk.setMode(fd, 0o644);
      disk.sync(fd);
    } finally {
      disk.close(fd);
    }
    disk.rename(folder, '.editor', name);
    disk.sync(folder.fd);
  });
}

/** Applies promotion `seq`, its services stopped. The journal is recovered before. */
export async function applyPromotion(host: Host, seq: number): Promise<ApplyOutcome> {
  const { engine } = host;
  const state = readState(engine.rooted);
  const bundle = bundleOf(seq);
  const prepared = await prepare(host, { bundle, state, switchable: STOPPED });
  if ('code' in prepared) throw new Error(prepared.message);
  return apply(engine, { ...prepared, bundle, state });
}

/** Rolls the last promotion back. The journal is recovered before. */
export async function rollBackPromotion(host: Host): Promise<ApplyOutcome> {
  const { engine } = host;
  const state = readState(engine.rooted);
  const [target] = rollbackTargets(engine.rooted, state);
  if (!target) throw new Error('nothing to roll back to');
  const prepared = await prepareRollback(host, { target, state, switchable: STOPPED });
  if ('code' in prepared) throw new Error(prepared.message);
  return rollback(engine, { ...prepared, target, state, reason: 'the harness says so' });
}

/** What every start of the runner does first. */
export function recoverHost({ engine }: Host): void {
  const recovered = recover(engine, readState(engine.rooted));
  if (recovered && !recovered.ok) throw new Error(recovered.message);
}

/** Where the link leads in promotion `seq`. */
export function targetOf(seq: number): string {
  return folderName(releaseOf(seq));
}

/** Names in a folder; none where it is missing. */
export function namesIn(rooted: RootedDisk, path: string): string[] {
  try {
    return inFolder(rooted, path, (folder) => rooted.disk.list(folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
