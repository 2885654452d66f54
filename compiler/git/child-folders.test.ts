import { expect, test } from 'vitest';
import { childFolders } from './child-folders.ts';
import { FOLDER_MODE, formatTree, objectId } from './objects.ts';
import { resolve } from './refs.ts';
import { GitError } from './run-git.ts';
import { commitOf, temporaryRepository } from './temporary-repository.ts';
import { writeObjects } from './write-objects.ts';

test('folders whose names fit come in order, with the tree that has them', async () => {
  const repository = await temporaryRepository();
  const commit = await commitOf(repository, { 'a/1': '', 'b/1': '', c: '', 'A/1': '' });
  const tree = (await resolve(repository, `${commit}^{tree}`))!;
  const other = (await resolve(repository, `${await commitOf(repository, { 'x/1': '' })}^{tree}`))!;
  const found = await childFolders(repository, [tree, other], /^[a-z]$/);
  expect(found.map(({ name, parent }) => [name, parent])).toEqual([
    ['a', 0],
    ['b', 0],
    ['x', 1],
  ]);
});

test('a tree that is not there has not just no folders', async () => {
  const repository = await temporaryRepository();
  const missing = objectId('tree', formatTree([{ mode: FOLDER_MODE, name: 'a', id: 'e'.repeat(40) }]));
  const asked = childFolders(repository, [missing], /./);
  await expect(asked).rejects.toThrow(GitError);
  await expect(asked).rejects.toThrow(`the repository lacks the object ${missing}; git fsck`);
  const [file] = await writeObjects(repository, [{ type: 'blob', content: Buffer.from('a') }]);
  await expect(childFolders(repository, [file!], /./)).rejects.toThrow('lacks');
});
