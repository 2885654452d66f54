import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blobCommand, ObjectImport, type PathChange } from './object-import.ts';
import { objectId, parseCommit } from './objects.ts';
import { readObject } from './read-objects.ts';
import { readTree } from './read-tree.ts';
import { listRefs, resolve } from './refs.ts';
import type { Repository } from './repository.ts';
import { GitError } from './run-git.ts';
import { commitOf, temporaryRepository, textsOf, WHO } from './temporary-repository.ts';

async function sendText(objects: ObjectImport, text: string): Promise<string> {
  const bytes = Buffer.from(text);
  const [head, tail] = blobCommand(bytes);
  await objects.write(Buffer.concat([Buffer.from(head), bytes, Buffer.from(tail)]));
  return objectId('blob', bytes);
}

function commit(objects: ObjectImport, changes: Iterable<PathChange>, parent?: string) {
  return objects.commit({ parent, changes, author: WHO, committer: WHO, message: 'é\n' });
}

/** Everything below the folder of objects. */
async function objectFiles({ gitDir }: Repository): Promise<string[]> {
  const files = await readdir(join(gitDir, 'objects'), { recursive: true });
  return files.filter((file) => !/^(?:info|pack)$/.test(file)).sort();
}

test('objects are in the repository once they are kept, and not before', async () => {
  const repository = await temporaryRepository();
  const objects = await ObjectImport.start(repository);
  const [one, two] = [await sendText(objects, '1'), await sendText(objects, 'ü'.repeat(5_000_000))];
  const made = await commit(objects, [
    { path: 'a/1', file: one },
    { path: 'a/"2"', file: two },
    { path: 'b', file: one },
  ]);
  expect(await resolve(repository, `${made.commit}^{commit}`)).toBeUndefined();
  expect(await readObject(repository, one)).toBeUndefined();
  await objects.keep();
  expect(await resolve(repository, `${made.commit}^{tree}`)).toBe(made.tree);
  expect(textsOf(await readTree(repository, made.commit))).toEqual({
    'a/1': '1',
    'a/"2"': 'ü'.repeat(5_000_000),
    b: '1',
  });
  const { content } = (await readObject(repository, made.commit))!;
  expect(parseCommit(content!)).toMatchObject({ parents: [], author: WHO, committer: WHO, message: 'é\n' });
  expect((await objectFiles(repository)).filter((file) => file.includes('tmp'))).toEqual([]);
  execFileSync('git', ['fsck', '--strict', '--no-dangling'], { cwd: repository.gitDir, stdio: 'pipe' });
});

test('folders that were made before stand in the commit as if it had made them', async () => {
  const repository = await temporaryRepository();
  const base = await commitOf(repository, { 'b/y/1': '1', 'b/y/2': '2' });
  const stored = (await resolve(repository, `${base}:b/y`))!;
  const objects = await ObjectImport.start(repository);
  const [one, two] = [await sendText(objects, 'one'), await sendText(objects, 'two')];
  const first = await objects.folder('a/"x"', [
    { path: 'a/"x"/f', file: one },
    { path: 'a/"x"/g/h', file: two },
  ]);
  const three = await sendText(objects, 'three');
  const second = await objects.folder('b/y', [
    { path: 'b/y', folder: stored },
    { path: 'b/y/2', removed: true },
    { path: 'b/y/3', file: three },
  ]);
  const nothing = await objects.folder('c', []);
  const [x, y] = await Promise.all([first.tree, second.tree]);
  expect(await nothing.tree).toBeUndefined();
  const made = await commit(objects, [
    { path: 'a/"x"', folder: x! },
    { path: 'b/y', folder: y! },
  ]);
  await objects.keep();
  const texts = { 'a/"x"/f': 'one', 'a/"x"/g/h': 'two', 'b/y/1': '1', 'b/y/3': 'three' };
  expect(textsOf(await readTree(repository, made.commit))).toEqual(texts);
  expect(made.tree).toBe(await resolve(repository, `${await commitOf(repository, texts)}^{tree}`));
  expect(await listRefs(repository, ['refs/'])).toEqual(new Map());
  execFileSync('git', ['fsck', '--strict', '--no-dangling'], { cwd: repository.gitDir, stdio: 'pipe' });
});

test('a folder that git cannot make is told, and so is the commit', async () => {
  const objects = await ObjectImport.start(await temporaryRepository());
  const { tree } = await objects.folder('a', [{ path: 'a', folder: 'f'.repeat(40) }]);
  await expect(tree).rejects.toThrow(GitError);
  await expect(commit(objects, [])).rejects.toThrow(GitError);
  await objects.drop();
});

