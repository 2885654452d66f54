import { JinjaError } from '../jinja/errors.ts';
import { counted, DEFAULT_LIMITS } from '../jinja/limits.ts';
import { sorted } from '../jinja/values/compare.ts';
import { compareText, textOrder } from '../jinja/values/text.ts';
import { ansibleJson, type JsonStyle, jsonObject, NotJson, UnsortableKeys } from './ansible-json.ts';
import { HostPrinter, type LineStarts } from './host-printer.ts';
import { INTERNAL_VARS } from './internal-vars.ts';
import type { ClusterInventory, HostVars } from './inventory.ts';
import type { Vars } from './layer.ts';
import { NoRoom, Room } from './room.ts';
import { ShownTexts } from './shown-texts.ts';

/** A text, in as many parts as it was made of, or why there is none. */
export type Printed = { readonly parts: readonly string[] } | { readonly problem: string };

/**
 * What `ansible-inventory --list` prints for the clusters: groups with their hosts and children, and the variables of
 * every host as written. Groups of one name in several clusters are one group, as with several `-i` of Ansible.
 * @param clusters gone through once, or twice where keys cannot be sorted; no host is kept
 */
export function inventoryList(clusters: Iterable<ClusterInventory>): Printed {
  return printed('ask for one host with --host', (sortKeys, room) => {
    const texts: [string, string][] = [];
    const groups = noGroups();
    const starts: LineStarts = new Map();
    for (const cluster of clusters) {
      const printer = new HostPrinter({ sortKeys, indent: 12, room }, starts);
      const named = cluster.hosts.find(({ host }) => host === 'all');
      addTexts(texts, named ? [named] : hostsOfAll(cluster, sortKeys), printer);
      addGroups(groups, named ? { ...cluster, ownHosts: withOnly(cluster.ownHosts, named) } : cluster);
    }
    const entries: [string, string | readonly string[]][] = formatGroups(groups).map(([name, group]) =>
      groupEntry(name, group, { sortKeys, indent: 8, room }),
    );
    const hostvars = objectParts(inOrder(texts, sortKeys), 8);
    entries.push(['_meta', objectParts([['hostvars', hostvars]], 4)]);
    return [...objectParts(inOrder(entries, sortKeys), 0), '\n'];
  });
}

/** Adds what is printed of each host that has anything. */
function addTexts(texts: [string, string][], hosts: readonly HostVars[], printer: HostPrinter): void {
  for (const host of hosts) {
    const text = printer.print(host);
    if (text !== '{}') texts.push([host.host, text]);
  }
}

/** A mapping of entries that are written already, as jsonObject makes it, in parts: it may be tens of megabytes. */
function objectParts(
  entries: readonly (readonly [key: string, value: string | readonly string[]])[],
  indent: number,
): string[] {
  const separator = `,\n${' '.repeat(indent + 4)}`;
  let start = `{${separator.slice(1)}`;
  const result: string[] = [];
  entries.forEach(([key, value]) => {
    result.push(`${start}${JSON.stringify(key)}: `);
    if (typeof value === 'string') result.push(value);
    else for (const part of value) result.push(part);
    start = separator;
  });
  result.push(result.length === 0 ? '{}' : `\n${' '.repeat(indent)}}`);
  return result;
}

/**
 * The hosts below `all`, in the order in which Ansible comes to them: every host, unless no source of a plain inventory
 * could be read to its end.
 * @param sorted whether they are sorted later, so that their order does not count
 */
function hostsOfAll({ hosts, groups }: ClusterInventory, sorted: boolean): readonly HostVars[] {
  if (sorted && groups.get('all')?.length === hosts.length) return hosts;
  const byName = new Map(hosts.map((host) => [host.host, host]));
  return (groups.get('all') ?? []).map((name) => byName.get(name)!);
}

/** Groups without their hosts but one: a host named `all` is all that Ansible takes `all` for, and lists. */
function withOnly(ownHosts: ClusterInventory['ownHosts'], { host }: HostVars): ClusterInventory['ownHosts'] {
  return new Map(Array.from(ownHosts, ([name, hosts]) => [name, hosts.filter((one) => one === host)]));
}

/** What `ansible-inventory --host H` prints. */
export function inventoryHost(host: HostVars): Printed {
  return printed('its variables repeat each other', (sortKeys, room) => {
    return [new HostPrinter({ sortKeys, indent: 0, room }).print(host), '\n'];
  });
}

/** What a graph shows, and what is shown of it. */
export interface GraphRequest {
  readonly clusters: readonly ClusterInventory[];
  /** The group to begin with; `all` where not said. */
  readonly from?: string | undefined;
  /** Variables of hosts and groups too, as `--vars` shows them: of a group what it sets itself. */
  readonly groupVars?: ((group: string) => Vars) | undefined;
}

/** What a line of a graph counts at least: groups with many common children repeat without end. */
const SHORTEST_LINE = 256;

