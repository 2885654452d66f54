import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { loadAnsible } from './load-ansible.ts';

/** A folder with files, and what is wrong with an inventory in it, as `code file:line message`. */
function problemsOf(files: Readonly<Record<string, string>>, ...sources: string[]): string[] {
  return problemsIn(folderOf(files), ...sources);
}

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'khp-ansible-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function problemsIn(folder: string, ...sources: string[]): string[] {
  const { diagnostics } = loadAnsible({ folder, sources, playbookDir: undefined });
  return diagnostics.map(({ code, place, message }) => `${code} ${place?.file}:${place?.line} ${message}`);
}

it('runs no program: a script is an error, and so is the configuration of a plugin', () => {
  const folder = folderOf({
    'hosts.sh': '#!/bin/sh\necho "{}"\n',
    'aws.yml': 'plugin: amazon.aws.aws_ec2\n',
  });
  chmodSync(join(folder, 'hosts.sh'), 0o755);
  expect(problemsIn(folder, 'hosts.sh', 'aws.yml')).toEqual([
    'load/dynamic-inventory hosts.sh:1 `hosts.sh` is a program that prints an inventory',
    'load/dynamic-inventory aws.yml:1 `aws.yml` is the configuration of an inventory plugin',
  ]);
});

it('reads an INI file that is executable by accident', () => {
  const folder = folderOf({ hosts: '[web]\na\n' });
  chmodSync(join(folder, 'hosts'), 0o755);
  expect(problemsIn(folder, 'hosts')).toEqual([]);
});

it('says what is wrong in the words of the format that was meant', () => {
  const files = {
    'a.yml': 'all:\n  hosts: [a]\n',
    b: '[web\n',
    'c.ini': 'x y\n',
    d: 'all: {hosts: {a: 1}}\n',
  };
  expect(problemsOf(files, 'a.yml', 'b', 'c.ini', 'd')).toEqual([
    'load/bad-inventory a.yml:2 `hosts` of group `all` must be a mapping',
    expect.stringMatching(/^load\/bad-ini b:1 /),
    'load/bad-ini c.ini:1 Expected key=value host variable assignment, got: y',
    'load/bad-inventory d:1 the variables of `a` must be a mapping',
  ]);
});

it('warns of hosts that are named as groups, as where `:children` is missing', () => {
  const folder = folderOf({ hosts: '[site]\nweb\nall\n[web]\na\n' });
  const { diagnostics } = loadAnsible({ folder, sources: ['hosts'], playbookDir: undefined });
  expect(diagnostics.map(({ severity, place, hint }) => [severity, place?.line, hint])).toEqual([
    ['warning', 3, 'rename the host'],
    ['warning', 4, expect.stringContaining('under `[…:children]`')],
  ]);
});

it('says what cannot be read', () => {
  const folder = folderOf({
    'inventories/README.md': '',
    'loop/hosts': 'a\n',
    secret: '$ANSIBLE_VAULT;1.1;AES256\n31\n',
  });
  symlinkSync('.', join(folder, 'loop/again'));
  symlinkSync('self', join(folder, 'self'));
  expect(problemsIn(folder, 'none', 'self', 'inventories', 'loop', 'secret', '/dev/null')).toEqual([
    'load/unreadable-file none:1 there is no file `none`',
    'load/unreadable-file self:1 there is no file `self`',
    'load/unreadable-file /dev/null:1 `/dev/null` is no regular file',
    'load/bad-inventory inventories:1 no file of the folder `inventories` is an inventory',
    'load/bad-inventory loop/again:1 the folder `loop/again` leads back to a folder that it is in',
    'load/bad-inventory secret:1 `secret` is encrypted as a whole',
  ]);
});

it('says what to do about a host, and about a group, whose name leads out of the folder of its variables', () => {
  const folder = folderOf({
    hosts: '[../g]\n../h\n',
    'g.yml': '',
    'h.yml': '',
    'group_vars/x': '',
    'host_vars/x': '',
  });
  const { diagnostics } = loadAnsible({ folder, sources: ['hosts'], playbookDir: undefined });
  expect(diagnostics.map(({ place, hint }) => [place?.line, hint])).toEqual([
    [1, 'give the group a name without `..`'],
    [2, 'give it a name without `..`; the address of a host goes into `ansible_host`'],
  ]);
});

it('says where a name is tagged !unsafe, and takes it for the name', () => {
  const folder = folderOf({ 'a.yml': 'g:\n  hosts: !unsafe x\n  children:\n    !unsafe k:\n' });
  const { value, diagnostics } = loadAnsible({ folder, sources: ['a.yml'], playbookDir: undefined });
  expect(diagnostics.map(({ place, message }) => [place?.line, message])).toEqual([
    [2, 'host `x` is tagged !unsafe'],
    [4, 'group `k` is tagged !unsafe'],
  ]);
  expect(value.inventory.hosts.map(({ name }) => name)).toEqual(['x']);
  expect(value.inventory.groups.map(({ name }) => name)).toContain('k');
});

it('says where `all` was made a child, and goes on with the sources, as Ansible does until it has read them', () => {
  const files = {
    'a.yml': 'g:\n  children:\n    all:\n  hosts: {h: }\n',
    b: '[w:children]\nall\n[w]\nx y=1\n',
  };
  const folder = folderOf(files);
  const { value, diagnostics } = loadAnsible({ folder, sources: ['a.yml', 'b'], playbookDir: undefined });
  expect(diagnostics.map(({ place, message }) => [place?.file, place?.line, message])).toEqual([
    ['a.yml', 3, "Adding group 'all' as child to 'g' creates a recursive dependency loop"],
    ['b', 2, "Adding group 'all' as child to 'w' creates a recursive dependency loop"],
  ]);
  expect(value.inventory.hosts.map(({ name }) => name)).toEqual(['h', 'x']);
  expect(value.inventory.groups.filter(({ children }) => children.includes('all'))).toEqual([]);
});
