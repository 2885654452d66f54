import { textOf } from '../grammar/derive.ts';
import { WORKSPACE } from '../grammar/workspace.ts';
import { Random } from '../random.ts';
import type { WorkspaceCase } from './workspace-case.ts';

/** `count` workspaces of one cluster, with variables of the same names in every layer and templates that print them. */
export function generateWorkspaces(count: number, seed: number): WorkspaceCase[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, id) => ({ id, files: workspaceFiles(random) }));
}

const HOSTS = ['a1', 'b1.x', 'b2.x', 'c1'];
const GROUPS = ['g1', 'g2', 'g3', 'top'];
const TEMPLATES = ['one', 'two', 'three', 'four'];

function workspaceFiles(random: Random): Record<string, string> {
  const folder = 'inventories/t';
  const files: Record<string, string> = {
    'khp.yml': `hash_behaviour: ${random.pick(['replace', 'merge'])}\nansible_managed: "managed: {{ 1 }}"\npaths: [/etc]\n`,
    'inventories/_default.yml': varsText(random, 'full'),
    'inventories/t/_default.yml': varsText(random),
    [`${folder}/k.yml`]: `release: r\n${varsText(random)}`,
    [`${folder}/k.ini`]: iniText(random),
    'releases/r.yml': 'release: r\ncomponents: { c: { version: "1.10" }, base: { version: 2.0.1 } }\n',
    'templates/base/component.yml': 'component: base\nroles: { none: {} }\nfiles: []\n',
    'templates/base/defaults.yml': varsText(random, 'full'),
    'templates/c/component.yml': componentText(random),
    'templates/c/defaults.yml': varsText(random),
    'templates/c/_part.j2': `part {{ ${derived('name', random)} | default('-') }}\n`,
  };
  for (const group of GROUPS) if (random.oneIn(2)) files[`${folder}/k/${group}.yml`] = varsText(random);
  for (const host of HOSTS) if (random.oneIn(3)) files[`${folder}/k/${host}.host.yml`] = varsText(random);
  for (const name of TEMPLATES) {
    const lines = Array.from({ length: 1 + random.below(3) }, () => derived('line', random));
    files[`templates/c/${name}.j2`] = lines.join('\n') + (random.oneIn(4) ? '' : '\n');
  }
  return files;
}

function componentText(random: Random): string {
  const files = TEMPLATES.map(
    (name) => `  - { template: ${name}.j2, path: /etc/c/${name}, owner: root, group: root, mode: "0644" }`,
  );
  return `component: c\nrequires: [${random.oneIn(2) ? 'base' : ''}]\nroles: { g1: {}, g2: {}, g3: {} }\nfiles:\n${files.join('\n')}\n`;
}

function varsText(random: Random, amount: 'full' | 'some' = 'some'): string {
  const symbols = {
    v1: 'value',
    v2: 'value',
    v3: 'value',
    v4: 'value',
    v5: 'value',
    m1: 'mapvalue',
    m2: 'mapvalue',
    l1: 'listvalue',
    l2: 'listvalue',
  };
  const wanted = Object.entries(symbols).filter(() =>
    amount === 'full' ? !random.oneIn(6) : random.oneIn(4),
  );
  return wanted.map(([name, symbol]) => `${name}: ${derived(symbol, random)}\n`).join('');
}

function iniText(random: Random): string {
  const inline = () =>
    random.oneIn(3)
      ? ` ${derived('name', random)}=${random.pick(['7', 'ini', '"[1, 2]"', "'{{ v2 }}'", 'True', '1.0'])}`
      : '';
  const lines = [
    '[g1]',
    ...HOSTS.slice(0, 2).map((host) => host + inline()),
    '[g2]',
    ...HOSTS.slice(1, 3).map((host) => host + inline()),
    ...(random.oneIn(2) ? ['a1'] : []),
    '[g3]',
    'c1',
    ...(random.oneIn(2) ? ['b2.x'] : []),
    '[top:children]',
    random.pick(['g1', 'g2']),
    'g3',
  ];
  for (const group of [...GROUPS, 'all']) {
    if (!random.oneIn(3)) continue;
    lines.push(
      `[${group}:vars]`,
      `${derived('name', random)}=${random.pick(['8', 'group', "{'x': 1}", '{{ v3 }}'])}`,
    );
    if (group !== 'all' && random.oneIn(2)) lines.push(`ansible_group_priority=${random.below(4)}`);
  }
  return `${lines.join('\n')}\n`;
}

function derived(symbol: string, random: Random): string {
  return textOf(WORKSPACE.derive(symbol, 4, random));
}
