import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCommit, formatTree, objectId, parseCommit, parseTree, treeIds } from './objects.ts';
import { readObject, readObjects } from './read-objects.ts';
import { listTree, readTree } from './read-tree.ts';
import { isAncestor, listRefs } from './refs.ts';
import { commitOf, temporaryRepository, textsOf, WHO } from './temporary-repository.ts';
import { type NewFile, writeCommit } from './write-commit.ts';
import { writeObjects } from './write-objects.ts';

describe('commits', () => {
  test('what was written is read back, whatever the names and bytes', async () => {
    const repository = await temporaryRepository();
    const name = fc
      .string({ minLength: 1, maxLength: 8, unit: 'grapheme' })
      .filter((text) => !/[/\0]/.test(text) && !['.', '..', '.git'].includes(text) && text.isWellFormed());
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    const bytes = fc.uint8Array({ maxLength: 300 });
    const files = fc
      .dictionary(path, bytes, { maxKeys: 12, noNullPrototype: true })
      .filter((tree) =>
        Object.keys(tree).every((a) => !Object.keys(tree).some((b) => b.startsWith(`${a}/`))),
      );
    await fc.assert(
      fc.asyncProperty(files, async (tree) => {
        const list: NewFile[] = Object.entries(tree).map(([file, content]) => ({
          path: file,
          bytes: content,
        }));
        const id = await writeCommit({
          repository,
          files: list,
          author: WHO,
          committer: WHO,
          message: 'é\n',
        });
        const read = await readTree(repository, id);
        expect(
          Object.fromEntries([...read].map(([file, content]) => [file, new Uint8Array(content)])),
        ).toEqual(tree);
        const ids = list.map(({ path: file, bytes: content }) => ({
          path: file,
          id: objectId('blob', content),
        }));
        const commit = parseCommit((await readObject(repository, id))!.content!)!;
        expect(commit.tree).toBe(treeIds(ids).get(''));
        expect(commit).toMatchObject({ parents: [], author: WHO, committer: WHO, message: 'é\n' });
        expect(objectId('commit', formatCommit(commit))).toBe(id);
      }),
      {
        numRuns: 40,
        examples: [[{ 'a"b\\c\nd': new Uint8Array([1]), '-x': new Uint8Array(), 'a b/c': new Uint8Array() }]],
      },
    );
    expect((await listRefs(repository, ['refs/'])).size).toBe(0);
  });

  test('a commit has the files that were told, and nothing else of its parent', async () => {
    const repository = await temporaryRepository();
    const first = await commitOf(repository, { 'a/1': 'one', 'a/2': 'two', b: 'one' });
    const full = await commitOf(repository, { 'a/1': 'ONE', b: 'one', c: 'new' }, { parent: first });
    expect(await commitOf(repository, { c: 'new', b: 'one', 'a/1': 'ONE' }, { parent: first })).toBe(full);
    expect(textsOf(await readTree(repository, full))).toEqual({ 'a/1': 'ONE', b: 'one', c: 'new' });
    expect(textsOf(await readTree(repository, full, 'a'))).toEqual({ '1': 'ONE' });
    expect(await readTree(repository, full, 'nowhere')).toEqual(new Map());
    expect(await isAncestor(repository, first, full)).toBe(true);
    expect(await isAncestor(repository, full, first)).toBe(false);
    expect(await isAncestor(repository, full, 'f'.repeat(40))).toBeUndefined();
    execFileSync('git', ['fsck', '--strict', full], { cwd: repository.gitDir, stdio: 'pipe' });
  });

  test.each(['../a', 'a/../b', '/a', 'a//b', 'a/', '', 'a\0b', './a'])(
    'refuses the path %j',
    async (path) => {
      const repository = await temporaryRepository();
      await expect(commitOf(repository, { [path]: 'x' })).rejects.toThrow('not a path of a tree');
      expect((await listRefs(repository, ['refs/'])).size).toBe(0);
    },
  );

  test('trees are listed as they are: links, submodules, sizes', async () => {
    const repository = await temporaryRepository();
    const [blob] = await writeObjects(repository, [{ type: 'blob', content: Buffer.from('12345') }]);
    const entries = [
      { mode: '120000', name: 'link', id: blob! },
      { mode: '100755', name: 'run', id: blob! },
      { mode: '160000', name: 'sub', id: 'e'.repeat(40) },
    ];
    expect(parseTree(formatTree(entries))).toEqual(entries);
    const [tree] = await writeObjects(repository, [{ type: 'tree', content: formatTree(entries) }]);
    const lines = await listTree({ repository, treeish: tree!, sizes: true });
    expect(lines.map(({ mode, path, size }) => [mode, path, size])).toEqual([
      ['120000', 'link', 5],
      ['100755', 'run', 5],
      ['160000', 'sub', undefined],
    ]);
    expect(textsOf(await readTree(repository, tree!))).toEqual({ run: '12345' });
  });

  test('objects come in the order asked for, missing and oversize ones marked', async () => {
    const repository = await temporaryRepository();
    const large = Buffer.alloc(300_000, 'x');
    const contents = [Buffer.from('a'), large, Buffer.alloc(0)];
    const ids = await writeObjects(
      repository,
      contents.map((content) => ({ type: 'blob' as const, content })),
    );
    const seen: unknown[] = [];
    const names = [ids[2]!, 'no such thing', ids[1]!, ids[0]!, ids[2]!];
    await readObjects({ repository, names, maxBytes: 1000 }, (object) =>
      seen.push(object && [object.size, object.content?.length]),
    );
    expect(seen).toEqual([[0, 0], undefined, [300_000, undefined], [1, 1], [0, 0]]);
    expect((await readObject(repository, ids[1]!))!.content).toEqual(large);
  });
});
