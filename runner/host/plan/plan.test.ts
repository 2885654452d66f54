import { describe, expect, test } from 'vitest';
import type { DirectoryEntry } from '../../../compiler/contract/manifest.ts';
import { sampleFile, sampleManifest, sha256 } from '../sample-bundle.ts';
import { formatPlan } from './format-plan.ts';
import type { Observed } from './observation.ts';
import { driftOf, type Plan, type PlanRequest, plan } from './plan.ts';

const PATH = '/etc/hadoop/a';

function file(content: string, attributes: { mode?: string; owner?: string; group?: string } = {}): Observed {
  return { kind: 'file', sha256: sha256(content), mode: '0644', owner: 'root', group: 'root', ...attributes };
}

const directory: DirectoryEntry = {
  path: '/data/1',
  mode: '0700',
  owner: 'hdfs',
  group: 'hdfs',
  mountpoint: false,
};
const seenDirectory: Observed = { ...directory, kind: 'directory' };

const NO_LINKS = { wanted: [], switchable: new Set<string>(), staged: new Set<string>() };
const planFiles = (request: Omit<PlanRequest, 'links'>): Plan => plan({ ...request, links: NO_LINKS });

interface Case {
  readonly now: string | null;
  readonly before?: string | null;
  readonly disk: Observed;
  readonly drift?: 'keep' | 'restore';
}

/** One file: what the target says, what the active generation says (null: it lacks the file), what lies there. */
function planOne({ now, before, disk, drift = 'keep' }: Case): Plan {
  const manifestOf = (content: string | null) =>
    sampleManifest(content === null ? [] : [sampleFile(PATH, content)]);
  const active: PlanRequest['active'] =
    before === undefined ? undefined : { seq: 1, manifest: manifestOf(before), links: {} };
  const observation = new Map([[PATH, disk]]);
  return planFiles({ target: { seq: 2, manifest: manifestOf(now) }, active, observation, drift });
}

const none: Observed = { kind: 'none' };
const link: Observed = { kind: 'link', target: 'x' };

// biome-ignore format: a row a case reads best
const CASES: [name: string, given: Case, lines: string][] = [
  ['a first file', { now: 'x', disk: none }, `create   ${PATH} (0644 root:root, 1 bytes)\n1 step\n`],
  ['a first file that lies there as wanted', { now: 'x', disk: file('x') }, 'a new generation without a change of files\n'],
  ['a first file where another lies', { now: 'x', disk: file('y') }, `write    ${PATH} (0644 root:root, 1 bytes, what is there is saved)\n1 step\n`],
  ['a first file of another mode', { now: 'x', disk: file('x', { mode: '0600' }) }, `write    ${PATH} (0644 root:root, 1 bytes)\n1 step\n`],
  ['a first file of another owner', { now: 'x', disk: file('x', { owner: 'hdfs' }) }, `write    ${PATH} (0644 root:root, 1 bytes)\n1 step\n`],
  ['a setuid bit that was set by hand', { now: 'x', disk: file('x', { mode: '4644' }) }, `write    ${PATH} (0644 root:root, 1 bytes)\n1 step\n`],
  ['a first file where a directory lies', { now: 'x', disk: seenDirectory }, `blocked  ${PATH}: a file is wanted, and a directory lies there\nnothing would be applied\n`],
  ['a first file where a link lies', { now: 'x', disk: link }, `blocked  ${PATH}: a file is wanted, and a symbolic link lies there\nnothing would be applied\n`],
  ['nothing new', { now: 'x', before: 'x', disk: file('x') }, 'a new generation without a change of files\n'],
  ['a change', { now: 'x', before: 'y', disk: file('y') }, `write    ${PATH} (0644 root:root, 1 bytes)\n1 step\n`],
  ['a change that somebody made already', { now: 'x', before: 'y', disk: file('x') }, 'a new generation without a change of files\n'],
  ['a change of an edited file', { now: 'x', before: 'y', disk: file('z') }, `write    ${PATH} (0644 root:root, 1 bytes, what is there is saved)\n1 step\n`],
  ['a change of a removed file', { now: 'x', before: 'y', disk: none }, `create   ${PATH} (0644 root:root, 1 bytes)\n1 step\n`],
  ['a change of a file that became a link', { now: 'x', before: 'y', disk: link }, `blocked  ${PATH}: a file is wanted, and a symbolic link lies there\nnothing would be applied\n`],
  ['an edited file without a change', { now: 'x', before: 'x', disk: file('z') }, `leave    ${PATH}: it was changed by hand, and the promotion does not touch it\na new generation without a change of files\n`],
  ['a removed file without a change', { now: 'x', before: 'x', disk: none }, `leave    ${PATH}: it was changed by hand, and the promotion does not touch it\na new generation without a change of files\n`],
  ['an edited file that is to be restored', { now: 'x', before: 'x', disk: file('z'), drift: 'restore' }, `write    ${PATH} (0644 root:root, 1 bytes, what is there is saved)\n1 step\n`],
  ['a removal', { now: null, before: 'x', disk: file('x') }, `remove   ${PATH}\n1 step\n`],
  ['a removal of an edited file', { now: null, before: 'x', disk: file('z') }, `remove   ${PATH} (what is there is saved)\n1 step\n`],
  ['a removal of a file that is gone', { now: null, before: 'x', disk: none }, 'a new generation without a change of files\n'],
  ['a removal of what became a link', { now: null, before: 'x', disk: link }, `leave    ${PATH}: a symbolic link lies there, which is not ours\na new generation without a change of files\n`],
  ['a stranger\'s file that no manifest names', { now: null, before: null, disk: file('z') }, 'a new generation without a change of files\n'],
];

