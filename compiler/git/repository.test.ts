import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { fetchRef, fetchRefs, remoteUrl, trackingRef } from './fetch.ts';
import { readPerson } from './identity.ts';
import {
  formatCommit,
  formatTree,
  type Identity,
  objectId,
  parseCommit,
  parseTree,
  treeIds,
} from './objects.ts';
import { push } from './push.ts';
import { readObject, readObjects } from './read-objects.ts';
import { listTree, readTree } from './read-tree.ts';
import { isAncestor, isRefName, listRefs, resolve, resolveCommit, updateRefs } from './refs.ts';
import { git, initRepository, openRepository, type Repository } from './repository.ts';
import { runGit } from './run-git.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { type NewFile, writeCommit } from './write-commit.ts';
import { writeObjects } from './write-objects.ts';

const who: Identity = { name: 'Ops', email: 'ops@example.com', time: 1_700_000_000, zone: '+0130' };

async function newRepository(): Promise<Repository> {
  return initRepository(join(await temporaryFolder(), 'r.git'));
}

function commitOf(
  repository: Repository,
  files: Record<string, string>,
  more: { parent?: string; message?: string; onTop?: { removed: string[] } } = {},
): Promise<string> {
  return writeCommit({
    repository,
    files: Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
    author: who,
    committer: who,
    message: 'm\n',
    ...more,
  });
}

function texts(tree: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries([...tree].map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]));
}

const ref = 'refs/heads/x';