test('many objects are kept as one pack, few as files', async () => {
  const repository = await temporaryRepository();
  for (const count of [150, 5]) {
    const objects = await ObjectImport.start(repository);
    const changes: PathChange[] = [];
    for (let at = 0; at < count; at += 1)
      changes.push({ path: `f/${at}`, file: await sendText(objects, `${count} ${at}`) });
    const made = await commit(objects, changes);
    await objects.keep();
    expect((await readTree(repository, made.commit)).size).toBe(count);
  }
  const files = await objectFiles(repository);
  expect(files.filter((file) => file.endsWith('.pack'))).toHaveLength(1);
  expect(files.filter((file) => /^..\/.{38}$/.test(file)).length).toBeGreaterThanOrEqual(5);
});

test('what is dropped leaves nothing', async () => {
  const repository = await temporaryRepository();
  const before = await objectFiles(repository);
  const early = await ObjectImport.start(repository);
  await sendText(early, 'x');
  await early.drop();
  const late = await ObjectImport.start(repository);
  await commit(late, [{ path: 'x', file: await sendText(late, 'x') }]);
  await late.drop();
  await late.drop();
  expect(await objectFiles(repository)).toEqual(before);
});

test('folders come by their ids, and what is in them can be changed', async () => {
  const repository = await temporaryRepository();
  const old = await commitOf(repository, { 'a/x/1': 'one', 'a/x/2': 'two', 'a/y/1': 'three', other: '' });
  const folder = (await resolve(repository, `${old}:a`))!;
  const objects = await ObjectImport.start(repository);
  const changes: PathChange[] = [
    { path: 'a', folder },
    { path: 'a/x/1', removed: true },
    { path: 'a/x/3', file: await sendText(objects, 'new') },
    { path: 'a/y', removed: true },
    { path: 'b', folder },
  ];
  const made = await commit(objects, changes, old);
  await objects.keep();
  expect(textsOf(await readTree(repository, made.commit))).toEqual({
    'a/x/2': 'two',
    'a/x/3': 'new',
    'b/x/1': 'one',
    'b/x/2': 'two',
    'b/y/1': 'three',
  });
});

test('git that fails is told, and leaves nothing', async () => {
  const repository = await temporaryRepository();
  const before = await objectFiles(repository);
  const objects = await ObjectImport.start(repository);
  await expect(commit(objects, [{ path: 'x', file: 'f'.repeat(40) }])).rejects.toThrow(GitError);
  await objects.drop();
  const dead = await ObjectImport.start(repository);
  const flood = async () => {
    await dead.write('nonsense\n');
    for (;;) await dead.write(Buffer.alloc(1 << 20));
  };
  await expect(flood()).rejects.toThrow(GitError);
  await dead.drop();
  await expect(
    commit(await ObjectImport.start(repository), [{ path: '../x', removed: true }]),
  ).rejects.toThrow('not a path of a tree');
  expect((await objectFiles(repository)).filter((file) => !file.includes('tmp_objdir'))).toEqual(before);
});

// git waits ten seconds for each lock that it meets.
test('locks of refs that a killed git has left stop no import, and the settings of the repository count', async () => {
  const repository = await temporaryRepository();
  const { gitDir } = repository;
  mkdirSync(join(gitDir, 'refs', 'khp'));
  for (const lock of ['packed-refs.lock', 'refs/khp/commit.lock', 'refs/khp/folder.lock'])
    writeFileSync(join(gitDir, lock), '');
  execFileSync('git', ['config', 'core.sharedRepository', '0660'], { cwd: gitDir });
  chmodSync(join(gitDir, 'objects'), 0o2770);
  const parent = await commitOf(repository, { a: 'a' });
  const objects = await ObjectImport.start(repository);
  const one = await sendText(objects, '1');
  await (await objects.folder('b', [{ path: 'b/1', file: one }])).tree;
  const made = await commit(objects, [{ path: 'b/1', file: one }], parent);
  await objects.keep();
  expect(textsOf(await readTree(repository, made.commit))).toEqual({ 'b/1': '1' });
  const file = join(gitDir, 'objects', one.slice(0, 2), one.slice(2));
  expect((statSync(file).mode & 0o777).toString(8)).toBe('440');
}, 9_000);
