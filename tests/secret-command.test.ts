import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decryptSecret } from '../compiler/age/age.ts';
import { temporaryFolder } from './temporary-workspace.ts';
import { HOSTS, newKeys, workspaceOfSecrets as workspace } from './workspace-of-secrets.ts';

const armorIn = (text: string) =>
  text.match(/-----BEGIN[\s\S]*?-----END AGE ENCRYPTED FILE-----/g)!.map((part) => part.replace(/^ +/gm, ''));

test('a secret is for the hosts that see its file, and for no others', async () => {
  const { khp, read, hosts, operator } = await workspace();
  const scopes: [string, readonly string[]][] = [
    ['inventories/_default.yml', ['a1', 'a2', 'b1']],
    ['inventories/t/_default.yml', ['a1', 'a2', 'b1']],
    ['inventories/t/a.yml', ['a1', 'a2']],
    ['inventories/t/b.yml', ['b1']],
    ['inventories/t/a/front.yml', ['a1']],
    ['inventories/t/a/a2.host.yml', ['a2']],
    ['templates/web/defaults.yml', ['a1', 'a2', 'b1']],
  ];
  for (const [file, readers] of scopes) {
    const value = `s3cret of ${file}`;
    const done = khp(['secret', 'set', file, 'secret_value'], `${value}\n`);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(done.stdout).not.toContain('s3cret');
    const [ciphertext] = armorIn(read(file));
    expect(await decryptSecret(ciphertext!, [operator.identity])).toBe(value);
    for (const host of HOSTS) {
      const opened = decryptSecret(ciphertext!, [hosts[host].identity]);
      if (readers.includes(host)) expect(await opened).toBe(value);
      else await expect(opened, `${host} ${file}`).rejects.toThrow();
    }
  }
  expect(khp(['check'])).toMatchObject({ status: 0, stderr: '' });
});

test('set changes the lines of the value, and no other byte', async () => {
  const { khp, read, root } = await workspace();
  const file = 'inventories/t/a.yml';
  const before = read(file).split('\n');
  expect(khp(['secret', 'set', file, 'db.password'], 'x')).toMatchObject({ status: 0 });
  const after = read(file).split('\n');
  expect(after.slice(0, 4)).toEqual(before.slice(0, 4));
  expect(after[4]).toBe('    password: !secret | # why');
  expect(after.slice(-2)).toEqual(before.slice(-2));
  expect(
    khp(['-C', join(root, 'inventories/t'), 'secret', 'set', 'a.yml', 'db.password'], 'y'),
  ).toMatchObject({
    status: 0,
  });
  expect(read(file).match(/!secret/g)).toHaveLength(1);
});

test('a file that is not there yet is one to make first, not the file of another host', async () => {
  const { khp, root } = await workspace();
  const file = 'inventories/t/a/a1.host.yml';
  const { status, stderr } = khp(['secret', 'set', file, 'p'], 'x');
  expect({ status, stderr }).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(
      `there is no file ${file}; where it is to be a new one, make it first, empty; did you mean`,
    ),
  });
  writeFileSync(join(root, file), '');
  expect(khp(['secret', 'set', file, 'p'], 'x')).toMatchObject({ status: 0 });
});

test('what cannot be set is wrong usage, and changes nothing', async () => {
  const { khp, read, root } = await workspace();
  const before = read('inventories/t/a.yml');
  const wrong: [string, string, string, RegExp][] = [
    ['inventories/t/a.yml', 'db', 'x', /holds a list or a mapping/],
    ['inventories/t/a.yml', 'db.password', '', /empty/],
    ['khp.yml', 'a', 'x', /no file of variables/],
    ['khp.yml', 'a', 'x', /no file of variables/],
    ['inventories/t/a.yml', 'last.deep', 'x', /no mapping/],
    ['inventories/t/a.yml', 'db..password', 'x', /no key/],
  ];
  for (const [file, key, value, message] of wrong) {
    const { status, stderr } = khp(['secret', 'set', file, key], value);
    expect({ file, key, status }).toEqual({ file, key, status: 2 });
    expect(stderr).toMatch(message);
  }
  expect(read('inventories/t/a.yml')).toBe(before);
  writeFileSync(join(root, 'khp.yml'), '');
  writeFileSync(join(root, 'inventories/t/b.recipients'), '');
  expect(khp(['secret', 'set', 'inventories/t/b.yml', 'a'], 'x').stderr).toMatch(/nobody could read/);
});

