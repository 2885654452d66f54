import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAncestor, isRefName, listRefs, resolve, resolveCommit, updateRefs } from './refs.ts';
import { commitOf, temporaryRepository } from './temporary-repository.ts';

const ref = 'refs/heads/x';

describe('refs', () => {
  test('move together from what was expected, or not at all', async () => {
    const repository = await temporaryRepository();
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
    const repository = await temporaryRepository();
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

  test('the full name of a ref is never taken for that of another', async () => {
    const repository = await temporaryRepository();
    const id = await commitOf(repository, { a: '1' });
    const tag = { ref: 'refs/tags/refs/heads/x', old: undefined, new: id };
    expect(await updateRefs(repository, [tag], 'r')).toEqual({ ok: true });
    for (const name of [ref, `${ref}^{commit}`, `${ref}~0`, `${ref}:a`, `${ref}@{0}`]) {
      expect(await resolve(repository, name), name).toBeUndefined();
    }
    expect(await isAncestor(repository, id, ref)).toBeUndefined();
    expect(await resolve(repository, `${tag.ref}:a`)).toMatch(/^[0-9a-f]{40}$/);
    expect(await resolve(repository, 'refs/none:a')).toBeUndefined();
  });

  test('names that look like options or revisions of elsewhere name nothing', async () => {
    const repository = await temporaryRepository();
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

  test('a lock that a killed git has left is named, and one that is at work is a conflict', async () => {
    const repository = await temporaryRepository();
    const one = await commitOf(repository, { a: 'a' });
    const lock = join(repository.gitDir, 'refs', 'heads', 'x.lock');
    const move = () => updateRefs(repository, [{ ref: 'refs/heads/x', old: undefined, new: one }], 'test');
    writeFileSync(lock, '');
    const since = new Date('2026-01-02T03:04:05Z');
    utimesSync(lock, since, since);
    await expect(move()).rejects.toThrow(
      `git update-ref: ${lock} is there since 2026-01-02T03:04:05Z: a git was killed, or still runs;`,
    );
    const later = new Date(Date.now() + 60_000);
    utimesSync(lock, later, later);
    expect(await move()).toMatchObject({ ok: false });
  }, 60_000);
});
