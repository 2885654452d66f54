import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { render } from '../../3-render/render.ts';
import { subjectOf } from '../explain/subject.ts';
import { impactOf } from './impact.ts';
import { ImpactIndex } from './impact-index.ts';
import type { Reach } from './reach.ts';

const FILES = {
  'khp.yml': 'env: { WHO: me }\nansible_managed: by khp\npaths: [/etc]\n',
  'inventories/_default.yml': 'size: 1\nlist:\n  - a\nports: { http: 1, rpc: 2 }\nunread: 3\nplain: one\n',
  'inventories/t/c.yml': 'release: r\nsize: 2\nrack: x\n',
  'inventories/t/c.ini': '[web]\nh1.x rack=y\nh2.x\n\n[db]\nh2.x\n',
  'inventories/t/d.yml': 'release: r\n',
  'inventories/t/d.ini': '[web]\nh3.x\n',
  'releases/r.yml': 'release: r\ncomponents:\n  app: { version: "1" }\n',
  'releases/r.md': '',
  'templates/app/component.yml': [
    'component: app',
    'roles:',
    '  web: { logs: [ { path: "/var/log/{{ plain }}" } ] }',
    'files:',
    '  - { template: a.j2, path: /etc/a, mode: "0644" }',
    '  - { template: b.j2, path: /etc/b }',
    '',
  ].join('\n'),
  'templates/app/a.j2': '{{ size }} {{ both.http }}\n{% if size == 1 %}\nsmall\n{% endif %}\n',
  'templates/app/b.j2':
    '{% for h in groups.web %}{{ hostvars[h].rack | default("-") }}{% endfor %}{{ list | first }}\n',
  'templates/app/defaults.yml': 'both: "{{ ports | combine(more) }}"\nmore: {}\nsize: 0\n',
};
const bytes = new TextEncoder();
const subject = subjectOf(new Map(Object.entries(FILES).map(([path, text]) => [path, bytes.encode(text)])));
const index = new ImpactIndex(subject, () => true);

/** `/etc/a: h1 h2`, for each file and manifest that is reached. */
function shown(reach: Reach): string {
  const names = (hosts: Iterable<{ host: string }>) =>
    Array.from(hosts, ({ host }) => host.slice(0, 2))
      .sort()
      .join(' ');
  const parts = [...reach.files()].map(([path, hosts]) => `${path.slice(5)}: ${names(hosts)}`);
  const manifests = names(reach.manifestHosts());
  return [...parts, ...(manifests === '' ? [] : [`manifest: ${manifests}`])].join(', ');
}

test.each<[string, string, string]>([
  // What is set higher is reached through no host that sets it there.
  ['inventories/_default.yml:1', 'a: h3', 'a: h3'],
  ['inventories/_default.yml:3', 'b: h1 h2 h3', 'b: h1 h2 h3'],
  // A part that nobody asks for; the merge depends on its name.
  ['inventories/_default.yml:4', 'a: h1 h2 h3', 'a: h1 h2 h3'],
  ['inventories/_default.yml:5', '', ''],
  ['inventories/_default.yml:6', 'manifest: h1 h2 h3', 'manifest: h1 h2 h3'],
  // Through hostvars, on every host of the cluster.
  ['inventories/t/c.yml:3', 'b: h1 h2', 'b: h1 h2'],
  ['inventories/t/c.ini:2', 'b: h1 h2', 'a: h1 h2, b: h1 h2, manifest: h1 h2'],
  // What becomes of a group that is no role.
  ['inventories/t/c.ini:6', '', ''],
  ['templates/app/a.j2:3', 'a: h3', 'a: h1 h2 h3'],
  ['templates/app/component.yml:5', 'a: h1 h2 h3', 'a: h1 h2 h3, b: h1 h2 h3, manifest: h1 h2 h3'],
  ['templates/app/defaults.yml:3', '', ''],
  ['khp.yml:3', '', ''],
  ['releases/r.md:1', '', ''],
])('%s reaches by its value "%s", by any edit "%s"', (at, value, line) => {
  const [file, number] = at.split(':') as [string, string];
  const impact = impactOf(subject, index, { file, line: Number(number) });
  expect({ value: shown(impact.value), line: shown(impact.line) }).toEqual({ value, line });
});

test('an index of many hosts keeps none of the texts that they have', () => {
  const kept = index.parts.flatMap(({ file }) => (file ? [Object.keys(file)] : []));
  expect(kept).toEqual(Array.from({ length: 6 }, () => ['path', 'template']));
});

