import { expect, test } from 'vitest';
import { explainVariable } from './explain-variable.ts';
import { subjectOf, viewsOf } from './subject.ts';
import { parseVariablePath, pathText } from './variable-path.ts';
import { variableText } from './variable-text.ts';

const FILES = {
  'khp.yml': 'hash_behaviour: merge\n',
  'inventories/_default.yml':
    'ports:\n  http: 1\n  rpc: 2\nsize: 1\n' +
    'm: { list: [a], sub: { port: 2 }, s: low, both: { x: 1, n: ~ }, 80: a }\n',
  'inventories/t/c.yml':
    'release: r\nports: { rpc: "{{ base + 1 }}" }\nbase: 7\n' +
    'password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6231\nraw: !unsafe "{{ base }}"\n' +
    'escapes: "\\e[31m{{ base }}"\nhuge: "{{ \'x\' * 50000 }}"\nm: { list: [c], sub: ~, s: high, both: { y: ~ } }\n',
  'inventories/t/c.ini': '[web]\nh1.x size=3\nh2.x\n',
  'inventories/t/c/h1.host.yml':
    'm: { own: 1, both: {} }\nloop: "{{ loop }}"\nother: "{{ hostvars[\'h2.x\'].base }}"\n',
  'releases/r.yml': 'release: r\ncomponents:\n  app: { version: "1" }\n',
  'releases/r.md': '',
  'templates/app/component.yml': 'component: app\nroles: { web: {} }\n',
  'templates/app/defaults.yml': 'm: { sub: { port: 3 }, low: 1 }\nsize: 0\nfree: [a, "{{ size }}"]\n',
};
const bytes = new TextEncoder();
const subject = subjectOf(new Map(Object.entries(FILES).map(([path, text]) => [path, bytes.encode(text)])));

function explained(variable: string): string {
  const host = subject.inventory.clusters[0]!.hosts[0]!;
  return variableText(explainVariable(subject, viewsOf(subject, host), parseVariablePath(variable)!));
}

test('a variable with all that set it', () => {
  expect(explained('size')).toBe(`size on h1.x

set, the highest first:
  inventories/t/c.ini:2:6  (inventory host vars)
      h1.x size=3
  inventories/_default.yml:4:1  (fleet defaults, overridden)
      size: 1
  templates/app/defaults.yml:2:1  (component defaults, overridden)
      size: 0
value: 3
`);
});

test('a mapping of several layers, leaf by leaf', () => {
  expect(explained('ports')).toBe(`ports on h1.x

set, the highest first:
  inventories/t/c.yml:2:1  (cluster)
      ports: { rpc: "{{ base + 1 }}" }
  inventories/_default.yml:1:1  (fleet defaults)
      ports:
merged of:
  ports.rpc = "{{ base + 1 }}"  (inventories/t/c.yml:2:10)
  ports.http = 1  (inventories/_default.yml:2:3)
steps:
  ports.http = 1  (inventories/_default.yml:2:3, fleet defaults)
  ports.rpc = "8"  (inventories/t/c.yml:2:10, cluster)
      {{ base + 1 }}
    base = 7  (inventories/t/c.yml:3:1, cluster)
value: {"http": 1, "rpc": "8"}
`);
});

test('the content of a release, at its line', () => {
  expect(explained('khp_release.components.app.version')).toBe(`khp_release.components.app.version on h1.x

set, the highest first:
  releases/r.yml:3:10  (khp)
      app: { version: "1" }
value: "1"
`);
});

test('a part that a template makes, step by step', () => {
  expect(explained('free[1]')).toBe(`free[1] on h1.x

set, the highest first:
  templates/app/defaults.yml:3:11  (component defaults)
      free: [a, "{{ size }}"]
steps:
  free = ["a", 3]  (templates/app/defaults.yml:3:1, component defaults)
      ["a", "{{ size }}"]
    size = 3  (inventories/t/c.ini:2:6, inventory host vars)
value: 3
`);
  expect(explained('ports.rpc')).toContain('    base = 7  (inventories/t/c.yml:3:1, cluster)\n');
});

test('a value of another host', () => {
  expect(explained('other')).toContain("    hostvars['h2.x'].base = 7  (inventories/t/c.yml:3:1, cluster)\n");
});

test('what cannot be evaluated says why', () => {
  expect(explained('loop')).toContain('it has no value: recursive loop detected: loop → loop\n');
});

test('a secret is its tag, an unsafe text stands behind its tag', () => {
  expect(explained('password')).toContain('value: !vault\n');
  expect(explained('raw')).toMatch(/\nvalue: !unsafe "\{\{ base \}\}"\n$/);
});

test('a terminal is sent no control characters, and no more than a screen of a value', () => {
  const text = explained('escapes');
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  expect(text).toContain('      ␛[31m{{ base }}');
  expect(explained('huge').length).toBeLessThan(6000);
  expect(explained('huge')).toContain('(50002 characters; --json has all)');
});

