import { expect, test } from 'vitest';
import { readWorkTree } from '../compiler/1-load/read-files.ts';
import { compile } from '../compiler/compile.ts';
import type { Place } from '../compiler/contract/diagnostic.ts';
import { ROOT } from './temporary-workspace.ts';

const sample = readWorkTree(ROOT);

interface Edit {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

/** What a check of one cluster of the sample workspace finds after an edit. */
function checkAfter({ file, from, to }: Edit, cluster: string) {
  const before = new TextDecoder().decode(sample.value.get(file));
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  const files = new Map([...sample.value, [file, new TextEncoder().encode(after)]]);
  const matches = (host: { type: string; cluster: string }) => `${host.type}/${host.cluster}` === cluster;
  const { diagnostics } = compile({ files, diagnostics: sample.diagnostics }, { matches });
  /** The line of a place. */
  const lineAt = ({ file: name, line }: Place): string =>
    new TextDecoder().decode(files.get(name)).split('\n')[line - 1]!.trim();
  return { diagnostics, lineAt };
}

// An edit, the rule or declaration that it breaks, and the lines that collide.
test.each([
  [
    { file: 'inventories/alpha/hadoop-x.ini', from: /\n.*zookeeper_id=4/, to: '' },
    'check/broken-rule',
    'A quorum of 2 zookeepers',
    ['quorum:'],
  ],
  [
    { file: 'inventories/alpha/hadoop-x.ini', from: 'zookeeper_id=2', to: 'zookeeper_id=1' },
    'check/broken-rule',
    'Two members of the quorum have one id',
    ['hadoop-x-1.alpha.example.test zookeeper_id=1', 'hadoop-x-2.alpha.example.test zookeeper_id=1', 'ids:'],
  ],
  [
    { file: 'inventories/alpha/hadoop-x.yml', from: '\nhdfs_disks', to: '\nhdfs_replication: 8\nhdfs_disks' },
    'check/broken-rule',
    'More copies of a block than there are datanodes',
    ['hdfs_replication: 8', 'replication:'],
  ],
  [
    {
      file: 'inventories/alpha/hadoop-x.yml',
      from: '\nhdfs_disks',
      to: '\nzookeeper_client_port: 8088\nhdfs_disks',
    },
    'check/broken-rule',
    'One port is used twice on the host',
    ['zookeeper_client_port: 8088', expect.stringContaining('http: 8088')],
  ],
  [
    {
      file: 'inventories/alpha/hadoop-x.yml',
      from: 'hdfs_million_objects: 3',
      to: 'hdfs_million_objects: 64',
    },
    'check/broken-rule',
    'The daemons of the host want more memory than it has',
    ['hdfs_million_objects: 64', 'heaps:'],
  ],
  [
    { file: 'inventories/alpha/_default.yml', from: 'hdfs_replication: 2', to: 'hdfs_replication: 0' },
    'check/wrong-value',
    '`hdfs_replication` is 0, but must be at least 1',
    ['hdfs_replication: 0', expect.stringMatching(/^hdfs_replication: \{ type: int/)],
  ],
])('%j', (edit, code, message, lines) => {
  const { diagnostics, lineAt } = checkAfter(edit, 'alpha/hadoop-x');
  const found = diagnostics.find((problem) => problem.code === code && problem.message.startsWith(message));
  expect(diagnostics.map((problem) => `${problem.code} ${problem.message}`)).not.toEqual([]);
  const shown = [found!.place!, ...(found?.related ?? []).map(({ place }) => place)].map(lineAt);
  expect(shown).toEqual(expect.arrayContaining(lines));
});
