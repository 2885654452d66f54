import { expect, test } from 'vitest';
import type { ServiceEntry } from '../contract/manifest.ts';
import { sampleService } from '../contract/sample-service.ts';
import type { Bundle } from './bundle.ts';
import { compareBundles } from './change.ts';
import { effectOf } from './effect/effect.ts';
import { groupChanges } from './group-changes.ts';

const service = sampleService();

interface Sample {
  readonly host: string;
  readonly files: Readonly<Record<string, string>>;
  readonly services?: ServiceEntry[];
  readonly mode?: string;
}

function bundle({ host, files, services = [service], mode = '0644' }: Sample): Bundle {
  return {
    manifest: {
      schema: 'khp.bundle/1',
      host,
      cluster: 'x',
      type: 'alpha',
      release: 'r',
      roles: ['datanode'],
      files: Object.keys(files).map((path) => ({
        path,
        sha256: '0'.repeat(64),
        effect: effectOf(files[path]!, 'properties'),
        size: 1,
        mode,
        owner: 'root',
        group: 'root',
        restart: ['datanode', 'namenode'],
        reload: [],
      })),
      directories: [],
      artifacts: [],
      services,
      secrets: [],
      metrics: [],
      logs: [],
    },
    files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
  };
}

test('the same edit on several hosts is one group, whatever stands around it', () => {
  const text = (host: string, value: number) => `# ${host}\nhandlers=${value}\nend\n`;
  const before = ['h1', 'h2'].map((host) => bundle({ host, files: { '/etc/a': text(host, 1) } }));
  const after = ['h1', 'h2'].map((host) => bundle({ host, files: { '/etc/a': text(host, 2) } }));
  const groups = groupChanges(compareBundles(before, after));
  expect(groups).toHaveLength(1);
  expect(groups[0]).toMatchObject({ path: '/etc/a', kind: 'changed', added: 1, removed: 1 });
  expect(groups[0]?.hosts).toEqual(['alpha/x/h1', 'alpha/x/h2']);
  expect(groups[0]?.hunks[0]?.lines).toEqual([' # h1', '-handlers=1', '+handlers=2', ' end']);
  // A namenode is named by the file, but does not run here.
  expect([...groups[0]!.restart]).toEqual([['datanode', ['alpha/x/h1', 'alpha/x/h2']]]);
});

test('a comment asks for no restart', () => {
  const before = [bundle({ host: 'h1', files: { '/etc/a': 'x=1\n' } })];
  const after = [bundle({ host: 'h1', files: { '/etc/a': '# why\nx=1\n' } })];
  expect(compareBundles(before, after).map(({ path, restart }) => [path, restart])).toEqual([['/etc/a', []]]);
});

test('nothing changed gives nothing', () => {
  const bundles = [bundle({ host: 'h1', files: { '/etc/a': 'x' } })];
  expect(groupChanges(compareBundles(bundles, bundles))).toEqual([]);
});

test('hosts that come or go show what is on them, alike ones once', () => {
  const hosts = ['h1', 'h2'].map((host) => bundle({ host, files: { '/etc/a': `${host}\n` } }));
  const [one] = hosts;
  const groups = groupChanges(compareBundles([], hosts));
  expect(groups.map(({ path, kind, hosts }) => [path, kind, hosts])).toEqual([
    ['host', 'added', ['alpha/x/h1', 'alpha/x/h2']],
  ]);
  expect(groups[0]?.hunks[0]?.lines).toEqual([
    '+release r',
    '+role datanode',
    '+service hadoop datanode',
    '+file /etc/a',
  ]);
  expect(compareBundles([one!], []).map(({ path, kind, restart }) => [path, kind, restart])).toEqual([
    ['host', 'removed', []],
  ]);
  // Its daemons start for the first time.
  expect(compareBundles([], [one!]).flatMap(({ restart }) => restart)).toEqual([]);
  const idle = bundle({ host: 'h1', files: { '/etc/a': 'y\n' }, services: [] });
  expect(compareBundles([idle], [one!]).flatMap(({ restart }) => restart)).toEqual([]);
});

test('a mode, or the definition of a service, is a change of the manifest', () => {
  const files = { '/etc/a': 'x\n' };
  const before = [bundle({ host: 'h1', files })];
  const mode = compareBundles(before, [bundle({ host: 'h1', files, mode: '0600' })]);
  expect(mode.map(({ path, restart }) => [path, restart])).toEqual([['manifest.json', []]]);
  const redefined = [bundle({ host: 'h1', files, services: [{ ...service, command: 'hdfs datanode -x' }] })];
  const command = compareBundles(before, redefined);
  expect(command.map(({ path, restart }) => [path, restart])).toEqual([['manifest.json', ['datanode']]]);
});

test('a text too different to compare line by line is shown as replaced', () => {
  const lines = (prefix: string) =>
    `${Array.from({ length: 6000 }, (_, index) => `${prefix}${index}`).join('\n')}\n`;
  const groups = groupChanges(
    compareBundles(
      [bundle({ host: 'h', files: { '/etc/a': lines('a') } })],
      [bundle({ host: 'h', files: { '/etc/a': lines('b') } })],
    ),
  );
  expect(groups[0]).toMatchObject({ added: 6000, removed: 6000 });
});