test('what is overridden says by what', () => {
  const { overridden } = impactOf(subject, index, { file: 'inventories/_default.yml', line: 1 });
  expect(
    overridden.map(({ variable, by, hosts }) => [variable, `${by?.file}:${by?.line}`, hosts.size]),
  ).toEqual([['size', 'inventories/t/c.yml:2', 2]]);
});

test('a date in a mapping that goes through its text reaches who uses any part of it', () => {
  const files = {
    ...FILES,
    'inventories/_default.yml': 'size: 1\nlist: [a]\nports:\n  http: 1\n  rpc: 2\nplain: one\n',
  };
  const subjectWith = (text: (path: string, text: string) => string) =>
    subjectOf(new Map(Object.entries(files).map(([path, old]) => [path, bytes.encode(text(path, old))])));
  const other = subjectWith((_path, text) => text);
  const others = new ImpactIndex(other, () => true);
  const impact = impactOf(other, others, { file: 'inventories/_default.yml', line: 5 });
  expect({ value: shown(impact.value), line: shown(impact.line) }).toEqual({
    value: '',
    line: 'a: h1 h2 h3',
  });
  const reachedBy = (literal: boolean) =>
    others.ofChange({ kind: 'value', path: ['ports', 'rpc'], literal, evaluable: true }, () => true).parts
      .size;
  expect([reachedBy(true), reachedBy(false)]).toEqual([0, 3]);
  // What Ansible makes of the mapping then is a text, which has no `http`.
  const { workspace, inventory } = subjectWith((_path, text) => text.replace('rpc: 2', 'rpc: 2020-01-01'));
  const { diagnostics } = render({ workspace, inventory, matches: () => true, usable: () => true });
  expect(diagnostics.flatMap(({ place }) => place?.file ?? [])).toContain('templates/app/a.j2');
});

test('an alias that two variables share is compared for each of them', () => {
  const files = {
    ...FILES,
    'inventories/t/d.ini': '',
    'inventories/t/d.hosts.yml':
      'all:\n  children:\n    web:\n      hosts:\n        h3.x:\n          one: &shared\n            rack: 1\n          two: *shared\n',
    'templates/app/a.j2': '{{ two.rack | default(0) }}\n',
  } as Record<string, string>;
  delete files['inventories/t/d.ini'];
  const other = subjectOf(new Map(Object.entries(files).map(([path, text]) => [path, bytes.encode(text)])));
  const line = { file: 'inventories/t/d.hosts.yml', line: 7 };
  expect(shown(impactOf(other, new ImpactIndex(other, () => true), line).value)).toBe('a: h3');
});

/** The impact of a line of the workspace with some of its files replaced. */
function impactIn(files: Record<string, string>, at: string) {
  const all = Object.entries({ ...FILES, ...files });
  const other = subjectOf(new Map(all.map(([path, text]) => [path, bytes.encode(text)])));
  const [file, number] = at.split(':') as [string, string];
  return impactOf(other, new ImpactIndex(other, () => true), { file, line: Number(number) });
}

test.each([
  ['templates/app/defaults.yml:1', '', 'a: h1 h2 h3, b: h1 h2 h3'],
  ['templates/app/vars.yml:1', "{{ lookup('file', 'vars.yml') }}", 'b: h1 h2 h3'],
  ['templates/app/notes.txt:2', "{{ lookup('file', 'notes.txt') }}", 'b: h1 h2 h3'],
  ['templates/app/notes.txt:1', "{{ lookup('ini', 'key', section='x', file='notes.txt') }}", 'b: h1 h2 h3'],
  // What a template writes counts where it is written, and where it is read as it stands.
  ['templates/app/a.j2:3', "{{ lookup('file', 'a.j2') }}", 'a: h3, b: h1 h2 h3'],
  // What fails is as good as nothing to who ignores errors, until it does not fail.
  ['templates/app/defaults.yml:4', "{{ lookup('vars', 'fails', errors='ignore') }}", 'b: h1 h2 h3'],
  ['templates/app/defaults.yml:4', "{{ lookup('template', 'fails.j2', errors='warn') }}", 'b: h1 h2 h3'],
])('%s that a lookup reads is reached through "%s"', (at, lookup, value) => {
  const files = {
    'templates/app/b.j2': lookup || "{{ lookup('file', 'defaults.yml') }}",
    'templates/app/vars.yml': 'size: { type: int }\n',
    'templates/app/defaults.yml': `${FILES['templates/app/defaults.yml']}fails: "{{ lookup('file', 'none') }}"\n`,
    'templates/app/fails.j2': '{{ fails }}',
    'templates/app/notes.txt': '[x]\nkey=1\n',
  };
  expect(shown(impactIn(files, at).value)).toBe(value);
});