test('edit hands the clear text to the editor, and leaves nothing of it behind', async () => {
  const { khp, read, identityFile, operator } = await workspace();
  const file = 'inventories/t/a.yml';
  khp(['secret', 'set', file, 'db.password'], 'before');
  const runtime = temporaryFolder();
  const env = {
    XDG_RUNTIME_DIR: runtime,
    VISUAL: '',
    EDITOR: 'sed -i s/before/after/',
    KHP_IDENTITY: identityFile,
  };
  expect(khp(['secret', 'edit', file, 'db.password'], '', env)).toMatchObject({ status: 0, stderr: '' });
  const [ciphertext] = armorIn(read(file));
  expect(await decryptSecret(ciphertext!, [operator.identity])).toBe('after');
  expect(khp(['secret', 'edit', file, 'db.password'], '', env).stdout).toMatch(/unchanged/);
  expect(armorIn(read(file))[0]).toBe(ciphertext);
  const failing = khp(['secret', 'edit', file, 'db.password'], '', { ...env, EDITOR: 'false' });
  expect(failing).toMatchObject({ status: 2 });
  expect(armorIn(read(file))[0]).toBe(ciphertext);
  expect(readdirSync(runtime)).toEqual([]);
  expect(khp(['secret', 'edit', file, 'db.nothing'], '', env)).toMatchObject({ status: 2 });
});

test('rotate encrypts for those of today; check and recipients tell before', async () => {
  const { root, khp, read, identityFile, hosts } = await workspace();
  khp(['secret', 'set', 'inventories/t/a.yml', 'db.password'], 'kept');
  khp(['secret', 'set', 'inventories/t/b.yml', 'pw'], 'other');
  const untouched = read('inventories/t/b.yml');
  expect(khp(['secret', 'rotate', '--identity', identityFile]).stdout).toMatch(/every secret/);
  const fresh = await newKeys();
  writeFileSync(
    join(root, 'inventories/t/a.recipients'),
    `a1 ${hosts.a1.recipient}\na2 ${fresh.recipient}\n`,
  );
  expect(khp(['check']).stdout).toMatch(
    /warning\[resolve\/secret-recipients-changed\][\s\S]*a2 cannot read it; 1 key that is no longer[\s\S]*error\[seal\/secret-not-for-host\]/,
  );
  const listed = JSON.parse(khp(['secret', 'recipients', 'inventories/t/a.yml', '--json']).stdout);
  expect(listed).toMatchObject({
    ought_to: ['operator 1', 'a1', 'a2'],
    secrets: [{ key: 'db.password', can_read: ['operator 1', 'a1'], cannot_read: ['a2'], unknown_keys: 1 }],
  });
  const rotated = khp(['secret', 'rotate', '--identity', identityFile]);
  expect(rotated).toMatchObject({ status: 0, stdout: 'inventories/t/a.yml: db.password\n' });
  const [ciphertext] = armorIn(read('inventories/t/a.yml'));
  expect(await decryptSecret(ciphertext!, [fresh.identity])).toBe('kept');
  await expect(decryptSecret(ciphertext!, [hosts.a2.identity])).rejects.toThrow();
  expect(read('inventories/t/b.yml')).toBe(untouched);
  expect(khp(['check'])).toMatchObject({ status: 0 });
  khp(['secret', 'rotate', '--all', 'inventories/t/b.yml', '--identity', identityFile]);
  expect(read('inventories/t/b.yml')).not.toBe(untouched);
});