describe('commits', () => {
  test('what was written is read back, whatever the names and bytes', async () => {
    const repository = await newRepository();
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
          author: who,
          committer: who,
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
        expect(commit).toMatchObject({ parents: [], author: who, committer: who, message: 'é\n' });
        expect(objectId('commit', formatCommit(commit))).toBe(id);
      }),
      {
        numRuns: 40,
        examples: [[{ 'a"b\\c\nd': new Uint8Array([1]), '-x': new Uint8Array(), 'a b/c': new Uint8Array() }]],
      },
    );
    expect((await listRefs(repository, ['refs/'])).size).toBe(0);
  });

  test('the same content has the same id, on top of a parent or in full', async () => {
    const repository = await newRepository();
    const first = await commitOf(repository, { 'a/1': 'one', 'a/2': 'two', b: 'one' });
    const full = await commitOf(repository, { 'a/1': 'ONE', b: 'one', c: 'new' }, { parent: first });
    const onTop = { removed: ['a/2'] };
    const changes = { 'a/1': 'ONE', c: 'new' };
    expect(await commitOf(repository, changes, { parent: first, onTop })).toBe(full);
    expect(texts(await readTree(repository, full))).toEqual({ 'a/1': 'ONE', b: 'one', c: 'new' });
    expect(texts(await readTree(repository, full, 'a'))).toEqual({ '1': 'ONE' });
    expect(await readTree(repository, full, 'nowhere')).toEqual(new Map());
    expect(await isAncestor(repository, first, full)).toBe(true);
    expect(await isAncestor(repository, full, first)).toBe(false);
    expect(await isAncestor(repository, full, 'f'.repeat(40))).toBeUndefined();
    execFileSync('git', ['fsck', '--strict', full], { cwd: repository.gitDir, stdio: 'pipe' });
  });

  test.each(['../a', 'a/../b', '/a', 'a//b', 'a/', '', 'a\0b', './a'])(
    'refuses the path %j',
    async (path) => {
      const repository = await newRepository();
      await expect(commitOf(repository, { [path]: 'x' })).rejects.toThrow('not a path of a tree');
      expect((await listRefs(repository, ['refs/'])).size).toBe(0);
    },
  );

  test('trees are listed as they are: links, submodules, sizes', async () => {
    const repository = await newRepository();
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
    expect(texts(await readTree(repository, tree!))).toEqual({ run: '12345' });
  });

  test('objects come in the order asked for, missing and oversize ones marked', async () => {
    const repository = await newRepository();
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

describe('refs', () => {
  test('move together from what was expected, or not at all', async () => {
    const repository = await newRepository();
    const [one, two] = [await commitOf(repository, { a: '1' }), await commitOf(repository, { a: '2' })];
    const move = (old: string | undefined, id: string | undefined, name = ref) => ({
      ref: name,
      old,
      new: id,
    });
    expect(
      await updateRefs(repository, [move(undefined, one), move(undefined, one, 'refs/y/z')], 'r'),
    ).toEqual({
      ok: true,
    });
    const wrong = [
      [move(undefined, two), move(one, two, 'refs/y/z')],
      [move(two, one), move(one, two, 'refs/y/z')],
      [move(one, two, 'refs/none'), move(one, two, 'refs/y/z')],
    ];
    for (const updates of wrong) {
      expect(await updateRefs(repository, updates, 'r')).toMatchObject({ ok: false });
      expect(await listRefs(repository, ['refs/'])).toEqual(
        new Map([
          [ref, one],
          ['refs/y/z', one],
        ]),
      );
    }
    expect(await updateRefs(repository, [move(one, two), move(one, undefined, 'refs/y/z')], 'r')).toEqual({
      ok: true,
    });
    expect(await listRefs(repository, ['refs/heads/x', 'refs/y/'])).toEqual(new Map([[ref, two]]));
    expect(await listRefs(repository, ['refs/heads'])).toEqual(new Map());
    await expect(updateRefs(repository, [move(two, one, 'refs/../x')], 'r')).rejects.toThrow(
      'not the name of a ref',
    );
  });

  test('of many writers at once one wins', async () => {
    const repository = await newRepository();
    const start = await commitOf(repository, { a: '0' });
    await updateRefs(repository, [{ ref, old: undefined, new: start }], 'r');
    const ids = await Promise.all(
      Array.from({ length: 8 }, (_, index) => commitOf(repository, { a: `${index + 1}` })),
    );
    const outcomes = await Promise.all(
      ids.map((id) => updateRefs(repository, [{ ref, old: start, new: id }], 'r')),
    );
    const winners = ids.filter((_, index) => outcomes[index]!.ok);
    expect(winners).toEqual([await resolve(repository, ref)]);
  });

  test('names that look like options or revisions of elsewhere name nothing', async () => {
    const repository = await newRepository();
    for (const name of ['--all', '-h', '--git-dir=/', 'HEAD', 'x:y', '@{-1}', 'a..b']) {
      expect(await resolveCommit(repository, name)).toBeUndefined();
    }
    expect(['refs/a', 'refs/heads/a-b.c'].map(isRefName)).toEqual([true, true]);
    const bad = [
      'HEAD',
      'refs/',
      'refs/a/',
      'refs//a',
      'refs/.a',
      'refs/a.lock',
      'refs/a..b',
      'refs/a b',
      'refs/a~1',
    ];
    expect(bad.filter(isRefName)).toEqual([]);
    const odd = [
      'refs/a\nb',
      'refs/a:b',
      'refs/a*',
      'refs/a@{1}',
      'refs/a\\b',
      'refs/a.',
      'refs/a[b',
      'refs/a?',
    ];
    expect(odd.filter(isRefName)).toEqual([]);
  });
});

describe('other repositories', () => {
  test('a push moves refs from what was expected, together, and a lost lease moves none', async () => {
    const [repository, target] = [await newRepository(), await newRepository()];
    const url = target.gitDir;
    const [one, two] = [await commitOf(repository, { a: '1' }), await commitOf(repository, { a: '2' })];
    const other = 'refs/khp/hosts/aa/b';
    const both = (old: string | undefined, id: string) => [
      { ref, old, new: id },
      { ref: other, old, new: id },
    ];
    expect(await push({ repository, url, updates: both(undefined, one) })).toEqual({ ok: true });
    expect(await listRefs(target, ['refs/'])).toEqual(
      new Map([
        [ref, one],
        [other, one],
      ]),
    );
    for (const old of [undefined, two]) {
      const updates = [
        { ref, old: one, new: two },
        { ref: other, old, new: two },
      ];
      expect(await push({ repository, url, updates })).toEqual({
        ok: false,
        reason: expect.stringContaining('stale info'),
      });
    }
    expect(await listRefs(target, ['refs/'])).toEqual(
      new Map([
        [ref, one],
        [other, one],
      ]),
    );
    // Backwards too: what counts is what was expected, not descent.
    expect(await push({ repository, url, updates: both(one, two) })).toEqual({ ok: true });
    expect(await listRefs(target, ['refs/'])).toEqual(
      new Map([
        [ref, two],
        [other, two],
      ]),
    );
    expect((await readdir(repository.gitDir)).filter((name) => name.startsWith('khp-'))).toEqual([]);
    expect((await listRefs(repository, ['refs/'])).size).toBe(0);
  });

  test('of many pushes at once one wins, and the others say that they lost', async () => {
    const [repository, target] = [await newRepository(), await newRepository()];
    const ids = await Promise.all(
      Array.from({ length: 6 }, (_, index) => commitOf(repository, { a: `${index}` })),
    );
    const outcomes = await Promise.all(
      ids.map((id) => push({ repository, url: target.gitDir, updates: [{ ref, old: undefined, new: id }] })),
    );
    const winners = ids.filter((_, index) => outcomes[index]!.ok);
    expect(winners).toEqual([await resolve(target, ref)]);
  });

  test('a refusal by the other side is an error with its words, not a lost race', async () => {
    const [repository, target] = [await newRepository(), await newRepository()];
    const id = await commitOf(repository, { a: '1' });
    const hook = join(target.gitDir, 'hooks', 'pre-receive');
    await mkdir(join(target.gitDir, 'hooks'), { recursive: true });
    await writeFile(hook, '#!/bin/sh\necho "not on a Friday" >&2\nexit 1\n');
    await chmod(hook, 0o755);
    const updates = [{ ref, old: undefined, new: id }];
    await expect(push({ repository, url: target.gitDir, updates })).rejects.toThrow('not on a Friday');
    await expect(push({ repository, url: `${target.gitDir}-gone`, updates })).rejects.toThrow('git push');
  });

  test('one ref is fetched, with the depth asked for, and nothing else', async () => {
    const [repository, target] = [await newRepository(), await newRepository()];
    const url = target.gitDir;
    const first = await commitOf(target, { a: '1' });
    const second = await commitOf(target, { a: '2' }, { parent: first });
    const moves = [
      { ref, old: undefined, new: second },
      { ref: 'refs/tags/t', old: undefined, new: first },
    ];
    await updateRefs(target, moves, 'r');
    const fileUrl = `file://${url}`;
    expect(await fetchRef({ repository, url: fileUrl, ref, depth: 1 })).toBe(second);
    expect(await readObject(repository, first)).toBeUndefined();
    expect(texts(await readTree(repository, second))).toEqual({ a: '2' });
    expect([...(await listRefs(repository, ['refs/'])).keys()]).toEqual([trackingRef(fileUrl, ref)]);
    expect(await fetchRef({ repository, url: fileUrl, ref: 'refs/heads/none' })).toBeUndefined();
    await expect(fetchRef({ repository, url: `${url}-gone`, ref })).rejects.toThrow('git fetch');
    await expect(fetchRef({ repository, url: 'ext::touch x', ref })).rejects.toThrow('not an absolute path');
    await expect(fetchRef({ repository, url, ref: '--upload-pack=touch' })).rejects.toThrow(
      'not the name of a ref',
    );
  });

  test('refs by prefix follow the other side: new, moved, gone', async () => {
    const [repository, target] = [await newRepository(), await newRepository()];
    const request = { repository, url: target.gitDir, prefixes: ['refs/khp/hosts/', 'refs/heads/bundles'] };
    const [one, two] = [await commitOf(target, { a: '1' }), await commitOf(target, { a: '2' })];
    const [a, b, bundles] = ['refs/khp/hosts/00/a', 'refs/khp/hosts/01/b', 'refs/heads/bundles'];
    const add = (name: string, id: string) => ({ ref: name, old: undefined, new: id });
    expect(await fetchRefs(request)).toEqual(new Map());
    await updateRefs(
      target,
      [add(a, one), add(b, one), add('refs/heads/bundles2', one), add('refs/x/refs/heads/bundles', one)],
      'r',
    );
    expect(await fetchRefs(request)).toEqual(
      new Map([
        [a, one],
        [b, one],
      ]),
    );
    await updateRefs(
      target,
      [{ ref: a, old: one, new: two }, { ref: b, old: one, new: undefined }, add(bundles, two)],
      'r',
    );
    expect(await fetchRefs(request)).toEqual(
      new Map([
        [a, two],
        [bundles, two],
      ]),
    );
    expect(texts(await readTree(repository, two))).toEqual({ a: '2' });
    await updateRefs(target, [{ ref: bundles, old: two, new: undefined }], 'r');
    expect(await fetchRefs(request)).toEqual(new Map([[a, two]]));
  });

  test.each([
    ['../config.git', '/base/config.git'],
    ['/srv/config.git', '/srv/config.git'],
    ['./a:b', '/base/ws/a:b'],
    ['git@example.com:ops/config.git', 'git@example.com:ops/config.git'],
    ['ssh://git@example.com/x', 'ssh://git@example.com/x'],
    ['https://example.com/x', 'https://example.com/x'],
    ['ext::sh -c id', undefined],
    ['--upload-pack=id', undefined],
    ['ssh://-oProxyCommand=id/x', undefined],
    ['-x:y', undefined],
    ['ftp://example.com/x', undefined],
    ['', undefined],
  ])('the url %j is %j', (text, expected) => {
    expect(remoteUrl(text, '/base/ws')).toBe(expected);
  });
});

describe('the surroundings', () => {
  test("neither hooks nor configuration nor environment make git run a repository's programs", async () => {
    const folder = await temporaryFolder();
    const repository = await initRepository(join(folder, 'r.git'), 'host');
    const mark = join(folder, 'ran');
    const program = join(folder, 'program');
    await writeFile(program, `#!/bin/sh\ntouch ${mark}\nexit 0\n`);
    await chmod(program, 0o755);
    await mkdir(join(repository.gitDir, 'hooks'), { recursive: true });
    for (const hook of ['reference-transaction', 'post-update', 'pre-push', 'update', 'pre-auto-gc']) {
      await symlink(program, join(repository.gitDir, 'hooks', hook));
    }
    const settings = ['core.fsmonitor', 'core.sshCommand', 'core.gitProxy', 'credential.helper'];
    for (const setting of settings) await git(repository, ['config', setting, program]);
    const id = await commitOf(repository, { a: '1' });
    await updateRefs(repository, [{ ref, old: undefined, new: id }], 'r');
    const target = await initRepository(join(folder, 'target.git'));
    await push({ repository, url: target.gitDir, updates: [{ ref, old: undefined, new: id }] });
    expect(await fetchRef({ repository, url: target.gitDir, ref })).toBe(id);
    const failing = fetchRef({ repository, url: 'ssh://khp.invalid/x', ref, timeout: 20_000 });
    await expect(failing).rejects.toThrow('git fetch');
    expect(await readdir(folder)).not.toContain('ran');
  });

  test("an operator's ssh and name are used, a host's are not looked at", async () => {
    const folder = await temporaryFolder();
    const program = join(folder, 'connect');
    // The last argument is what ssh would run on the other machine.
    await writeFile(
      program,
      `#!/bin/sh\necho used >> ${join(folder, 'used')}\nfor last; do :; done\nexec sh -c "$last"\n`,
    );
    await chmod(program, 0o755);
    const target = await initRepository(join(folder, 'target.git'));
    const url = `ssh://git@khp.invalid${target.gitDir}`;
    vi.stubEnv('GIT_SSH_COMMAND', program);
    vi.stubEnv('GIT_COMMITTER_NAME', 'Ada');
    vi.stubEnv('GIT_COMMITTER_EMAIL', 'ada@example.com');
    vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'config'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const repository = await initRepository(join(folder, 'r.git'));
    const id = await commitOf(repository, { a: '1' });
    expect(await push({ repository, url, updates: [{ ref, old: undefined, new: id }] })).toEqual({
      ok: true,
    });
    expect(await fetchRefs({ repository, url, prefixes: ['refs/heads/'] })).toEqual(new Map([[ref, id]]));
    expect(await readdir(folder)).toContain('used');
    expect(await readPerson(repository)).toEqual({ name: 'Ada', email: 'ada@example.com' });
    vi.stubEnv('GIT_COMMITTER_NAME', undefined);
    vi.stubEnv('GIT_COMMITTER_EMAIL', undefined);
    vi.stubEnv('EMAIL', undefined);
    expect(await readPerson(repository)).toBeUndefined();
    await git(repository, ['config', 'user.name', 'Bob']);
    await git(repository, ['config', 'user.email', 'bob@example.com']);
    expect(await readPerson(repository)).toEqual({ name: 'Bob', email: 'bob@example.com' });
    const host = await initRepository(join(folder, 'host.git'), 'host');
    await expect(fetchRef({ repository: host, url, ref, timeout: 20_000 })).rejects.toThrow('git fetch');
    const given = { GIT_SSH_COMMAND: program };
    expect(await fetchRef({ repository: host, url, ref, environment: given })).toBe(id);
  });

  test('a repository of another user is opened only where the operator says so', async () => {
    const folder = await temporaryFolder();
    const work = join(folder, 'work');
    execFileSync('git', ['init', '-q', work]);
    vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'config'));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await openRepository(work)).gitDir).toBe(join(work, '.git'));
    // git's own switch for this test; the real thing would need root.
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const script = `#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec ${real} "$@"\n`;
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin', 'git'), script);
    await chmod(join(folder, 'bin', 'git'), 0o755);
    vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env.PATH}`);
    await expect(openRepository(work)).rejects.toThrow('dubious ownership');
    await writeFile(join(folder, 'config'), `[safe]\n\tdirectory = ${work}\n`);
    const repository = await openRepository(work);
    expect(await commitOf(repository, { a: '1' })).toHaveLength(40);
  });

  test('objects are what their ids say: replacements do not count', async () => {
    const repository = await newRepository();
    const [one, two] = [await commitOf(repository, { a: '1' }), await commitOf(repository, { a: '2' })];
    execFileSync('git', ['replace', one, two], { cwd: repository.gitDir });
    expect(texts(await readTree(repository, one))).toEqual({ a: '1' });
  });

  test('a repository is found from a folder within, and a linked work tree is one', async () => {
    const folder = await temporaryFolder();
    const work = join(folder, 'work');
    execFileSync('git', ['init', '-q', work]);
    await mkdir(join(work, 'a', 'b'), { recursive: true });
    const repository = await openRepository(join(work, 'a', 'b'));
    expect(repository.gitDir).toBe(join(work, '.git'));
    const id = await commitOf(repository, { a: '1' });
    execFileSync('git', ['worktree', 'add', '-q', join(folder, 'linked'), id], { cwd: work });
    const linked = await openRepository(join(folder, 'linked'));
    expect(await resolveCommit(linked, 'HEAD')).toBe(id);
    const target = await newRepository();
    expect(
      await push({ repository: linked, url: target.gitDir, updates: [{ ref, old: undefined, new: id }] }),
    ).toEqual({
      ok: true,
    });
    await rename(work, join(folder, 'moved'));
    await expect(openRepository(work)).rejects.toThrow();
  });

  test('git is stopped where it prints too much or takes too long', async () => {
    const repository = await newRepository();
    const content = Buffer.alloc(2_000_000, 'x');
    const [id] = await writeObjects(repository, [{ type: 'blob', content }]);
    await expect(git(repository, ['cat-file', 'blob', id!], { maxOutput: 1000 })).rejects.toThrow(
      'more than 1000',
    );
    const endless = (async function* () {
      yield Buffer.from(`${id}\n`);
      await new Promise((resolveLater) => setTimeout(resolveLater, 3_000));
    })();
    const slow = git(repository, ['cat-file', '--batch-check'], { timeout: 100, input: endless });
    await expect(slow).rejects.toThrow('longer than 100 ms');
    await expect(runGit({ caller: 'host', args: ['no-such-command'] })).rejects.toThrow('not a git command');
    const nowhere = { PATH: '/nowhere' };
    const missing = runGit({ caller: 'host', args: ['version'], environment: nowhere });
    await expect(missing).rejects.toThrow('not installed');
  });

  test('an input that fails leaves nothing half done', async () => {
    const repository = await newRepository();
    const files = (function* (): Generator<NewFile> {
      yield { path: 'a', bytes: Buffer.from('1') };
      throw new Error('no more files');
    })();
    const writing = writeCommit({ repository, files, author: who, committer: who, message: 'm' });
    await expect(writing).rejects.toThrow('no more files');
    expect((await listRefs(repository, ['refs/'])).size).toBe(0);
  });
});
