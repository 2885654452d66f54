import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { reportRef } from '../../compiler/contract/names.ts';

const HOST = 'dn1.example';
const OWN = reportRef(HOST);

/** A reports repository with the hook, and one of a host that pushes to it as who is told. */
function repositories() {
  const folder = mkdtempSync(join(tmpdir(), 'khp-hook-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const reports = join(folder, 'reports.git');
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
  git('init', '--quiet', '--bare', reports);
  copyFileSync(join(import.meta.dirname, 'pre-receive'), join(reports, 'hooks', 'pre-receive'));
  git('init', '--quiet', 'host');
  const identity = ['-c', 'user.name=host', '-c', 'user.email=host@example.test'];
  git('-C', 'host', ...identity, 'commit', '--quiet', '--allow-empty', '-m', 'report');
  const push = (who: Record<string, string>, ...refs: string[]) => {
    const { KHP_HOST: _host, REMOTE_USER: _user, ...env } = process.env;
    const { status, stderr } = spawnSync('git', ['-C', 'host', 'push', reports, ...refs], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...env, ...who },
    });
    return status === 0 ? 'pushed' : (/^remote: (.*?) *$/m.exec(stderr)?.[1] ?? stderr);
  };
  return { push, refs: () => git('-C', reports, 'for-each-ref', '--format=%(refname)') };
}

test('a host moves the ref of its own reports, told by its ssh key or by the web server', () => {
  const { push, refs } = repositories();
  expect(push({ KHP_HOST: HOST }, `HEAD:${OWN}`)).toBe('pushed');
  expect(push({ REMOTE_USER: 'dn2.example' }, `HEAD:${reportRef('dn2.example')}`)).toBe('pushed');
  expect(refs().split('\n').sort()).toEqual([OWN, reportRef('dn2.example')].sort());
});

test('and no other ref, alone or beside its own', () => {
  const { push, refs } = repositories();
  const others = [reportRef('dn2.example'), 'refs/heads/main', `refs/khp/reports/00/${HOST}`, `${OWN}.x`];
  for (const other of others) {
    const refused = `khp: ${HOST} may move ${OWN} alone, not ${other}`;
    expect(push({ KHP_HOST: HOST, REMOTE_USER: 'dn2.example' }, `HEAD:${other}`)).toBe(refused);
    expect(push({ KHP_HOST: HOST }, `HEAD:${OWN}`, `HEAD:${other}`)).toBe(refused);
  }
  expect(refs()).toBe('');
});

test('no ref is deleted, and whoever is no host moves none', () => {
  const { push, refs } = repositories();
  expect(push({ KHP_HOST: HOST }, `HEAD:${OWN}`)).toBe('pushed');
  expect(push({ KHP_HOST: HOST }, `:${OWN}`)).toBe('khp: reports are not deleted by hosts');
  const nobody = 'khp: neither KHP_HOST nor REMOTE_USER is the name of a host';
  for (const name of ['', '*', 'dn1 example', '../x', 'DN1'])
    expect(push({ KHP_HOST: name }, `HEAD:${OWN}.x`)).toBe(nobody);
  expect(push({}, `HEAD:${OWN}.x`)).toBe(nobody);
  expect(refs()).toBe(OWN);
});
