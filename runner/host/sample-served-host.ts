import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactEntry, FileEntry, Manifest, ServiceEntry } from '../../compiler/contract/manifest.ts';
import type { Promotion } from '../../compiler/contract/promotion.ts';
import type { Report } from '../../compiler/contract/report.ts';
import { folderPath } from './artifacts/artifact-folder.ts';
import { writeLedger } from './artifacts/artifact-ledger.ts';
import { layoutOf } from './config/layout.ts';
import { readSettings } from './config/read-config.ts';
import { rollBack } from './run/roll-back.ts';
import { type Host, hostOf, runOnce } from './run/run-once.ts';
import { sampleFile, sampleManifest } from './sample-bundle.ts';
import { type SampleFleet, sampleFleet } from './sample-fleet.ts';
import { runningService } from './services/running-service.ts';
import { type SampleManager, sampleManager } from './services/sample-manager.ts';
import { makeState } from './state/store.ts';

/** For tests: what a promotion holds, in short. */
export interface ServedPromotion {
  /** The text of the file that all services read. */
  readonly conf?: string;
  /** Roles of services in start order; a namenode and a datanode where not said. */
  readonly roles?: readonly string[];
  readonly service?: Partial<ServiceEntry>;
  readonly file?: Partial<FileEntry>;
  /** The version of the release that all services run from; none where not said. */
  readonly version?: string;
  readonly promotion?: Partial<Promotion>;
  /** Seconds since the epoch; now where not said. */
  readonly signedAt?: number;
}

/** For tests: a host whose services a sample manager runs. */
export interface ServedSample {
  readonly fleet: SampleFleet;
  readonly host: Host;
  readonly manager: SampleManager;
  /** Promotes with the next sequence, and the grants and retirements given. */
  promote(content: ServedPromotion): Promise<void>;
  run(): Promise<Report>;
  rollBack(): Promise<Report>;
}

/** For tests: the file, and the link, that the services run from. */
export const SERVED_CONF = '/etc/hadoop/conf/hdfs-site.xml';
export const SERVED_LINK = '/data/hadoop';

/** For tests: makes such a host, gone when the test ends. */
export async function servedSample(): Promise<ServedSample> {
  const fleet = await sampleFleet();
  const read = readSettings(layoutOf(fleet.root), undefined);
  if (!read.ok) throw new Error(read.problems.join());
  const manager = sampleManager();
  const plain = hostOf(layoutOf(fleet.root), read.settings);
  const host: Host = {
    ...plain,
    engine: { ...plain.engine, moment: manager.now },
    services: { manager, accountOf: () => undefined, moment: manager.now },
  };
  makeState(host.engine.rooted);
  let seq = 0;
  return {
    fleet,
    host,
    manager,
    promote: async (content) => {
      seq += 1;
      const { conf = 'conf', promotion, signedAt } = content;
      const manifest = manifestOf(content);
      for (const artifact of manifest.artifacts) stageArtifact(host, artifact);
      await fleet.promote({
        files: { [SERVED_CONF]: conf },
        manifest,
        promotion: { seq, ...promotion },
        ...(signedAt !== undefined && { signedAt }),
      });
    },
    run: () => runOnce(host, Date.now),
    rollBack: () => rollBack(host, Date.now),
  };
}

/** For tests: a grant for both services. */
export const BOTH = { restart: ['datanode', 'namenode'] };

/** For tests: such a host whose services run, since sequence 2. */
export async function runningSample(first: ServedPromotion = {}): Promise<ServedSample> {
  const sample = await servedSample();
  await sample.promote(first);
  await sample.run();
  await sample.promote({ ...first, promotion: BOTH });
  const started = await sample.run();
  if (started.problem || started.debt.length > 0) throw new Error(JSON.stringify(started));
  sample.manager.events.splice(0);
  return sample;
}

function manifestOf(content: ServedPromotion): Manifest {
  const { conf = 'conf', roles = ['namenode', 'datanode'], service, file, version } = content;
  const files = [sampleFile(SERVED_CONF, conf, { restart: [...roles], ...file })];
  const health = { command: '/bin/true', within: 1 };
  const services = roles.map((role, index) =>
    runningService({ role, after: roles.slice(0, index), health, ...service }),
  );
  return sampleManifest(files, { services, artifacts: version === undefined ? [] : [artifactOf(version)] });
}

function artifactOf(version: string): ArtifactEntry {
  const sha256 = Buffer.from(version).toString('hex').padEnd(64, '0');
  return { component: 'hadoop', version, url: 'https://a/b.tgz', sha256, size: 1, link: SERVED_LINK };
}

/** As the runner leaves an artifact that it has unpacked. */
function stageArtifact({ engine: { rooted } }: Host, artifact: ArtifactEntry): void {
  mkdirSync(join(rooted.root, folderPath(artifact)), { recursive: true });
  writeLedger(rooted, folderPath(artifact), {
    sha256: artifact.sha256,
    link: artifact.link,
    phase: 'staged',
  });
}

/** For tests: does something while the time flies. */
export async function hurried<T>(act: () => Promise<T>): Promise<T> {
  const now = performance.now.bind(performance);
  let ahead = 0;
  performance.now = () => {
    ahead += 5_000;
    return now() + ahead;
  };
  return act().finally(() => {
    performance.now = now;
  });
}
