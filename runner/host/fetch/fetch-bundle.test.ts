import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostRef } from '../../../compiler/contract/names.ts';
import { FILE_MODE, FOLDER_MODE, formatCommit, formatTree, objectId } from '../../../compiler/git/objects.ts';
import { resolve, updateRefs } from '../../../compiler/git/refs.ts';
import { git } from '../../../compiler/git/repository.ts';
import { writeCommit } from '../../../compiler/git/write-commit.ts';
import { type NewObject, writeObjects } from '../../../compiler/git/write-objects.ts';
import { sampleFleet } from '../sample-fleet.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fetchBundle } from './fetch-bundle.ts';

const CORE = '/etc/hadoop/conf/core-site.xml';

test('what a kill left in the repository is no hindrance', async () => {
  const fleet = await sampleFleet();
  await fleet.promote({ files: { [CORE]: 'one\n' } });
  await fleet.command('apply');
  const repository = join(fleet.root, 'var/lib/khp/repo.git');
  for (const lock of ['shallow.lock', 'packed-refs.lock', 'config.lock'])
    writeFileSync(join(repository, lock), '');
  const ref = (await git({ gitDir: repository, caller: 'host' }, ['for-each-ref', '--format=%(refname)']))
    .stdout;
  writeFileSync(join(repository, `${ref.toString().trim()}.lock`), '');
  await fleet.promote({ files: { [CORE]: 'two\n' }, promotion: { seq: 2 } });
  expect(await fleet.command('apply')).toMatchObject({ exit: 0, stderr: '' });
  expect(readFileSync(join(fleet.root, CORE), 'utf8')).toBe('two\n');
});

test('a few trees that name each other millions of times are not listed, nor a huge commit read', async () => {
  const { config } = await sampleFleet();
  const bomb: NewObject[] = [{ type: 'blob', content: Buffer.from('x') }];
  for (let depth = 0; depth < 6; depth += 1) {
    const id = objectId(bomb.at(-1)!.type, bomb.at(-1)!.content);
    const entries = Array.from({ length: 10 }, (_, index) => {
      return { mode: depth === 0 ? FILE_MODE : FOLDER_MODE, name: `${'n'.repeat(50)}${index}`, id };
    });
    bomb.push({ type: 'tree', content: formatTree(entries) });
  }
  const who = { name: 'a', email: 'a@example', time: 1, zone: '+0000' };
  const tree = objectId('tree', bomb.at(-1)!.content);
  const commit = { tree, parents: [], author: who, committer: who, message: 'x\n' };
  const huge = { ...commit, tree: objectId('tree', bomb[1]!.content), message: 'x'.repeat(70_000) };
  const contents = [commit, huge].map(formatCommit);
  const ids = await writeObjects(config, [
    ...bomb,
    ...contents.map((content) => ({ type: 'commit' as const, content })),
  ]);
  const gitDir = join(temporaryFolder(), 'repo.git');
  const outcomes = [];
  for (const id of ids.slice(-2)) {
    const ref = hostRef('dn1.example');
    await updateRefs(config, [{ ref, old: await resolve(config, ref), new: id }], 'test');
    outcomes.push(await fetchBundle({ gitDir, url: config.gitDir, host: 'dn1.example' }));
  }
  expect(outcomes).toEqual([
    {
      kind: 'failed',
      code: 'fetch/failed',
      message: 'git ls-tree: it printed more than 16777216 bytes',
    },
    {
      kind: 'refused',
      refusal: { code: 'accept/oversize', message: 'the commit has more than 65536 bytes' },
    },
  ]);
});

test('reads a tree as it is, and fetches no history', async () => {
  const fleet = await sampleFleet();
  const person = { name: 'a', email: 'a@example', time: 1, zone: '+0000' };
  const text = Buffer.from('text');
  const id = objectId('blob', text);
  const folder = formatTree([{ mode: FILE_MODE, name: 'b', id }]);
  const tree = formatTree([
    { mode: FOLDER_MODE, name: 'a', id: objectId('tree', folder) },
    { mode: '100755', name: 'run', id },
  ]);
  const first = await writeCommit({
    repository: fleet.config,
    files: [{ path: 'old', bytes: text }],
    author: person,
    committer: person,
    message: 'x\n',
  });
  const commit = formatCommit({
    tree: objectId('tree', tree),
    parents: [first],
    author: person,
    committer: person,
    message: 'x\n',
  });
  await writeObjects(fleet.config, [
    { type: 'blob', content: text },
    { type: 'tree', content: folder },
    { type: 'tree', content: tree },
    { type: 'commit', content: commit },
  ]);
  const second = objectId('commit', commit);
  await updateRefs(fleet.config, [{ ref: hostRef('dn1.example'), old: undefined, new: second }], 'test');
  const gitDir = join(temporaryFolder(), 'repo.git');
  const fetched = await fetchBundle({ gitDir, url: fleet.config.gitDir, host: 'dn1.example' });
  expect(fetched).toMatchObject({
    kind: 'bundle',
    bytes: {
      entries: [
        { path: 'a/b', mode: '100644' },
        { path: 'run', mode: '100755' },
      ],
      blobs: new Map([['a/b', text]]),
    },
  });
  const { exit } = await git({ gitDir, caller: 'host' }, ['cat-file', '-e', first], { exits: [0, 1, 128] });
  expect(exit).not.toBe(0);
});
