import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateKey } from '../compiler/git/ssh-key.ts';
import { git, khp, ROOT, temporaryFolder } from './temporary-workspace.ts';

/** A workspace in a git repository of its own, with ten mistakes. */
async function brokenWorkspace(): Promise<string> {
  const folder = temporaryFolder();
  cpSync(join(ROOT, 'tests/corpus/ten-mistakes/input'), folder, { recursive: true });
  await git(folder, 'init', '--quiet', '-b', 'main');
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '-m', 'begin');
  return folder;
}

test('--json says on stdout what stops a command', async () => {
  const workspace = await brokenWorkspace();
  for (const args of [['check'], ['compile'], ['compile', '--out', join(workspace, 'out')], ['diff']]) {
    const { status, stdout, stderr } = await khp(workspace, ...args, '--json');
    expect({ args, status, stderr }).toEqual({ args, status: 1, stderr: '' });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
    expect(diagnostics.map(({ code }) => code)).toContain('load/bad-yaml');
  }
});

const CLEAN = join(ROOT, 'tests/corpus/clean/input');

test('a second -C is below the first, as with git', async () => {
  const { status } = await khp(ROOT, '-C', 'tests/corpus', '-C', 'clean/input', 'check');
  expect(status).toBe(0);
});

test('a command whose reader is gone ends without a word, as if SIGPIPE had ended it', async () => {
  for (const args of [['inventory', '--list'], ['check', '--json'], ['--help']]) {
    const command = [join(ROOT, 'compiler/cli/khp.js'), '-C', CLEAN, ...args];
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [status] = await once(child, 'close');
    expect({ args, status, stderr }).toEqual({ args, status: 141, stderr: '' });
  }
});

test('inventory leaves what is wrong in releases and components to check', async () => {
  const folder = temporaryFolder();
  cpSync(CLEAN, folder, { recursive: true });
  const before = await khp(folder, 'inventory', '--list');
  writeFileSync(join(folder, 'releases/1.0.yml'), 'release: [\n');
  writeFileSync(join(folder, 'templates/web/component.yml'), 'component: [\n');
  expect(await khp(folder, 'inventory', '--list')).toEqual(before);
  expect(before).toMatchObject({ status: 0, stderr: '' });
  expect(await khp(folder, 'check')).toMatchObject({ status: 1 });
});

test('inventory warns of a key that stands twice, and prints the last value as Ansible does', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'hosts.yml'), 'g:\n  hosts:\n    h: { a: 1, a: 2 }\n');
  const { status, stdout, stderr } = await khp(folder, 'inventory', '-i', 'hosts.yml', '--host', 'h');
  expect({ status, vars: JSON.parse(stdout) }).toEqual({ status: 0, vars: { a: 2 } });
  expect(stderr).toContain('warning[load/duplicate-key]');
});

test('inventory prints nothing of hosts that have a file that cannot be read, as Ansible', async () => {
  const folder = temporaryFolder();
  cpSync(CLEAN, folder, { recursive: true });
  writeFileSync(join(folder, 'inventories/t/c.yml'), 'x: [\n');
  writeFileSync(join(folder, 'hosts'), 'a\nb\n');
  mkdirSync(join(folder, 'host_vars'));
  writeFileSync(join(folder, 'host_vars/a'), 'x: [\n');
  for (const [file, ...args] of [
    ['inventories/t/c.yml', '--list'],
    ['host_vars/a', '-i', 'hosts', '--list'],
    ['host_vars/a', '-i', 'hosts', '--host', 'a'],
    ['host_vars/a', '-i', 'hosts', '--graph', '--vars'],
  ]) {
    const { status, stdout, stderr } = await khp(folder, 'inventory', ...args);
    expect({ status, stdout }, args.join(' ')).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`nothing is printed: without \`${file}\``);
  }
  const other = await khp(folder, 'inventory', '-i', 'hosts', '--host', 'b');
  expect(other).toMatchObject({ status: 1, stdout: '{}\n' });
});

test('inventory tells that a release is not there', async () => {
  const folder = temporaryFolder();
  cpSync(CLEAN, folder, { recursive: true });
  writeFileSync(join(folder, 'inventories/t/c.yml'), 'release: none\n');
  const { status, stdout, stderr } = await khp(folder, 'inventory', '--list');
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining('error[load/unknown-release]'),
  });
  expect(JSON.parse(stdout)).toHaveProperty('_meta.hostvars');
});

test('the help of a command has the options of every command too', async () => {
  for (const args of [['check'], ['secret', 'set']]) {
    const { stdout } = await khp(ROOT, ...args, '--help');
    expect(stdout).toMatch(/Global Options:\n(?:.*\n)*.*-C <dir>.*\n +--json/);
  }
});

test('check counts what was checked', async () => {
  const { status, stdout } = await khp(CLEAN, 'check', 't/d');
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^\d+ hosts? of 1 cluster: no problem found\n$/),
  });
});

