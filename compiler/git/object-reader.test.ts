import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { readObject, readObjects } from './read-objects.ts';
import { isAncestor, resolve, resolveCommit } from './refs.ts';
import { type Repository, withReader } from './repository.ts';
import { GitError } from './run-git.ts';
import { commitOf, temporaryRepository } from './temporary-repository.ts';

async function texts(repository: Repository, names: string[], maxBytes = 1e9) {
  const found: (string | undefined)[] = [];
  await readObjects({ repository, names, maxBytes }, (object) => found.push(object?.content?.toString()));
  return found;
}

test('many questions at once and one after the other have the answers that they have alone', async () => {
  const repository = await temporaryRepository();
  const long = 'ü'.repeat(3_000_000);
  const id = await commitOf(repository, { a: '1', b: long, c: '' });
  await withReader(repository, async (open) => {
    const asked = [[`${id}:a`, `${id}:none`, `${id}:b`], [`${id}:c`], [], [`${id}:b`, `${id}:a`]];
    const answers = await Promise.all(asked.map((names) => texts(open, names)));
    expect(answers).toEqual([['1', undefined, long], [''], [], [long, '1']]);
    expect(await texts(open, [`${id}:b`, `${id}:a`], 10)).toEqual([undefined, '1']);
    // What fails in one listener is told to that one alone.
    const failing = readObjects({ repository: open, names: [`${id}:a`, `${id}:c`] }, () => {
      throw new Error('no');
    });
    const next = readObject(open, `${id}:c`);
    await expect(failing).rejects.toThrow('no');
    expect((await next)?.size).toBe(0);
  });
});

test('it sees what comes into the repository, and where refs are now', async () => {
  const repository = await temporaryRepository();
  const move = (id: string) =>
    execFileSync('git', ['update-ref', 'refs/heads/main', id], { cwd: repository.gitDir });
  await withReader(repository, async (open) => {
    const one = await commitOf(repository, { a: '1' });
    move(one);
    expect(await resolveCommit(open, 'refs/heads/main')).toBe(one);
    const two = await commitOf(repository, { a: '2' }, { parent: one });
    execFileSync('git', ['repack', '-adq'], { cwd: repository.gitDir });
    move(two);
    expect(await resolveCommit(open, 'HEAD')).toBe(two);
    expect(await resolve(open, 'refs/heads/other')).toBeUndefined();
    expect(await resolve(open, `${two}:nothing`)).toBeUndefined();
    const pairs = [
      [one, two],
      [two, two],
      [two, one],
      [one, 'f'.repeat(40)],
      ['f'.repeat(40), 'f'.repeat(40)],
    ] as const;
    for (const [from, to] of pairs)
      expect(await isAncestor(open, from, to)).toBe(await isAncestor(repository, from, to));
  });
});

test('where git cannot read, the questions fail, those behind too; after the end, all', async () => {
  const nowhere: Repository = { gitDir: '/nowhere', caller: 'operator' };
  let reader: Repository | undefined;
  await withReader(nowhere, async (open) => {
    reader = open;
    const both = await Promise.allSettled([readObject(open, 'a'), readObject(open, 'b')]);
    expect(both.map((one) => one.status === 'rejected' && one.reason instanceof GitError)).toEqual([
      true,
      true,
    ]);
    await expect(readObject(open, 'c')).rejects.toThrow(GitError);
  });
  const repository = await temporaryRepository();
  await withReader(repository, async (open) => {
    reader = open;
  });
  await expect(readObject(reader!, 'a')).rejects.toThrow('closed');
});

test('what git answers to a reader that is closed is of no interest', async () => {
  const repository = await temporaryRepository();
  const id = await commitOf(repository, { a: '1' });
  let seen = 0;
  await withReader(repository, async (open) => {
    const names = Array.from({ length: 5000 }, () => `${id}:a`);
    const reading = readObjects({ repository: open, names }, () => {
      seen += 1;
      open.reader!.close();
    });
    await expect(reading).rejects.toThrow('closed');
  });
  // Thrown behind the end of the question, it would end the process.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(seen).toBe(1);
});
