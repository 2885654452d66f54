import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAnsible } from '../1-load/load-ansible.ts';
import type { HostVars } from '../2-resolve/inventory.ts';
import { resolveAnsible } from '../2-resolve/resolve-ansible.ts';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { unreadOfAnsible, unreadOfWorkspace } from './unreadable-vars.ts';

describe('a plain inventory whose files of variables cannot all be read', () => {
  function unreadOf(files: Readonly<Record<string, string>>, playbookDir?: string) {
    const folder = mkdtempSync(join(tmpdir(), 'khp-unread-'));
    const hosts = 'loose\n[web]\na\n[db]\nb\n[site:children]\nweb\n[empty]\n';
    for (const [path, text] of Object.entries({ hosts, ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { value } = loadAnsible({ folder, sources: ['hosts'], playbookDir });
    const resolved = resolveAnsible(value, 'replace');
    const { ofHost, ofList, ofGraph } = unreadOfAnsible(resolved);
    const hostsOf = resolved.inventory.hosts.filter((host) => ofHost(host)).map(({ host }) => host);
    const graphs = ['all', 'web', 'db', 'empty'].filter((group) => ofGraph(group));
    return { hosts: hostsOf, list: ofList(), graphs };
  }

  it.each([
    ['none', { 'host_vars/a': 'x: 1\n' }, [], undefined, []],
    ["a host's", { 'host_vars/a': 'x: [\n' }, ['a'], 'host_vars/a', ['all', 'web']],
    ["a group's", { 'group_vars/db.yml': '- 1\n' }, ['b'], 'group_vars/db.yml', ['all', 'db']],
    ["a parent's", { 'group_vars/site/x.yml': '\xff: [\n' }, ['a'], 'group_vars/site/x.yml', ['all', 'web']],
    [
      "everybody's",
      { 'group_vars/all': 'a: 1\na' },
      ['loose', 'a', 'b'],
      'group_vars/all',
      ['all', 'web', 'db'],
    ],
    ['of a group without hosts', { 'group_vars/empty': '[' }, [], undefined, ['all', 'empty']],
    ["nobody's", { 'host_vars/nobody': '[' }, [], undefined, []],
  ] as const)('%s', (_, files, hosts, list, graphs) => {
    expect(unreadOf(files)).toEqual({ hosts, list, graphs });
  });

  it('has those beside a playbook too, which groups have only of one that is named', () => {
    const files = { 'pb/group_vars/empty': '[', 'pb/host_vars/b': '[' };
    expect(unreadOf(files)).toEqual({ hosts: [], list: undefined, graphs: [] });
    const graphs = ['all', 'db', 'empty'];
    expect(unreadOf(files, 'pb')).toEqual({ hosts: ['b'], list: 'pb/host_vars/b', graphs });
  });
});

describe('a workspace whose files of variables cannot all be read', () => {
  const host = {
    host: 'nn1.x',
    type: 'prod',
    cluster: 'etl',
    groupNames: ['namenode'],
  } as unknown as HostVars;
  const problem = (file: string, code = 'load/bad-yaml'): Diagnostic => {
    return { code, severity: 'error', message: '', place: { file, line: 1, column: 1 } };
  };

  it.each([
    'khp.yml',
    'inventories/_default.yml',
    'inventories/prod/_default.yml',
    'inventories/prod/etl.yml',
    'inventories/prod/etl/namenode.yml',
    'inventories/prod/etl/all.yml',
    'inventories/prod/etl/nn1.host.yml',
    'inventories/prod/etl/nn1.x.host.yml',
  ])('%s is missed by the host', (file) => {
    const { ofHost, ofList } = unreadOfWorkspace([problem(file)]);
    expect([ofHost(host), ofList()]).toEqual([file, file]);
  });

  it('a mistake in khp.yml may change how mappings are combined', () => {
    const { ofHost, ofList } = unreadOfWorkspace([problem('khp.yml', 'load/wrong-type')]);
    expect([ofHost(host), ofList()]).toEqual(['khp.yml', 'khp.yml']);
  });

  it.each([
    'inventories/test/_default.yml',
    'inventories/prod/other.yml',
    'inventories/prod/etl/datanode.yml',
    'inventories/prod/etl/nn.host.yml',
  ])('%s is missed by other hosts', (file) => {
    const { ofHost, ofList } = unreadOfWorkspace([problem(file)]);
    expect([ofHost(host), ofList()]).toEqual([undefined, file]);
  });

  it.each([
    ['inventories/prod/etl.ini', 'load/bad-ini'],
    ['inventories/prod/etl.ini', 'load/not-text'],
    ['inventories/prod/etl/nn1.facts.yml', 'load/bad-yaml'],
    ['inventories/prod/etl.yml', 'load/duplicate-key'],
    ['templates/hadoop/defaults.yml', 'load/bad-yaml'],
  ])('%s is no file of variables that could not be read: %s', (file, code) => {
    const { ofHost, ofList } = unreadOfWorkspace([problem(file, code)]);
    expect([ofHost(host), ofList()]).toEqual([undefined, undefined]);
  });
});