test('what a macro writes is reached through an import without context', () => {
  const files = {
    'templates/app/b.j2': "{% import 'm' as m %}\n{{ m.tag(size) }}\n{% include 'i' without context %}\n",
    'templates/app/m': '{% macro tag(x) %}\n<{{ x }}>\n{% endmacro %}\nunused\n',
    'templates/app/i': 'text\n',
  };
  expect(shown(impactIn(files, 'templates/app/m:2').value)).toBe('b: h1 h2 h3');
  expect(shown(impactIn(files, 'templates/app/i:1').value)).toBe('b: h1 h2 h3');
});

test.each([
  // A mapping below the line can become a text, nothing can become a value.
  ['size:\n  nested: 1\n', 'a: h3'],
  ['size: |\n  one\n   two # three\n', 'a: h3'],
  ['size: |\n  one: {\n  # two\n  three\n', 'a: h3'],
  ['size: >-\n  one: {\n  # two\n  three\n', 'a: h3'],
  ['size:\nplain: one\n', 'a: h3'],
  ['size:  # nothing yet\nplain: one\n', 'a: h3'],
])('the first line of %j holds a value', (text, value) => {
  const rest = 'list: [a]\nports: { http: 1 }\n' + (text.includes('plain') ? '' : 'plain: one\n');
  expect(
    shown(impactIn({ 'inventories/_default.yml': text + rest }, 'inventories/_default.yml:1').value),
  ).toBe(value);
});

test('who asks for all hosts is reached by what changes them or their order', () => {
  const files = {
    'inventories/t/c.ini': '[web]\nh1.x rack=y\n\n[db]\nh2.x\n\n[web:children]\ndb\n',
    'templates/app/a.j2': '{{ hostvars | length }}{% for h in hostvars %}{{ h }}{% endfor %}\n',
  };
  const reached = (line: number) => shown(impactIn(files, `inventories/t/c.ini:${line}`).line);
  expect(shown(impactIn(files, 'inventories/t/c.ini:2').value)).toBe('b: h1 h2');
  expect(reached(2)).toContain('a: h1 h2');
  expect(reached(3)).toContain('a: h1 h2');
  expect(reached(8)).not.toContain('a: h1');
});

test.each([
  ['[web]\nh3.x rack=\n', 2],
  ['[web]\nh3.x\n[web:vars]\nrack =\n', 4],
])('an empty value of an inventory can be altered: %j', (text, line) => {
  const impact = impactIn({ 'inventories/t/d.ini': text }, `inventories/t/d.ini:${line}`);
  expect(shown(impact.value)).toBe('b: h3');
});

test('a host without a part of any component has a manifest', () => {
  const files = { 'inventories/t/c.ini': `lone.x\n${FILES['inventories/t/c.ini']}` };
  const hosts = (at: string, reach: 'line' | 'any') => shown(impactIn(files, at)[reach]);
  expect(hosts('inventories/t/c.yml:1', 'line')).toBe('manifest: h1 h2 lo');
  expect(hosts('inventories/t/c.ini:2', 'any')).toContain('manifest: h1 h2 lo');
  expect(hosts('releases/r.yml:1', 'any')).toContain('manifest: h1 h2 h3 lo');
  // A role with the name of a group.
  expect(hosts('templates/app/component.yml:3', 'any')).toContain('manifest: h1 h2 h3 lo');
});

test('a carriage return alone ends a line, of variables and of a template', () => {
  const files = {
    'inventories/_default.yml': FILES['inventories/_default.yml'].replaceAll('\n', '\r'),
    'templates/app/a.j2': FILES['templates/app/a.j2'].replaceAll('\n', '\r'),
  };
  expect(shown(impactIn(files, 'inventories/_default.yml:3').value)).toBe('b: h1 h2 h3');
  expect(shown(impactIn(files, 'inventories/_default.yml:6').line)).toBe('manifest: h1 h2 h3');
  expect(shown(impactIn(files, 'templates/app/a.j2:3').value)).toBe('a: h3');
});

const SECRET = readFileSync('tests/corpus/secrets/input/inventories/t/c.yml', 'utf8').split('vaulted:')[0]!;

