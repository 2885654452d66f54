import { readYaml } from '../../1-load/yaml-source.ts';
import type { HostVars } from '../../2-resolve/inventory.ts';
import { keyText } from '../../ansible/values/key-text.ts';
import { Dict, Float, type Value } from '../../jinja/jinja.ts';
import type { Subject } from '../explain/subject.ts';
import type { Question } from './impact.ts';
import type { Part } from './impact-index.ts';
import type { Reach } from './reach.ts';
import { yamlTrials } from './trials.ts';

type Path = readonly (string | number)[];

/** The impact of a line of a component.yml. */
export function componentImpact(question: Question, name: string): void {
  const { at, text, index, any } = question;
  const before = contentOf(at.file, text);
  const tried = new Set<string>();
  for (const trial of before ? yamlTrials(text, at.line) : []) {
    const after = contentOf(at.file, trial.text);
    if (!after) continue;
    for (const path of changedPaths(before, after)) {
      const key = JSON.stringify([trial.altersValue, path]);
      if (tried.has(key)) continue;
      tried.add(key);
      spread(question, trial.altersValue ? question.value : question.line, { name, path });
    }
  }
  // A role may get the name of any group.
  for (const host of index.hosts) any.addWhole(host, index);
}

/** What the file says, whether it is what a component may say: an edit may put anything there that may. */
function contentOf(file: string, text: string): unknown {
  const { value } = readYaml(file, text);
  return value && plain(value.value);
}

function plain(value: Value): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Dict)) return value instanceof Float ? value.value : value;
  return Object.fromEntries([...value].map(([key, item]) => [keyText(key), plain(item)]));
}

/** The paths at which two contents differ; lists of different lengths differ as wholes. */
function changedPaths(before: unknown, after: unknown, path: Path = []): Path[] {
  if (before === after) return [];
  if (typeof before !== 'object' || typeof after !== 'object' || !before || !after) return [path];
  if (Array.isArray(before) !== Array.isArray(after)) return [path];
  if (Array.isArray(before) && before.length !== (after as unknown[]).length) return [path];
  const [one, other] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const deeper = [...keys].flatMap((key) =>
    changedPaths(one[key], other[key], [...path, Array.isArray(before) ? Number(key) : key]),
  );
  const order = (record: Record<string, unknown>) =>
    Object.keys(record)
      .filter((key) => keys.has(key))
      .join();
  return deeper.length === 0 && order(one) !== order(other) ? [path] : deeper;
}

function spread(
  { subject, index }: Question,
  reach: Reach,
  { name, path }: { name: string; path: Path },
): void {
  const [top, second, third] = path;
  const own = index.parts.filter(({ component }) => component === name);
  const hosts = new Set(own.map(({ host }) => host));
  const toWhole = (chosen: Iterable<HostVars>) => {
    for (const host of chosen) reach.addWhole(host, index);
  };
  if (top === 'files' && typeof second === 'number' && third !== undefined) {
    const there = own.filter((part) => part.path[0] === 'files' && part.path[1] === second);
    reach.add(there);
    if (third === 'roles')
      reach.add(
        elsewhere({ subject, name, entry: second }, hosts, there).map((part) => index.possible(part)),
      );
    return;
  }
  if (top === 'install') {
    const installs = clustersInstalling(subject, name);
    for (const host of hosts) if (installs.has(`${host.type}/${host.cluster}`)) reach.manifests.add(host);
    return;
  }
  if (top === 'roles' && second !== undefined && third !== undefined) {
    const orders = path[3] === 'after' || (third === 'service' && path.length === 3);
    for (const { host } of orders ? index.parts : own)
      if (orders || host.groupNames.includes(String(second))) reach.manifests.add(host);
    return;
  }
  // Roles, required components, the list of files: what is on a host at all.
  toWhole(top === 'files' ? hosts : new Set(index.parts.map(({ host }) => host)));
}

interface Entry {
  readonly subject: Subject;
  /** Of the component. */
  readonly name: string;
  /** Which one of its files. */
  readonly entry: number;
}

/** The file of an entry on the hosts of its component that it could come to: other roles of it are all that it takes. */
function elsewhere(
  { subject, name, entry }: Entry,
  hosts: Iterable<HostVars>,
  there: readonly Part[],
): Part[] {
  const { template, path } = subject.workspace.components.get(name)!.content.files[entry]!;
  const file = { path: there[0]?.file?.path ?? path, template: `templates/${name}/${template}` };
  const have = new Set(there.map(({ host }) => host));
  return [...hosts]
    .filter((host) => !have.has(host))
    .map((host) => ({ host, component: name, path: ['files', entry], file }));
}

/** `type/cluster` of those whose release has something to install of a component. */
function clustersInstalling({ workspace, inventory }: Subject, component: string): Set<string> {
  const installing = inventory.clusters.filter(({ release }) => {
    const { content } = workspace.releases.get(release) ?? {};
    return content?.components[component]?.artifact !== undefined;
  });
  return new Set(installing.map(({ type, cluster }) => `${type}/${cluster}`));
}