test('--strict takes warnings for errors', async () => {
  const workspace = join(ROOT, 'tests/corpus/group-conflicts/input');
  const out = () => join(temporaryFolder(), 'out');
  for (const args of [['check'], ['compile', '--out', out()]]) {
    const lax = await khp(workspace, ...args);
    expect({ args, status: lax.status }).toEqual({ args, status: 0 });
    expect(lax.stdout + lax.stderr).toMatch(/^warning\[resolve\/group-conflict\]/m);
  }
  for (const args of [['check'], ['compile', '--out', out()]]) {
    const strict = await khp(workspace, ...args, '--strict');
    expect({ args, status: strict.status }).toEqual({ args, status: 1 });
    expect(strict.stdout + strict.stderr).toMatch(/^error\[resolve\/group-conflict\]/m);
  }
});

test('a folder that cannot be written is wrong usage', async () => {
  // Longer than a path may be, once the names of a bundle's files come behind it.
  const start = join(temporaryFolder(), 'x');
  const out = Array.from({ length: 4080 - start.length }, (_, i) => (i % 200 === 0 ? '/' : 'x')).join('');
  const { status, stderr } = await khp(CLEAN, 'compile', '--out', start + out);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringMatching(/cannot be written: ENAMETOOLONG/),
  });
});

test('a khp.yml that cannot be read stops what asks it for a repository', async () => {
  const workspace = await brokenWorkspace();
  writeFileSync(join(workspace, 'khp.yml'), 'publish: [\n');
  const key = join(temporaryFolder(), 'key');
  await generateKey(key, 'test@khp.invalid');
  for (const args of [['site'], ['collect'], ['promote', '--all', '--key', key]]) {
    const { status, stdout, stderr } = await khp(workspace, ...args);
    expect({ args, status, stdout, stderr }).toEqual({
      args,
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error\[load\/bad-yaml\].* --> khp\.yml:\d/s),
    });
  }
});

test('an inventory without a cluster prints as Ansible does', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'khp.yml'), '');
  const { status, stdout } = await khp(folder, 'inventory', '--graph');
  expect({ status, stdout }).toEqual({ status: 0, stdout: '@all:\n  |--@ungrouped:\n' });
});

test('render refuses what no file of a bundle may hold, with the place in the template', async () => {
  const folder = temporaryFolder();
  cpSync(CLEAN, folder, { recursive: true });
  const template = (text: string) => writeFileSync(join(folder, 'templates/web/new.j2'), text);
  const render = () => khp(folder, 'render', 'web/new.j2', '--vars', join(folder, 'khp.yml'));
  writeFileSync(join(folder, 'khp.yml'), '{}\n');
  template('a\n{{ "{{khp:sec" ~ "ret:0}}" }}\n');
  const forged = await render();
  expect(forged).toMatchObject({ status: 1, stdout: expect.not.stringContaining('secret:0}}\n{') });
  expect(forged.stdout + forged.stderr).toMatch(
    /seal\/secret-marker\] .*\n --> templates\/web\/new\.j2:2:\d+\n/,
  );
  template('{{ "\\ud800" }}\n');
  const half = await render();
  expect(half.status).toBe(1);
  expect(half.stdout + half.stderr).toMatch(
    /seal\/malformed-text\] .*\n --> templates\/web\/new\.j2:1:\d+\n/,
  );
  template('{{ "\\U0001f600" }}\n');
  expect(await render()).toMatchObject({ status: 0, stdout: '😀\n' });
});

test('render prints what is not of the format of its file, and says so with the place in the template', async () => {
  const folder = temporaryFolder();
  cpSync(CLEAN, folder, { recursive: true });
  const path = join(folder, 'templates/web/component.yml');
  const component = readFileSync(path, 'utf8');
  writeFileSync(path, component.replace('template: web.conf.j2,', 'template: web.conf.j2, format: json,'));
  writeFileSync(join(folder, 'templates/web/web.conf.j2'), '{\n"port": {{ port }}\n');
  writeFileSync(join(folder, 'vars.yml'), 'port: 1\n');
  const args = ['render', 'web/web.conf.j2', '--vars', join(folder, 'vars.yml')];
  const { status, stdout, stderr } = await khp(folder, ...args);
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: '{\n"port": 1\n',
    stderr: expect.stringMatching(
      /^error\[seal\/malformed-json\] templates\/web\/web\.conf\.j2 is malformed: .*\n --> templates\/web\/web\.conf\.j2:\d/,
    ),
  });
  const { stdout: json } = await khp(folder, ...args, '--json');
  expect(JSON.parse(json)).toMatchObject({ diagnostics: [{ code: 'seal/malformed-json' }] });
});

test('inventory says what Ansible makes up of a machine that nobody declares', async () => {
  const asked = (source: string) => khp(temporaryFolder(), 'inventory', '-i', source, '--host', 'localhost');
  const { status, stderr } = await asked('a,');
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('Ansible makes one up') });
  expect(await asked('::1,')).toMatchObject({ status: 0, stdout: '{}\n' });
  const { stderr: ofWorkspace } = await khp(CLEAN, 'inventory', '--host', 'localhost');
  expect(ofWorkspace).toBe('khp: there is no host localhost\n');
});