/** What `ansible-inventory --graph [GROUP] [--vars]` prints, or why it cannot be printed. */
export function inventoryGraph({ clusters, from = 'all', groupVars }: GraphRequest): Printed {
  const groups = noGroups();
  for (const cluster of clusters) addGroups(groups, cluster);
  if (!groups.has(from)) return { problem: `there is no group ${from}` };
  const hosts = new Map(clusters.flatMap((cluster) => cluster.hosts.map((host) => [host.host, host])));
  const lines: string[] = [];
  const room = new Room();
  const texts = new ShownTexts(room);
  const add = (text: string, depth: number): void => {
    const line = depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`;
    room.take(Math.max(line.length, SHORTEST_LINE));
    lines.push(line);
  };
  const walk = (group: string, depth: number): void => {
    const { hosts: own, children } = groups.get(group)!;
    add(`@${group}:`, depth);
    for (const child of children) walk(child, depth + 1);
    for (const host of group === 'all' ? [] : own) {
      add(host, depth + 1);
      if (groupVars) for (const line of variableLines(hosts.get(host)!.vars, texts)) add(line, depth + 2);
    }
    if (groupVars) for (const line of variableLines(groupVars(group), texts)) add(line, depth + 1);
  };
  return printed('begin with a group below it', () => {
    walk(from, 0);
    return [`${lines.join('\n')}\n`];
  });
}

function variableLines(vars: Vars, texts: ShownTexts): string[] {
  const shown = [...vars.values()].filter(({ name }) => !INTERNAL_VARS.has(name));
  if (shown.every(({ key }) => key === undefined)) {
    shown.sort((a, b) => compareText(a.name, b.name));
    return shown.map(({ name, value }) => `{${name} = ${texts.of(value)}}`);
  }
  const keyed = shown.map(({ name, key, value }) => ({ key: key === undefined ? name : key, value }));
  return counted(DEFAULT_LIMITS, () => sorted(keyed, ({ key }) => key)).map(
    ({ key, value }) => `{${texts.of(key)} = ${texts.of(value)}}`,
  );
}

interface Group {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
}

/** The groups that Ansible has without any host. */
function noGroups(): Map<string, Group> {
  return new Map<string, Group>([
    ['all', { hosts: new Set(), children: new Set(['ungrouped']) }],
    ['ungrouped', { hosts: new Set(), children: new Set() }],
  ]);
}

function addGroups(groups: Map<string, Group>, { ownHosts, children }: ClusterInventory): void {
  for (const [name, hosts] of ownHosts) {
    const group = groups.get(name) ?? { hosts: new Set(), children: new Set() };
    groups.set(name, group);
    for (const host of hosts) group.hosts.add(host);
    for (const child of children.get(name) ?? []) group.children.add(child);
  }
}

/** The groups that are printed, in the order in which Ansible comes to them; empty ones are not. */
function formatGroups(groups: ReadonlyMap<string, Group>): [string, Group][] {
  const result: [string, Group][] = [];
  const seen = new Set<string>();
  const format = (name: string): void => {
    const group = groups.get(name);
    if (!group) return;
    const hosts = name === 'all' ? new Set<string>() : group.hosts;
    if (hosts.size > 0 || group.children.size > 0) result.push([name, { hosts, children: group.children }]);
    for (const child of group.children) {
      if (seen.has(child)) continue;
      format(child);
      seen.add(child);
    }
  };
  format('all');
  return result;
}

function groupEntry(name: string, { hosts, children }: Group, style: JsonStyle): [string, string] {
  const entries: [string, string][] = [];
  if (hosts.size > 0) entries.push(['hosts', ansibleJson([...hosts], style)]);
  if (children.size > 0) entries.push(['children', ansibleJson([...children], style)]);
  return [name, jsonObject(inOrder(entries, style.sortKeys), 4)];
}

function inOrder<T>(entries: readonly (readonly [string, T])[], sortKeys: boolean): (readonly [string, T])[] {
  if (!sortKeys) return [...entries];
  const compare = textOrder(entries.map(([key]) => key));
  return [...entries].sort((a, b) => compare(a[0], b[0]));
}

/** Python prints all of it unsorted where the keys of one mapping cannot be sorted. */
function printed(advice: string, print: (sortKeys: boolean, room: Room) => string[]): Printed {
  try {
    return { parts: sortedIfPossible(print) };
  } catch (error) {
    if (error instanceof NoRoom) return { problem: `the text is too long to be printed; ${advice}` };
    // Ansible stops there too.
    if (error instanceof JinjaError) return { problem: `nothing can be printed: ${error.message}` };
    if (!(error instanceof NotJson)) throw error;
    return {
      problem: `nothing can be printed as JSON: ${error.message}; write it as text or as a list`,
    };
  }
}

function sortedIfPossible(print: (sortKeys: boolean, room: Room) => string[]): string[] {
  try {
    return print(true, new Room());
  } catch (error) {
    if (!(error instanceof UnsortableKeys)) throw error;
    return print(false, new Room());
  }
}
