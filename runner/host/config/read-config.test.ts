import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publicKeyLine } from '../../../compiler/git/ssh-key.ts';
import { SAMPLE_KEY } from '../sample-bundle.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { layoutOf } from './layout.ts';
import { readSettings } from './read-config.ts';

function problemsWith(prepare: (revokedKeys: string, settings: string) => void): readonly string[] {
  const layout = layoutOf(temporaryFolder());
  mkdirSync(join(layout.settings, '..'), { recursive: true });
  writeFileSync(layout.settings, 'repository: /srv/khp.git\npaths: [/etc/hadoop]\nhost: dn1\n');
  writeFileSync(layout.allowedSigners, `operator ${publicKeyLine(SAMPLE_KEY)}\n`);
  prepare(layout.revokedKeys, layout.settings);
  const outcome = readSettings(layout, undefined);
  return outcome.ok ? [] : outcome.problems;
}

test('revoked_keys may be missing, and is a problem where it is there and cannot be read', () => {
  expect(problemsWith(() => {})).toEqual([]);
  expect(problemsWith((path) => writeFileSync(path, ''))).toEqual([]);
  expect(problemsWith((path) => mkdirSync(path))).toEqual([
    expect.stringMatching(/revoked_keys cannot be read \(EISDIR\)$/),
  ]);
  expect(problemsWith((path) => symlinkSync('elsewhere', path))).toEqual([
    expect.stringMatching(/revoked_keys is missing$/),
  ]);
  expect(problemsWith((path) => writeFileSync(path, 'SSHKRL\n\0'))).toEqual([
    'revoked_keys, line 1: binary lists of revoked keys are not supported',
  ]);
});

test('a password is a problem where others may read it', () => {
  const text = (services: string) => `repository: /srv/khp.git\npaths: [/etc/hadoop]\nhost: dn1\n${services}`;
  const login = text('services: { manager: supervisord, username: khp, password: x }\n');
  const proxy = text('proxy: http://khp:x@proxy:3128\n');
  const withMode = (mode: number, content = login) =>
    problemsWith((_, settings) => {
      writeFileSync(settings, content);
      chmodSync(settings, mode);
    });
  expect(withMode(0o600)).toEqual([]);
  expect(withMode(0o400)).toEqual([]);
  for (const mode of [0o644, 0o640, 0o604, 0o620])
    for (const content of [login, proxy])
      expect(withMode(mode, content)).toEqual([expect.stringContaining('chmod 0600')]);
  expect(withMode(0o600, proxy)).toEqual([]);
  expect(withMode(0o644, text('proxy: http://khp@proxy:3128\n'))).toEqual([]);
  expect(withMode(0o644, text('services: { manager: supervisord }\n'))).toEqual([]);
  if (process.getuid?.() !== 0) return;
  const others = problemsWith((_, settings) => {
    writeFileSync(settings, login, { mode: 0o600 });
    chownSync(settings, 1, 1);
  });
  expect(others).toEqual([expect.stringContaining('chown root')]);
});