test('a host without a component has variables too', () => {
  const files = {
    ...FILES,
    'inventories/t/c.ini': `${FILES['inventories/t/c.ini']}[spare]\nlone.x size=4\n`,
  };
  const other = subjectOf(new Map(Object.entries(files).map(([path, text]) => [path, bytes.encode(text)])));
  const host = other.inventory.clusters[0]!.hosts.find(({ host: name }) => name === 'lone.x')!;
  const [only, ...others] = explainVariable(other, viewsOf(other, host), { name: 'size', path: [] });
  expect(others).toEqual([]);
  expect(only).toMatchObject({ components: [], value: '4' });
  expect(only!.settings.map(({ layer }) => layer)).toEqual(['inventory host vars', 'fleet defaults']);
  expect(explainVariable(other, viewsOf(other, host), { name: 'free', path: [] })).toEqual([]);
});

test('a path that is shown can be asked for', () => {
  const path = ['a', 'b.c', "it's", 'a "b"', "x']['y", 'two words', 3, '-', '[0]'];
  expect(parseVariablePath(pathText({ name: 'top', path }))).toEqual({ name: 'top', path });
});

test('under merge, what replaces a part of lower layers and what is merged with it', () => {
  expect(explained('m')).toContain(
    `
merged of:
  m.own = 1  (inventories/t/c/h1.host.yml:1:6)
  m.sub = null  (inventories/t/c.yml:10:17)
  m.list = ["c"]  (inventories/t/c.yml:10:6)
  m.s = "high"  (inventories/t/c.yml:10:25)
  m.both.y = null  (inventories/t/c.yml:10:42)
  m.both.x = 1  (inventories/_default.yml:5:51)
  m.both.n = null  (inventories/_default.yml:5:57)
  m[80] = "a"  (inventories/_default.yml:5:65)
  m.low = 1  (templates/app/defaults.yml:1:24)
`,
  );
  for (const [part, text] of [
    ['m.list', 'list'],
    ['m.s', 's'],
    ['m.sub', 'sub'],
  ])
    expect(explained(part!)).toMatch(
      new RegExp(`\\(cluster\\)\n.*${text}: .*\n.*\\(fleet defaults, overridden\\)\n`),
    );
  expect(explained('m.sub')).toMatch(/h1\.host\.yml:1:1 {2}\(.*\): nothing there\n/);
  expect(explained('m.list')).toMatch(/defaults\.yml:1:1 {2}\(component defaults\): nothing there\n/);
  expect(explained('m.list')).not.toContain('merged of');
});

test('the same in JSON', () => {
  const host = subject.inventory.clusters[0]!.hosts[0]!;
  const [only] = explainVariable(subject, viewsOf(subject, host), { name: 'm', path: ['list'] });
  expect(only!.leaves).toEqual([]);
  expect(only!.settings.map(({ counts, overridden }) => [counts, overridden])).toEqual([
    [false, false],
    [true, false],
    [false, true],
    [false, false],
  ]);
});

test('a part that is set to null is set', () => {
  const host = subject.inventory.clusters[0]!.hosts[0]!;
  for (const part of ['m.sub', 'm.both.y', 'm.both.n']) {
    expect(explained(part)).toMatch(/\nvalue: null\n$/);
    const [only] = explainVariable(subject, viewsOf(subject, host), parseVariablePath(part)!);
    expect(only).toMatchObject({ value: 'null', failure: undefined });
    expect(only!.settings.filter(({ counts }) => counts)).toMatchObject([{ written: 'null' }]);
  }
  expect(explainVariable(subject, viewsOf(subject, host), parseVariablePath('m.sub.port')!)).toEqual([]);
});

test('a number is a key of a mapping too', () => {
  expect(explained('m.80')).toMatch(/_default\.yml:5:65 {2}\(fleet defaults\)\n(?:.*\n)*value: "a"\n$/);
});

test('files are merged before they are laid over the inventory, whose part comes through', () => {
  const files = {
    ...FILES,
    'inventories/t/c.ini': `${FILES['inventories/t/c.ini']}[web:vars]\nm={"sub": {"port": 2}}\n`,
    'inventories/_default.yml': 'm: { sub: ~ }\n',
    'inventories/t/c.yml': FILES['inventories/t/c.yml'].replace('sub: ~', 'sub: { x: 1 }'),
  };
  const other = subjectOf(new Map(Object.entries(files).map(([path, text]) => [path, bytes.encode(text)])));
  const host = other.inventory.clusters[0]!.hosts.find(({ host: name }) => name === 'h2.x')!;
  const asked = { name: 'm', path: ['sub', 'port'] };
  const [only] = explainVariable(other, viewsOf(other, host), asked);
  expect(variableText([only!])).toBe(`m.sub.port on h2.x

set, the highest first:
  inventories/t/c.yml:10:17  (cluster): nothing there
  inventories/_default.yml:1:6  (fleet defaults, overridden)
      m: { sub: ~ }
  inventories/t/c.ini:5:1  (inventory group vars)
      m={"sub": {"port": 2}}
  templates/app/defaults.yml:1:13  (component defaults, overridden)
      m: { sub: { port: 3 }, low: 1 }
value: 2
`);
  expect(only!.steps).toMatchObject([{ variable: 'm.sub.port', place: { file: 'inventories/t/c.ini' } }]);
});
