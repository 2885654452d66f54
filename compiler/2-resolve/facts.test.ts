import { expect, test } from 'vitest';
import { load } from '../1-load/load.ts';
import { Templar, UnsafeText } from '../ansible/ansible.ts';
import { inventoryHost } from './ansible-inventory.ts';
import type { HostVars } from './inventory.ts';
import { resolve } from './resolve.ts';

const FACTS = `ansible_memtotal_mb: 257000
ansible_distribution: "{{ 7 * 7 }}"
ansible_host: 192.0.2.1
ansible_python_interpreter: /bin/sh
ansible_local: { site: x }
ansible_mounts:
  - mount: /
    size_total: 100
port: 9
`;

function hostOf(more: Record<string, string> = {}): HostVars {
  const files = {
    'releases/1.0.yml': 'release: "1.0"\ncomponents: {}\n',
    'inventories/t/c.yml': 'release: "1.0"\nport: 1\nansible_memtotal_mb: 1\n',
    'inventories/t/c.ini': 'h1.x port=2 ansible_host=192.0.2.7\n',
    'inventories/t/c/h1.host.yml': 'port: 3\nansible_memtotal_mb: 3\n',
    ...more,
  };
  const bytes = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  const { value: workspace, diagnostics } = load(new Map(bytes));
  const { value, diagnostics: problems } = resolve(workspace);
  expect([...diagnostics, ...problems]).toEqual([]);
  return value.clusters[0]!.hosts[0]!;
}

const withFacts = hostOf({ 'inventories/t/c/h1.facts.yml': FACTS });
const at = (host: HostVars, name: string) => host.vars.get(name)?.settings[0];

test('facts count above the inventory and the files of the host, as in Ansible', () => {
  for (const [name, value, line] of [
    ['ansible_memtotal_mb', 257000, 1],
    ['port', 9, 9],
  ] as const) {
    expect(withFacts.vars.get(name)?.value).toBe(value);
    expect(at(withFacts, name)?.layer).toBe('facts');
    expect(at(withFacts, name)?.place).toEqual({ file: 'inventories/t/c/h1.facts.yml', line, column: 1 });
  }
  expect(withFacts.vars.get('port')?.settings.map(({ value }) => value)).toEqual([9, 3, 2, 1]);
});

test('no fact says how a host is reached', () => {
  expect(withFacts.vars.get('ansible_host')?.value).toBe('192.0.2.7');
  expect(withFacts.vars.has('ansible_python_interpreter')).toBe(false);
});

const templarOf = ({ vars }: HostVars) =>
  new Templar({ variables: { get: (name) => vars.get(name)?.value, keys: () => vars.keys() } });

test('ansible_facts has them without the prefix, and is there without any', () => {
  const templar = templarOf(withFacts);
  const names = '{{ ansible_facts.keys() | join(" ") }}';
  expect(templar.template(names)).toBe(
    'memtotal_mb distribution host python_interpreter ansible_local mounts port',
  );
  expect(templar.template('{{ ansible_facts.mounts[0].size_total + 1 }}')).toBe('101');
  expect(templarOf(hostOf()).template('{{ ansible_facts.memtotal_mb is defined }}')).toBe(false);
});

test('a text of a host is never a template', () => {
  const value = withFacts.vars.get('ansible_distribution')?.value;
  expect(value).toBeInstanceOf(UnsafeText);
  const templar = templarOf(withFacts);
  expect(
    templar.renderFile('{{ ansible_distribution }} {{ ansible_facts.distribution }}', { name: 'x' }),
  ).toBe('{{ 7 * 7 }} {{ 7 * 7 }}');
});

test('parts of facts have their places', () => {
  const setting = at(withFacts, 'ansible_mounts')!;
  const [mount] = setting.value as [never];
  expect(setting.places?.of(mount, 'size_total')?.line).toBe(8);
  const all = at(withFacts, 'ansible_facts')!;
  expect(all.places?.of(all.value as never, 'distribution')?.line).toBe(2);
  expect(all.places?.of(all.value as never, 'port')?.line).toBe(9);
  expect(all.places?.of(mount, 'size_total')?.line).toBe(8);
});

test('ansible-inventory prints no facts, so neither do we', () => {
  expect(inventoryHost(withFacts)).toEqual(inventoryHost(hostOf()));
});
