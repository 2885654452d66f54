import { describe, expect, it } from 'vitest';
import { load } from '../1-load/load.ts';
import { checkUnreadVariables } from './check-unread-variables.ts';

const BASE = {
  'releases/1.0.yml': 'release: "1.0"\ncomponents:\n  hdfs: { version: "3" }\n',
  'templates/hdfs/component.yml':
    'component: hdfs\nroles: { dn: {} }\nfiles:\n  - { template: env.j2, path: /etc/env }\n',
  'templates/hdfs/defaults.yml': 'hdfs_dn_heap_mb: 1024\nhdfs_nn_heap_mb: 1024\n',
  'templates/hdfs/env.j2': '-Xmx{{ hdfs_dn_heap_mb }}m {{ hdfs_nn_heap_mb }}\n',
  'inventories/t/c.yml': 'release: "1.0"\n',
  'inventories/t/c.ini': '[dn]\nh[1:2].x\n',
};
const WELL = { host: () => false, components: false, any: false };

function check(files: Record<string, string>, unreadable = WELL) {
  const bytes = Object.entries({ ...BASE, ...files }).map(
    ([path, text]) => [path, new TextEncoder().encode(text)] as const,
  );
  const { value, diagnostics } = load(new Map(bytes));
  expect(diagnostics).toEqual([]);
  return checkUnreadVariables(value, unreadable);
}

/** `file:line hint`, of each warning. */
function warnings(files: Record<string, string>, unreadable = WELL): string[] {
  return check(files, unreadable).diagnostics.map(
    ({ place, hint }) => `${place!.file.replace('inventories/', '')}:${place!.line} ${hint}`,
  );
}

const HOST = 'inventories/t/c/h1.host.yml';
const TYPO = { [HOST]: 'hdfs_dn_heep_mb: 4096\n' };
const MEANT = 'did you mean `hdfs_dn_heap_mb`, which templates/hdfs/env.j2 reads?';

