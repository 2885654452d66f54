import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { fetchRef, fetchRefs } from './fetch.ts';
import { readPerson } from './identity.ts';
import { push } from './push.ts';
import { readTree } from './read-tree.ts';
import { listRefs, resolveCommit, updateRefs } from './refs.ts';
import { git, initRepository, openRepository } from './repository.ts';
import { runGit } from './run-git.ts';
import { commitOf, temporaryFolder, temporaryRepository, textsOf, WHO } from './temporary-repository.ts';
import { type NewFile, writeCommit } from './write-commit.ts';
import { writeObjects } from './write-objects.ts';

const ref = 'refs/heads/x';

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
    vi.stubEnv('GIT_COMMITTER_NAME', '');
    vi.stubEnv('GIT_COMMITTER_EMAIL', 'ada@example.com');
    expect(await readPerson(repository)).toBeUndefined();
    vi.stubEnv('GIT_COMMITTER_NAME', undefined);
    vi.stubEnv('GIT_COMMITTER_EMAIL', undefined);
    await appendFile(join(repository.gitDir, 'config'), '[user\n');
    await expect(readPerson(repository)).rejects.toThrow('bad config line');
    await writeFile(join(repository.gitDir, 'config'), '[core]\n\tbare = true\n');
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
    const repository = await temporaryRepository();
    const [one, two] = [await commitOf(repository, { a: '1' }), await commitOf(repository, { a: '2' })];
    execFileSync('git', ['replace', one, two], { cwd: repository.gitDir });
    expect(textsOf(await readTree(repository, one))).toEqual({ a: '1' });
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
    const target = await temporaryRepository();
    expect(
      await push({ repository: linked, url: target.gitDir, updates: [{ ref, old: undefined, new: id }] }),
    ).toEqual({
      ok: true,
    });
    await rename(work, join(folder, 'moved'));
    await expect(openRepository(work)).rejects.toThrow();
  });

  test('git is stopped where it prints too much or takes too long', async () => {
    const repository = await temporaryRepository();
    const content = Buffer.alloc(2_000_000, 'x');
    const [id] = await writeObjects(repository, [{ type: 'blob', content }]);
    await expect(git(repository, ['cat-file', 'blob', id!], { maxOutput: 1000 })).rejects.toThrow(
      'more than 1000',
    );
    const endless = (async function* () {
      yield Buffer.from(`${id}\n`);
      await new Promise((resolveLater) => setTimeout(resolveLater, 500));
    })();
    const slow = git(repository, ['cat-file', '--batch-check'], { timeout: 100, input: endless });
    await expect(slow).rejects.toThrow('longer than 100 ms');
    await expect(runGit({ caller: 'host', args: ['no-such-command'] })).rejects.toThrow('not a git command');
    const killed = ['-c', 'alias.x=!echo why >&2; kill -KILL $PPID', 'x'];
    await expect(runGit({ caller: 'host', args: killed })).rejects.toThrow('why; ended by SIGKILL');
    const nowhere = { PATH: '/nowhere' };
    const missing = runGit({ caller: 'host', args: ['version'], environment: nowhere });
    await expect(missing).rejects.toThrow('not installed');
  });

  test('is not waited for by what git started and left behind', async () => {
    const environment = { GIT_SSH_COMMAND: 'sleep 8 #', GIT_SSH_VARIANT: 'ssh' };
    const args = ['ls-remote', 'ssh://khp.invalid/x'];
    const started = Date.now();
    const stuck = runGit({ caller: 'host', remote: true, args, environment, timeout: 200 });
    await expect(stuck).rejects.toThrow('longer than 200 ms');
    expect(Date.now() - started).toBeLessThan(4000);
  });

  test('an input that fails leaves nothing half done', async () => {
    const repository = await temporaryRepository();
    const files = (function* (): Generator<NewFile> {
      yield { path: 'a', bytes: Buffer.from('1') };
      throw new Error('no more files');
    })();
    const writing = writeCommit({ repository, files, author: WHO, committer: WHO, message: 'm' });
    await expect(writing).rejects.toThrow('no more files');
    expect((await listRefs(repository, ['refs/'])).size).toBe(0);
  });
});