test('what stands in a list is set, edited and rotated too', async () => {
  const { khp, read, root, identityFile, operator } = await workspace();
  const file = 'inventories/t/b.yml';
  writeFileSync(join(root, file), 'release: r1\nusers:\n  - name: hive\n    password: old\n  - name: etl\n');
  expect(khp(['secret', 'set', file, 'users.0.password'], 'one')).toMatchObject({ status: 0, stderr: '' });
  expect(khp(['secret', 'set', file, 'users.1.password'], 'two')).toMatchObject({ status: 0, stderr: '' });
  const before = armorIn(read(file));
  expect(khp(['secret', 'rotate', '--all', file, file, '--identity', identityFile]).stdout).toBe(
    `${file}: users.0.password\n${file}: users.1.password\n`,
  );
  const after = armorIn(read(file));
  expect(after).not.toEqual(before);
  const opened = after.map((one) => decryptSecret(one, [operator.identity]));
  expect(await Promise.all(opened)).toEqual(['one', 'two']);
});

test('an edit does not overwrite what somebody else has set meanwhile, nor takes what is no value', async () => {
  const { khp, read, root, identityFile } = await workspace();
  const file = 'inventories/t/a.yml';
  khp(['secret', 'set', file, 'other'], 'theirs');
  khp(['secret', 'set', file, 'db.password'], 'mine');
  const [mine, theirs] = armorIn(read(file));
  const swapped = read(file).replace(/(password: [^\n]*\n)[\s\S]*?(?=last:)/, (_, line: string) => {
    return line + theirs!.replace(/^/gm, '      ') + '\n';
  });
  writeFileSync(join(root, 'changed'), swapped);
  const original = read(file);
  const edit = (editor: string) =>
    khp(['secret', 'edit', file, 'db.password'], '', {
      VISUAL: '',
      EDITOR: editor,
      KHP_IDENTITY: identityFile,
    });
  for (const [script, message] of [
    ["printf '\\377' >", /no text in UTF-8/],
    [': >', /empty/],
  ] as const) {
    const failed = edit(script);
    expect(failed).toMatchObject({ status: 2 });
    expect(failed.stderr).toMatch(message);
    expect(read(file)).toBe(original);
  }
  const raced = edit(`cp '${join(root, 'changed')}' '${join(root, file)}'; echo new >`);
  expect(raced).toMatchObject({ status: 2 });
  expect(raced.stderr).toMatch(/changed by somebody else/);
  expect(armorIn(read(file))).toEqual([theirs, theirs]);
  expect(mine).not.toBe(theirs);
});

test('a secret that does not fit into a bundle is refused, and it is said what to do', async () => {
  const { khp, read, root, hosts } = await workspace();
  const file = 'inventories/t/b.yml';
  const before = read(file);
  const long = khp(['secret', 'set', file, 'a'], 'x'.repeat(60_000));
  expect(long).toMatchObject({ status: 2 });
  expect(long.stderr).toMatch(/the value is too long: encrypted for 2 keys it has \d+ characters/);
  expect(khp(['secret', 'set', file, 'a'], 'x'.repeat(70_000)).stderr).toMatch(/the value is too long/);
  const more = Array.from({ length: 500 }, (_, index) => `c${index}`);
  writeFileSync(join(root, 'inventories/t/b.ini'), `[front]\nb1\n${more.join('\n')}\n`);
  const keys = more.map((host) => `${host} ${hosts.b1.recipient}\n`).join('');
  writeFileSync(join(root, 'inventories/t/b.recipients'), `b1 ${hosts.b1.recipient}\n${keys}`);
  for (const wide of ['inventories/_default.yml', file]) {
    const many = khp(['secret', 'set', wide, 'a'], 'x');
    expect(many).toMatchObject({ status: 2 });
    expect(many.stderr).toMatch(/seen by too many hosts[\s\S]*at most 65536 of one; set it in each/);
  }
  expect(read(file)).toBe(before);
});

test.skipIf(spawnSync('age', ['--version']).error !== undefined)(
  'the age program opens what set wrote',
  async () => {
    const { khp, read, identityFile } = await workspace();
    khp(['secret', 'set', 'inventories/t/a.yml', 'db.password'], 'for age');
    const options = { input: `${armorIn(read('inventories/t/a.yml'))[0]}\n`, encoding: 'utf8' as const };
    expect(execFileSync('age', ['-d', '-i', identityFile], options)).toBe('for age');
  },
);