describe('warns of a misspelt name', () => {
  it.each([
    [HOST, 'x_y: 1\nhdfs_dn_heep_mb: 4096\n', 't/c/h1.host.yml:2'],
    ['inventories/t/c/dn.yml', 'hdfs_dn_heapmb: 1\n', 't/c/dn.yml:1'],
    ['inventories/t/c.yml', 'release: "1.0"\nhdfs_dn_haep_mb: 1\n', 't/c.yml:2'],
    ['inventories/t/c.ini', '[dn]\nh1.x\nh[2:9].x hdsf_dn_heap_mb=1\n', 't/c.ini:3'],
    ['inventories/t/c.ini', '[dn]\nh1.x\n[dn:vars]\nhdfs_dn_heap_m=1\n', 't/c.ini:4'],
    ['inventories/t/_default.yml', 'hdfs_dnn_heap_mb: 1\n', 't/_default.yml:1'],
    ['inventories/_default.yml', 'hdfs_dn_heap_mbb: 1\n', '_default.yml:1'],
  ])('in %s', (file, text, place) => {
    expect(warnings({ [file]: text })).toEqual([`${place} ${MEANT}`]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['only declared', { 'vars.yml': 'rack_name: {}\n' }, 'vars.yml declares'],
    ['only a default', { 'defaults.yml': 'rack_name: a\n' }, 'defaults.yml sets'],
    ['in a rule', { 'rules.yml': 'r: { that: rack_name is defined }\n' }, 'rules.yml reads'],
    ['in a value', { 'defaults.yml': 'a: ["{{ rack_name }}"]\n' }, 'defaults.yml reads'],
    ['in a macro of a partial', { '_m.j2': '{% macro m(x) %}{{ rack_name }}{% endmacro %}' }, '_m.j2 reads'],
    ['in set', { 'a.j2': '{% set rack = rack_name %}{{ rack }}' }, 'a.j2 reads'],
    ['of other hosts', { 'a.j2': "{{ hostvars[groups['dn'][0]].rack_name }}" }, 'a.j2 reads'],
    ['of a host in a loop', { 'a.j2': '{% set h = hostvars[x] %}{{ h.rack_name }}' }, 'a.j2 reads'],
    [
      'through map',
      { 'a.j2': "{{ groups['dn'] | map('extract', hostvars) | map(attribute='rack_name') | list }}" },
      'a.j2 reads',
    ],
    ['by a constant lookup', { 'a.j2': "{{ lookup('vars', 'rack_name') }}" }, 'a.j2 reads'],
    [
      'with other braces',
      { 'a.j2': '#jinja2: variable_start_string: "[%", variable_end_string: "%]"\n[% rack_name %]' },
      'a.j2 reads',
    ],
  ])('of one that is read or declared: %s', (_, files, where) => {
    const component = Object.entries(files).map(([name, text]) => [`templates/hdfs/${name}`, text]);
    expect(warnings({ ...Object.fromEntries(component), [HOST]: 'rack_nmae: /p1\n' })).toEqual([
      `t/c/h1.host.yml:1 did you mean \`rack_name\`, which templates/hdfs/${where}?`,
    ]);
  });

  it('of one that only a value of the inventory reads', () => {
    expect(
      warnings({
        'inventories/t/_default.yml': 'hdfs_dn_heap_mb: "{{ base_heap }}"\n',
        [HOST]: 'base_haep: 1\n',
      }),
    ).toEqual(['t/c/h1.host.yml:1 did you mean `base_heap`, which inventories/t/_default.yml reads?']);
  });

  it('once a line, with the place of each file', () => {
    const other = 'inventories/t/c/h2.host.yml';
    expect(warnings({ ...TYPO, [other]: '\nhdfs_dn_heep_mb: 1\n' })).toEqual([
      `t/c/h1.host.yml:1 ${MEANT}`,
      `t/c/h2.host.yml:2 ${MEANT}`,
    ]);
  });
});

describe('says nothing', () => {
  it.each<[string, Record<string, string>]>([
    ['of a name that nothing is near to', { [HOST]: 'backup_window: 1\n' }],
    ['of what Ansible or khp reads', { [HOST]: 'ansible_hosst: 1\n' }],
    [
      'of numbered names',
      { 'templates/hdfs/a.j2': '{{ disk_1 }}', [HOST]: 'disk_2: a\ndisk_12: b\ndisk: c\n' },
    ],
    [
      'of parts that other names have',
      { 'templates/hdfs/a.j2': '{{ hbase_rs_cores }}', [HOST]: 'hdfs_rs_heap_mb: 1\n' },
    ],
    [
      'of a plural and a singular that are both set',
      { 'templates/hdfs/a.j2': '{{ backends }}', [HOST]: 'backend: 1\nbackends: "{{ 1 }}"\n' },
    ],
    [
      'of what only another value reads',
      { [HOST]: 'hdfs_dn_heep_mb: 1\nhdfs_dn_heap_mb: "{{ hdfs_dn_heep_mb }}"\n' },
    ],
    [
      'of what a value in a list of a mapping reads',
      { ...TYPO, 'inventories/_default.yml': 'a: { b: ["{% if hdfs_dn_heep_mb %}{% endif %}"] }\n' },
    ],
    ['of what a partial reads', { ...TYPO, 'templates/hdfs/_part.j2': '{{ hdfs_dn_heep_mb }}' }],
    ['of what is only named in set', { ...TYPO, 'templates/hdfs/a.j2': '{% set x = hdfs_dn_heep_mb %}' }],
    ['of what a rule asks', { ...TYPO, 'templates/hdfs/rules.yml': 'r: { that: hdfs_dn_heep_mb > 1 }\n' }],
    ['of what is declared', { ...TYPO, 'templates/hdfs/vars.yml': 'hdfs_dn_heep_mb: { type: int }\n' }],
    [
      'of what a directory loops over',
      {
        ...TYPO,
        'templates/hdfs/component.yml':
          'component: hdfs\nroles: { dn: { directories: [{ path: /d, loop: hdfs_dn_heep_mb }] } }\n',
      },
    ],
    [
      'where a lookup may read it',
      { ...TYPO, 'templates/hdfs/a.j2': "{{ lookup('vars', 'hdfs_' ~ x ~ '_mb') }}" },
    ],
    [
      'where a value may read it',
      { ...TYPO, 'inventories/t/c.yml': 'release: "1.0"\na: "{{ query(\'vars\', x) }}"\n' },
    ],
    ['where names are listed', { ...TYPO, 'templates/hdfs/a.j2': "{{ lookup('varnames', 'hdfs_.+') }}" }],
    ['where a name of another host is computed', { ...TYPO, 'templates/hdfs/a.j2': '{{ hostvars[h][x] }}' }],
    ['where that is behind get', { ...TYPO, 'templates/hdfs/a.j2': '{{ hostvars[h].get(x) }}' }],
    ['where a host is handed on', { ...TYPO, 'templates/hdfs/a.j2': '{{ m(hostvars[h]) }}' }],
    [
      'where that is behind map',
      { ...TYPO, 'templates/hdfs/a.j2': "{{ g | map('extract', hostvars) | map(attribute=x) }}" },
    ],
    [
      'where a text that may read it is no Jinja',
      { ...TYPO, 'templates/hdfs/a.j2': '{% if %}{{ lookup(x) }}' },
    ],
    [
      'of what only a cluster reads of a type',
      { 'inventories/t/_default.yml': 'hdfs_dn_heep_mb: 1\n', [HOST]: 'a: "{{ hdfs_dn_heep_mb }}"\n' },
    ],
    [
      'of what only a cluster reads of everybody',
      { 'inventories/_default.yml': 'hdfs_dn_heep_mb: 1\n', [HOST]: 'a: "{{ lookup(\'vars\', x) }}"\n' },
    ],
  ])('%s', (_, files) => {
    expect(warnings(files)).toEqual([]);
  });

  it('where what reads it could not be read', () => {
    expect(warnings(TYPO, { ...WELL, components: true })).toEqual([]);
    expect(warnings(TYPO, { ...WELL, host: () => true })).toEqual([]);
    expect(warnings({ 'inventories/_default.yml': 'hdfs_dn_heep_mb: 1\n' }, { ...WELL, any: true })).toEqual(
      [],
    );
  });
});

it('still looks at what a computed name cannot be', () => {
  const files = { 'templates/hdfs/a.j2': "{{ lookup('vars', 'yarn_' ~ x) }}{{ hostvars[h]['a_' + x] }}" };
  expect(warnings({ ...TYPO, ...files })).toEqual([`t/c/h1.host.yml:1 ${MEANT}`]);
});

it('needs all clusters only for what no shared file reads', () => {
  expect(check(TYPO).needsAll).toBe(false);
  const shared = { 'inventories/_default.yml': 'hdfs_dn_heep_mb: 1\n' };
  expect(check(shared).needsAll).toBe(true);
  expect(check(shared, { ...WELL, any: true }).needsAll).toBe(true);
  expect(check({ ...shared, 'inventories/t/_default.yml': 'a: "{{ hdfs_dn_heep_mb }}"\n' }).needsAll).toBe(
    false,
  );
});
