import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspaceOfSecrets } from './workspace-of-secrets.ts';

test('where a mistake leaves unknown who is to read a secret, it stays as it is', async () => {
  const { root, khp, read, identityFile } = await workspaceOfSecrets();
  const file = 'inventories/t/a.yml';
  khp(['secret', 'set', file, 'db.password'], 'kept');
  const before = read(file);
  const identity = ['--identity', identityFile];
  const wrong = `${read('khp.yml')}x: [\n`;
  writeFileSync(join(root, 'khp.yml'), wrong);
  for (const args of [
    ['rotate', ...identity],
    ['rotate', file, '--all', ...identity],
    ['set', file, 'more'],
    ['edit', file, 'db.password', ...identity],
    ['recipients', file],
  ]) {
    const { status, stdout, stderr } = khp(['secret', ...args], 'value');
    expect({ status, stdout }, args.join(' ')).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/cannot be told: khp.yml:\d+: .*; correct it first/);
  }
  expect(khp(['check']).stdout).not.toContain('resolve/secret-recipients-changed');
  writeFileSync(join(root, 'khp.yml'), wrong.replace('x: [', ''));
  const keys = read('inventories/t/a.recipients');
  writeFileSync(join(root, 'inventories/t/a.recipients'), keys.replace('age1', 'age2'));
  expect(khp(['secret', 'rotate', ...identity])).toMatchObject({ status: 2 });
  expect(read(file)).toBe(before);
  writeFileSync(join(root, 'inventories/t/a.recipients'), keys);
  // What is wrong in another cluster does not count.
  writeFileSync(join(root, 'inventories/t/b.ini'), '[front\nb1\n');
  expect(khp(['secret', 'set', file, 'more'], 'value')).toMatchObject({ status: 0 });
  expect(khp(['secret', 'set', 'inventories/t/_default.yml', 'more'], 'value')).toMatchObject({ status: 2 });
});

test('a private key in the place of a public one is told, and not shown', async () => {
  const { root, khp, read, hosts, operator } = await workspaceOfSecrets();
  const { identity } = hosts.a1;
  writeFileSync(join(root, 'inventories/t/a.recipients'), `a1 ${identity}\na2 ${hosts.a2.recipient}\n`);
  writeFileSync(join(root, 'khp.yml'), `secrets:\n  operators: [${operator.identity}]\n`);
  writeFileSync(join(root, 'inventories/t/b.ini'), `[front]\nb1 ${identity.toLowerCase()}\n`);
  const { stdout, stderr } = khp(['check']);
  expect(stdout).toContain('error[load/bad-recipient] this line holds a private key');
  expect(stdout).toContain('`secrets.operators[0]` must be a public key');
  expect(read('khp.yml')).toContain(operator.identity);
  for (const key of [identity, operator.identity, identity.toLowerCase()])
    expect(stdout + stderr).not.toContain(key.slice(20, 40));
});

test('set says that nobody but the hosts can read it where no operator is named', async () => {
  const { root, khp } = await workspaceOfSecrets();
  writeFileSync(join(root, 'khp.yml'), '');
  const { status, stderr } = khp(['secret', 'set', 'inventories/t/a.yml', 'more'], 'value');
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('no operator is named') });
});