describe('plan', () => {
  test.each(CASES)('%s', (_, given, lines) => {
    expect(formatPlan(planOne(given))).toBe(lines);
  });

  test('a grant that came late is told', () => {
    const text = formatPlan({ ...planOne({ now: 'x', before: 'x', disk: file('x') }), late: ['datanode'] });
    expect(text).toMatch(/^late {5}the grant of datanode has ended, .*\n/);
  });

  const directories: [string, Partial<DirectoryEntry>, Observed, string][] = [
    ['is made', {}, none, 'mkdir    /data/1 (0700 hdfs:hdfs)\n1 step\n'],
    ['is adjusted', {}, { ...seenDirectory, mode: '0755' }, 'adjust   /data/1 (0700 hdfs:hdfs)\n1 step\n'],
    ['is left as wanted', {}, seenDirectory, 'a new generation without a change of files\n'],
    [
      'is blocked by a file',
      {},
      file('x'),
      'blocked  /data/1: a directory is wanted, and a file lies there\nnothing would be applied\n',
    ],
    [
      'waits for a mount',
      { mountpoint: true },
      seenDirectory,
      'leave    /data/1: it is no mount point, so it is not created\na new generation without a change of files\n',
    ],
    [
      'is adjusted when mounted',
      { mountpoint: true },
      { ...seenDirectory, mountpoint: true, owner: 'root' },
      'adjust   /data/1 (0700 hdfs:hdfs)\n1 step\n',
    ],
  ];
  test.each(directories)('a directory %s', (_, entry, disk, lines) => {
    const manifest = sampleManifest([], { directories: [{ ...directory, ...entry }] });
    const observation = new Map([[directory.path, disk]]);
    expect(
      formatPlan(planFiles({ target: { seq: 1, manifest }, active: undefined, observation, drift: 'keep' })),
    ).toBe(lines);
  });

  test('a directory whose mode was changed by hand is left, unless the promotion changes it', () => {
    const manifest = sampleManifest([], { directories: [directory] });
    const observation = new Map<string, Observed>([[directory.path, { ...seenDirectory, mode: '0711' }]]);
    const same = planFiles({
      target: { seq: 2, manifest },
      active: { seq: 1, manifest, links: {} },
      observation,
      drift: 'keep',
    });
    expect(same).toMatchObject({ steps: [], left: [{ path: '/data/1' }] });
    const changed = sampleManifest([], { directories: [{ ...directory, mode: '0750' }] });
    const request = {
      target: { seq: 2, manifest: changed },
      active: { seq: 1, manifest, links: {} },
      observation,
    };
    expect(planFiles({ ...request, drift: 'keep' }).steps).toMatchObject([{ kind: 'adjust-directory' }]);
  });

  test('what stands in the way of one file holds back all', () => {
    const manifest = sampleManifest([sampleFile('/etc/hadoop/a', 'x'), sampleFile('/etc/hadoop/b', 'y')]);
    const observation = new Map([['/etc/hadoop/b', link]]);
    const blocked = planFiles({
      target: { seq: 1, manifest },
      active: undefined,
      observation,
      drift: 'keep',
    });
    expect(blocked).toMatchObject({ steps: [], obstacles: [{ path: '/etc/hadoop/b' }] });
  });

  test('drift is what differs from the active generation, sorted', () => {
    const manifest = sampleManifest(['/etc/c', '/etc/b', '/etc/a'].map((path) => sampleFile(path, 'x')));
    const observation = new Map([
      ['/etc/a', file('x')],
      ['/etc/b', file('x', { group: 'hdfs' })],
    ]);
    expect(driftOf({ manifest, links: {} }, observation)).toEqual(['/etc/b', '/etc/c']);
    const links = { '/opt/a': 'a-1', '/opt/b': 'b-1', '/opt/c': 'c-1' };
    const seen = new Map<string, Observed>([
      ['/opt/a', { kind: 'link', target: 'a-1' }],
      ['/opt/b', { kind: 'link', target: 'b-2' }],
    ]);
    expect(driftOf({ manifest: sampleManifest([]), links }, seen)).toEqual(['/opt/b', '/opt/c']);
    expect(driftOf(undefined, observation)).toEqual([]);
  });
});
