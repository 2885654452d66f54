import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleFleet } from '../sample-fleet.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openOwn } from './own-repository.ts';

const CORE = '/etc/hadoop/conf/core-site.xml';
const HOOKS = ['reference-transaction', 'post-checkout', 'pre-auto-gc', 'post-rewrite', 'fsmonitor-watchman'];

/** Everything by which a repository could make git run the program, or look elsewhere. */
function poison(gitDir: string, program: string): void {
  mkdirSync(join(gitDir, 'hooks'), { recursive: true });
  for (const hook of HOOKS) symlinkSync(program, join(gitDir, 'hooks', hook));
  const other = temporaryFolder();
  mkdirSync(join(gitDir, 'objects/info'), { recursive: true });
  writeFileSync(join(gitDir, 'objects/info/alternates'), `${other}\n`);
  appendFileSync(
    join(gitDir, 'config'),
    `[core]\n\talternateRefsCommand = ${program}\n\tfsmonitor = ${program}\n\tsshCommand = ${program}\n` +
      `\tgitProxy = ${program}\n\taskPass = ${program}\n\tpager = ${program}\n\teditor = ${program}\n` +
      `[credential]\n\thelper = !${program}\n[gpg]\n\tprogram = ${program}\n[uploadpack]\n\tpackObjectsHook = ${program}\n` +
      `[include]\n\tpath = ${other}/config\n[url "git://127.0.0.1:9/"]\n\tinsteadOf = /\n`,
  );
}

function canary(): { program: string; ran: () => boolean } {
  const folder = temporaryFolder();
  const program = join(folder, 'canary');
  writeFileSync(program, `#!/bin/sh\necho "$0 $@" >> ${folder}/ran\nexit 1\n`);
  chmodSync(program, 0o755);
  return { program, ran: () => existsSync(join(folder, 'ran')) };
}

test('nothing in a repository makes git run anything, here or at the other end', async () => {
  const fleet = await sampleFleet();
  await fleet.promote({ files: { [CORE]: 'one\n' } });
  expect(await fleet.command('apply')).toMatchObject({ exit: 0, stderr: '' });
  await fleet.promote({ files: { [CORE]: 'two\n' }, promotion: { seq: 2 } });

  const { program, ran } = canary();
  const own = join(fleet.root, 'var/lib/khp/repo.git');
  for (const name of ['repo.git', 'reports.git']) poison(join(fleet.root, 'var/lib/khp', name), program);
  // At the other end only its own owner can put anything, but what is there must not reach this host.
  mkdirSync(join(fleet.config.gitDir, 'hooks'));
  for (const hook of [...HOOKS, 'post-upload-pack'])
    symlinkSync(program, join(fleet.config.gitDir, 'hooks', hook));
  appendFileSync(
    join(fleet.config.gitDir, 'config'),
    `[uploadpack]\n\tpackObjectsHook = ${program}\n[core]\n\tfsmonitor = ${program}\n`,
  );
  expect(await fleet.command('apply')).toMatchObject({ exit: 0, stderr: '' });
  expect(readFileSync(join(fleet.root, CORE), 'utf8')).toBe('two\n');
  expect(ran()).toBe(false);
  expect(readdirSync(own)).not.toContain('hooks');

  // The trap works: stock git runs into it.
  poison(own, program);
  expect(() =>
    execFileSync('git', ['--git-dir', own, 'fetch', fleet.config.gitDir], { stdio: 'ignore' }),
  ).toThrow();
  expect(ran()).toBe(true);
});

test.each<[string, (gitDir: string) => void]>([
  ['another configuration', (gitDir) => appendFileSync(join(gitDir, 'config'), '[core]\n\tpager = x\n')],
  ['hooks', (gitDir) => mkdirSync(join(gitDir, 'hooks'))],
  ['alternates', (gitDir) => writeFileSync(join(gitDir, 'objects/info/alternates'), '/\n')],
  ['a common folder', (gitDir) => writeFileSync(join(gitDir, 'commondir'), '/tmp\n')],
  ['a configuration of a work tree', (gitDir) => writeFileSync(join(gitDir, 'config.worktree'), '')],
  ['grafts', (gitDir) => mkdirSync(join(gitDir, 'info'))],
  ['a pack that was cut off', (gitDir) => writeFileSync(join(gitDir, 'objects/pack/tmp_pack_x'), '')],
  [
    'more than it needs',
    (gitDir) => {
      writeFileSync(join(gitDir, 'objects/pack/pack-x.pack'), '');
      truncateSync(join(gitDir, 'objects/pack/pack-x.pack'), 2 ** 30);
    },
  ],
  ['no HEAD', (gitDir) => renameSync(join(gitDir, 'HEAD'), join(gitDir, 'gone'))],
  [
    'objects that lie elsewhere',
    (gitDir) => {
      renameSync(join(gitDir, 'objects'), `${gitDir}-objects`);
      symlinkSync(`${gitDir}-objects`, join(gitDir, 'objects'));
    },
  ],
])('a repository with %s is made anew', async (_, spoil) => {
  const gitDir = join(temporaryFolder(), 'repo.git');
  await openOwn(gitDir);
  writeFileSync(join(gitDir, 'refs/heads/kept'), '');
  await openOwn(gitDir);
  expect(readdirSync(join(gitDir, 'refs/heads'))).toEqual(['kept']);
  spoil(gitDir);
  await openOwn(gitDir);
  expect(readdirSync(join(gitDir, 'refs/heads'))).toEqual([]);
});
