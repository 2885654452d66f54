import { expect, test } from 'vitest';
import type { ArtifactEntry } from '../../../compiler/contract/manifest.ts';
import { sampleService } from '../../../compiler/contract/sample-service.ts';
import { folderName, folderPath } from '../artifacts/artifact-folder.ts';
import { sampleManifest, sha256 } from '../sample-bundle.ts';
import { formatPlan } from './format-plan.ts';
import type { Observed } from './observation.ts';
import { plan } from './plan.ts';
import { linksOf } from './plan-links.ts';

const ARTIFACT: ArtifactEntry = {
  component: 'hadoop',
  version: '3.3.6',
  url: 'https://example/hadoop.tar.gz',
  sha256: sha256('tarball'),
  size: 7,
  link: '/opt/hadoop',
};
const FOLDER = folderName(ARTIFACT);
interface Case {
  readonly seen: Observed;
  readonly service?: boolean;
  readonly stopped?: boolean;
  readonly staged?: boolean;
}

function planOf({ seen, service = true, stopped = false, staged = true }: Case) {
  const manifest = sampleManifest([], { artifacts: [ARTIFACT], services: service ? [sampleService()] : [] });
  return plan({
    target: { seq: 2, manifest },
    active: { seq: 1, manifest, links: {} },
    observation: new Map([[ARTIFACT.link, seen]]),
    drift: 'keep',
    links: {
      wanted: linksOf(manifest),
      switchable: new Set(stopped ? ['hadoop'] : []),
      staged: new Set(staged ? [folderPath(ARTIFACT)] : []),
    },
  });
}

const old: Observed = { kind: 'link', target: 'hadoop-2.10.2' };
const moved = `link     /opt/hadoop → ${FOLDER} (now hadoop-2.10.2)\n1 step\n`;
const waits = `wait     /opt/hadoop → ${FOLDER} (now hadoop-2.10.2), until the services of hadoop are stopped\na new generation without a change of files\n`;

// biome-ignore format: a row a case reads best
const CASES: [name: string, given: Case, lines: string][] = [
  ['that is missing is made at once', { seen: { kind: 'none' } }, `link     /opt/hadoop → ${FOLDER}\n1 step\n`],
  ['that leads elsewhere waits', { seen: old }, waits],
  ['that leads elsewhere moves once the services are stopped', { seen: old, stopped: true }, moved],
  ['without a service on this host moves at once', { seen: old, service: false }, moved],
  ['that leads there already is left', { seen: { kind: 'link', target: FOLDER } }, 'a new generation without a change of files\n'],
  ['is blocked by a directory', { seen: { kind: 'directory', mode: '0755', owner: 'root', group: 'root', mountpoint: false } }, 'blocked  /opt/hadoop: the link of an artifact is wanted, and a directory lies there\nnothing would be applied\n'],
  ['to what is not unpacked yet', { seen: { kind: 'none' }, staged: false }, `fetch    hadoop 3.3.6 (7 bytes) from https://example/hadoop.tar.gz\nlink     /opt/hadoop → ${FOLDER}\n1 step\n`],
];

test.each(CASES)('a link %s', (_, given, lines) => {
  expect(formatPlan(planOf(given))).toBe(lines);
});
