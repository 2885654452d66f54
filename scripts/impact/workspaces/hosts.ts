import type { Random } from '../../conformance/random.ts';
import { type Draft, needed, optional, type Piece } from './draft.ts';
import type { Layers } from './layers.ts';

const GROUPS = ['g1', 'g2', 'g3'];

interface ClusterPlan {
  readonly random: Random;
  readonly layers: Layers;
  readonly folder: string;
  readonly names: readonly string[];
  /** A group for one of its hosts, beside the usual ones. */
  readonly extra: string | undefined;
}

/** Two to four hosts, the groups that they are in, and the files of all of them. */
export function clusterFiles({ random, layers, folder, names, extra }: ClusterPlan): Draft {
  const hosts = names.slice(0, 2 + random.below(names.length - 1));
  const groups = new Map<string, string[]>();
  for (const host of hosts) {
    const chosen: readonly string[] = GROUPS.filter(() => random.oneIn(2));
    for (const group of chosen.length > 0 || random.oneIn(8) ? chosen : ['g1'])
      groups.set(group, [...(groups.get(group) ?? []), host]);
  }
  if (extra !== undefined) groups.set(extra, [random.pick(hosts)]);
  const layout = { random, layers, hosts, groups };
  const files = new Map<string, readonly Piece[]>(
    random.oneIn(3)
      ? [[`${folder}.hosts.yml`, yamlInventory(layout)]]
      : [[`${folder}.ini`, iniInventory(layout)]],
  );
  for (const group of [...groups.keys(), 'top'])
    if (random.oneIn(2)) files.set(`${folder}/${group}.yml`, layers.file(2));
  for (const host of hosts) {
    const short = host.split('.')[0]!;
    if (random.oneIn(3)) files.set(`${folder}/${random.pick([host, short])}.host.yml`, layers.file(2));
    if (random.oneIn(6))
      files.set(`${folder}/${short}.facts.yml`, [
        optional('n2: 4096'),
        optional('m3: { x: 10.0.0.2, y: 1 }'),
      ]);
  }
  return files;
}

interface Layout {
  readonly random: Random;
  readonly layers: Layers;
  readonly hosts: readonly string[];
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

function iniInventory({ random, layers, hosts, groups }: Layout): Piece[] {
  const lines: Piece[] = [];
  const alone = hosts.filter((host) => ![...groups.values()].some((members) => members.includes(host)));
  for (const host of alone) lines.push(needed(host));
  for (const [group, members] of groups) {
    lines.push(needed(`[${group}]`));
    // Two of them are b1.x and b2.x, or e1.x and e2.x.
    const range = members.filter((host) => host.endsWith('.x'));
    const asRange = range.length === 2 && random.oneIn(2) ? [`${range[0]![0]}[1:2].x`] : range;
    const names = [...members.filter((host) => !host.endsWith('.x')), ...asRange];
    for (const name of names) lines.push(needed([name, ...layers.ini(3)].join(' ')));
    if (random.oneIn(3)) lines.push(optional('# a comment'));
  }
  const [first, ...others] = groups.keys();
  if (first)
    lines.push(
      needed('[top:children]', first),
      ...others.filter(() => random.oneIn(2)).map((name) => needed(name)),
    );
  for (const group of [...groups.keys(), ...(first ? ['top'] : []), 'all']) {
    const vars = random.oneIn(2) ? layers.ini(6) : [];
    if (group !== 'all' && random.oneIn(4)) vars.push(`ansible_group_priority=${random.below(4)}`);
    if (vars.length > 0) lines.push(needed(`[${group}:vars]`), ...vars.map((line) => optional(line)));
  }
  return lines;
}

function yamlInventory({ random, layers, hosts, groups }: Layout): Piece[] {
  const vars = (indent: string, lines: readonly string[]) =>
    lines.length > 0 ? [`${indent}vars:`, ...lines] : [];
  const lines = ['all:', ...vars('  ', layers.yaml(5, '    ')), '  hosts:'];
  for (const host of hosts) lines.push(`    ${host}:`, ...layers.yaml(2, '      '));
  if (groups.size === 0) return [needed(...lines)];
  lines.push('  children:', '    top:', '      children:');
  for (const [group, members] of groups) {
    lines.push(`        ${group}:`, '          hosts:');
    for (const host of members) lines.push(`            ${host}:`, ...layers.yaml(2, '              '));
    const priority = random.oneIn(4) ? [`            ansible_group_priority: ${random.below(4)}`] : [];
    lines.push(...vars('          ', [...priority, ...layers.yaml(4, '            ')]));
  }
  return [needed(...lines)];
}
