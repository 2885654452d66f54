import { once } from 'node:events';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fetchRef, fetchRefs, remoteUrl, trackingRef } from './fetch.ts';
import { push } from './push.ts';
import { readObject } from './read-objects.ts';
import { readTree } from './read-tree.ts';
import { listRefs, type RefUpdate, resolve, updateRefs } from './refs.ts';
import { commitOf, temporaryRepository, textsOf } from './temporary-repository.ts';

const ref = 'refs/heads/x';

describe('other repositories', () => {
  test('a push moves refs from what was expected, together, and a lost lease moves none', async () => {
    const [repository, target] = [await temporaryRepository(), await temporaryRepository()];
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
    const left = await readdir(repository.gitDir, { recursive: true });
    expect(left.filter((name) => name.includes('khp'))).toEqual([]);
    expect((await listRefs(repository, ['refs/'])).size).toBe(0);
  });

  test('of many pushes at once one wins, and the others say that they lost', async () => {
    const [repository, target] = [await temporaryRepository(), await temporaryRepository()];
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
    const [repository, target] = [await temporaryRepository(), await temporaryRepository()];
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
    const [repository, target] = [await temporaryRepository(), await temporaryRepository()];
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
    expect(textsOf(await readTree(repository, second))).toEqual({ a: '2' });
    expect([...(await listRefs(repository, ['refs/'])).keys()]).toEqual([trackingRef(fileUrl, ref)]);
    expect(await fetchRef({ repository, url: fileUrl, ref: 'refs/heads/none' })).toBeUndefined();
    await expect(fetchRef({ repository, url: `${url}-gone`, ref })).rejects.toThrow('git fetch');
    await expect(fetchRef({ repository, url: 'ext::touch x', ref })).rejects.toThrow('not an absolute path');
    await expect(fetchRef({ repository, url, ref: '--upload-pack=touch' })).rejects.toThrow(
      'not the name of a ref',
    );
  });

  test('refs by prefix follow the other side: new, moved, gone', async () => {
    const [repository, target] = [await temporaryRepository(), await temporaryRepository()];
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
    expect(textsOf(await readTree(repository, two))).toEqual({ a: '2' });
    await updateRefs(target, [{ ref: bundles, old: two, new: undefined }], 'r');
    expect(await fetchRefs(request)).toEqual(new Map([[a, two]]));
  });

  test('names the ref that stands in the way', async () => {
    const [repository, target] = [await temporaryRepository(), await temporaryRepository()];
    const url = target.gitDir;
    const id = await commitOf(repository, { a: '1' });
    const [below, above] = ['refs/khp/a/x', 'refs/khp/a'].map((name) => ({
      ref: name,
      old: undefined,
      new: id,
    })) as [RefUpdate, RefUpdate];
    expect(await push({ repository, url, updates: [below] })).toEqual({ ok: true });
    expect(await push({ repository, url, updates: [{ ...below, ref }, above] })).toEqual({
      ok: false,
      reason: "cannot lock ref 'refs/khp/a': 'refs/khp/a/x' exists; cannot create 'refs/khp/a'",
    });
  });

  test('a repository that never answers is waited for no longer than was said', async () => {
    const repository = await temporaryRepository();
    const id = await commitOf(repository, { a: '1' });
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket.on('error', () => {}))).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    const url = `git://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
    const updates = [{ ref, old: undefined, new: id }];
    await expect(push({ repository, url, updates, timeout: 200 })).rejects.toThrow('longer than 200 ms');
    const objects = await readdir(join(repository.gitDir, 'objects'));
    expect(objects.filter((name) => name.includes('khp'))).toEqual([]);
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