test.each(['[]', '{}', "''", '""'])('%s in braces can be altered', (empty) => {
  const vars = `ports: { http: ${empty} }\nlist: [a]\nsize: 1\nplain: one\n`;
  const { value } = impactIn({ 'inventories/_default.yml': vars }, 'inventories/_default.yml:1');
  expect(shown(value)).toBe('a: h1 h2 h3');
});

test.each([
  // Each line of the ciphertext, whatever the character.
  ['inventories/t/c.yml:3', ''],
  ['inventories/t/c.yml:4', 'a: h1 h2'],
  ['inventories/t/c.yml:7', 'a: h1 h2'],
  ['inventories/t/c.yml:8', 'a: h1 h2'],
  ['templates/app/a.j2:41', 'a: h1 h2'],
])('of secrets and lines that end in CRLF, %s reaches "%s"', (at, value) => {
  const files = {
    ...FILES,
    'inventories/t/c.yml': SECRET.replace('r1', 'r'),
    'templates/app/a.j2': `${'\r\n'.repeat(40)}x\r\n{{ password }}\r\n`,
    'inventories/t/d.ini': '',
  };
  const other = subjectOf(new Map(Object.entries(files).map(([path, text]) => [path, bytes.encode(text)])));
  const [file, number] = at.split(':') as [string, string];
  const line = { file, line: Number(number) };
  expect(shown(impactOf(other, new ImpactIndex(other, () => true), line).value)).toBe(value);
});

const OF_ROLES = (roles: string) => ({
  'templates/app/component.yml': [
    'component: app',
    'roles: { web: {}, db: {} }',
    'files:',
    `  - { template: a.j2, path: "/etc/a-{{ rack | default(0) }}", ${roles}group: root }`,
    '  - { template: b.j2, path: /etc/b }',
    '',
  ].join('\n'),
});

test.each([
  ['', 'a-0: h3, a-x: h2, a-y: h1'],
  // On whom it is not, it is named as it is where it is.
  ['roles: [web], ', 'a-0: h3, a-x: h2, a-y: h1'],
  ['roles: [db], ', 'a-x: h1 h2 h3'],
  ['roles: [], ', 'a-{{ rack | default(0) }}: h1 h2 h3'],
])('a line of an entry with "%s" names the file of it alone, on who may have it', (roles, value) => {
  const before = OF_ROLES(roles);
  const { value: reach, line } = impactIn(before, 'templates/app/component.yml:4');
  expect(shown(reach)).toBe(value);
  expect(shown(line)).toContain('b: h1 h2 h3');
  const filesOf = (files: Record<string, string>) => {
    const all = Object.entries({ ...FILES, ...files });
    const { workspace, inventory } = subjectOf(
      new Map(all.map(([path, text]) => [path, bytes.encode(text)])),
    );
    const rendered = render({ workspace, inventory, matches: () => true, usable: () => true });
    expect(rendered.diagnostics).toEqual([]);
    return rendered.value.flatMap(({ files: own }) =>
      own.map(({ host, path, template, group, text }) => JSON.stringify([host, template, path, group, text])),
    );
  };
  const named = new Set([...reach.parts].map(({ host, file }) => `${host.host} ${file?.template}`));
  const old = new Set(filesOf(before));
  for (const other of ['', 'roles: [web], ', 'roles: [db], ', 'roles: [web, db], ', 'roles: [], ']) {
    const young = new Set(filesOf(OF_ROLES(other)));
    const onlyIn = (one: Set<string>, other: Set<string>) => [...one].filter((text) => !other.has(text));
    const changed = [...onlyIn(old, young), ...onlyIn(young, old)].map(
      (one) => JSON.parse(one) as [string, string],
    );
    expect(changed.filter(([host, template]) => !named.has(`${host} ${template}`))).toEqual([]);
    expect(changed.length > 0).toBe([...old].sort().join() !== [...young].sort().join());
  }
});

test('what a component installs reaches the hosts whose release has something to install of it', () => {
  const artifact = `{ url: "https://mirror.example/app-1.tgz", sha256: ${'a'.repeat(64)}, size: 1 }`;
  const files = {
    'inventories/t/c.yml': 'release: r2\n',
    'releases/r2.yml': `release: r2\ncomponents:\n  app: { version: "1", artifact: ${artifact} }\n`,
    'templates/app/component.yml': `component: app\ninstall: { link: /opt/app }\nroles: { web: {} }\n`,
  };
  expect(shown(impactIn(files, 'templates/app/component.yml:2').value)).toBe('manifest: h1 h2');
});
