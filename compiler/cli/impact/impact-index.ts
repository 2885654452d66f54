import type { HostVars } from '../../2-resolve/inventory.ts';
import { RenderMemo } from '../../3-render/memo/render-memo.ts';
import type { RecordedPart } from '../../3-render/recorded-part.ts';
import { render } from '../../3-render/render.ts';
import type { RenderedFile } from '../../3-render/rendered-file.ts';
import { keyOf, type Read, type ReadsApart, readsApart, type VariableRead } from '../../ansible/ansible.ts';
import type { Subject } from '../explain/subject.ts';
import { isHit, type VariableChange } from './variable-change.ts';

/** A part of a host that was rendered, and what it read. */
export interface Part {
  readonly host: HostVars;
  readonly component: string;
  /** In component.yml: `['files', 0]`, `['roles', 'datanode', 'service']`. */
  readonly path: readonly (string | number)[];
  /** Where the part is a file: its path on the host, and its template. */
  readonly file: { readonly path: string; readonly template: string } | undefined;
}

/** Parts that read the same. */
type Group = Part[];

/** A part of a variable, and all that read it. */
interface ReadBy {
  readonly read: VariableRead;
  readonly groups: Set<Group>;
  /** Those that only ask whether a variable is true which it was read for, by that variable. */
  readonly decided: Map<string, DecidedGroups>;
}

/** Parts that change only where a variable comes out differently that was true or false. */
interface DecidedGroups {
  readonly by: VariableRead;
  readonly groups: Set<Group>;
}

/** What a change of variables reaches: parts, and those that it reaches by what it decides, each with all such variables. */
export interface Reached {
  readonly parts: ReadonlySet<Part>;
  readonly decided: ReadonlyMap<Part, ReadonlyMap<string, VariableRead>>;
}

/** Whose variables change: those of a host in `hostvars` (no component), or as a component's templates see them. */
export type AppliesTo = (host: HostVars, component: string | undefined) => boolean;

/** What every part of a workspace's hosts read. */
export class ImpactIndex {
  readonly parts: Part[] = [];
  /** All hosts of the fleet: those without a part have a manifest too. */
  readonly hosts: readonly HostVars[];
  /** By the variable's name, then by what of it is read. */
  readonly #variables = new Map<string, Map<string, ReadBy>>();
  readonly #others = new Map<string, Set<Group>>();
  /** By what the memo of their render has of them. */
  readonly #groups = new WeakMap<object, Group>();
  readonly #hosts: ReadonlyMap<string, HostVars>;
  readonly #ofHosts = new Map<HostVars, Part[]>();
  readonly #possible = new Map<string, Part>();

  constructor({ workspace, inventory }: Subject, matches: (host: HostVars) => boolean) {
    this.hosts = inventory.clusters.flatMap((cluster) => cluster.hosts);
    this.#hosts = new Map(this.hosts.map((host) => [host.host, host]));
    const fleet = new RenderMemo();
    // A cluster at a time, for what its parts came of is much, and forgotten with it.
    for (const cluster of inventory.clusters) {
      const record = { memo: new RenderMemo(fleet), onPart: (part: RecordedPart) => this.#add(part) };
      render({ workspace, inventory: { clusters: [cluster] }, matches, usable: () => true, record });
    }
  }

  #add({ host, component, path, result, alike, reads }: RecordedPart): void {
    const files = path[0] === 'files' ? (result as readonly RenderedFile[]) : [];
    const [file] = files.map((one) => ({ path: one.path, template: one.template }));
    const part: Part = { host, component: component.name, path, file };
    if (path[0] !== 'files' || file) {
      this.parts.push(part);
      const ofHost = this.#ofHosts.get(host);
      if (ofHost) ofHost.push(part);
      else this.#ofHosts.set(host, [part]);
    }
    let group = this.#groups.get(alike);
    if (!group) {
      group = [];
      this.#groups.set(alike, group);
      this.#addReads(group, readsApart(reads()));
    }
    group.push(part);
  }

  #addReads(group: Group, { direct, switches }: ReadsApart): void {
    for (const [key, read] of direct) this.#addRead(group, key, read)?.groups.add(group);
    for (const { of, reads: made } of switches) {
      for (const [key, read] of made) {
        if (direct.has(key)) continue;
        const decided = this.#addRead(group, key, read)?.decided;
        const known = decided?.get(keyOf(of));
        if (known) known.groups.add(group);
        else decided?.set(keyOf(of), { by: of, groups: new Set([group]) });
      }
    }
  }

  /** @returns who reads the part of a variable, if it is one; anything else is noted */
  #addRead(group: Group, key: string, read: Read): ReadBy | undefined {
    if (!('path' in read && 'scope' in read)) {
      this.#note(keyOfOther(read), group);
      return undefined;
    }
    let ofName = this.#variables.get(read.name);
    if (!ofName) {
      ofName = new Map();
      this.#variables.set(read.name, ofName);
    }
    let known = ofName.get(key);
    if (!known) {
      known = { read, groups: new Set(), decided: new Map() };
      ofName.set(key, known);
    }
    return known;
  }

  #note(key: string, group: Group): void {
    const groups = this.#others.get(key);
    if (groups) groups.add(group);
    else this.#others.set(key, new Set([group]));
  }

  *#noted(key: string): Generator<Part> {
    for (const group of this.#others.get(key) ?? []) yield* group;
  }

  /** All parts of a host. */
  ofHost(host: HostVars): Iterable<Part> {
    return this.#ofHosts.get(host) ?? [];
  }

  /** A part that a host does not have and could get: one object for it, whoever names it. */
  possible(part: Part): Part {
    const key = JSON.stringify([part.host.host, part.component, part.path]);
    const known = this.#possible.get(key) ?? part;
    this.#possible.set(key, known);
    return known;
  }

  /** The parts that read anything of other hosts' variables, of hosts that fit. */
  partsReading(applies: (host: HostVars) => boolean): Set<Part> {
    const found = new Set<Part>();
    for (const reads of this.#variables.values()) {
      for (const { read, groups, decided } of reads.values()) {
        const host = read.scope === '' ? undefined : this.#hosts.get(read.scope);
        if (!host || !applies(host)) continue;
        const ofSwitches = [...decided.values()].flatMap((one) => [...one.groups]);
        for (const group of [...groups, ...ofSwitches]) for (const part of group) found.add(part);
      }
    }
    return found;
  }

  /** The parts that read a text. */
  ofText(path: string): Iterable<Part> {
    return this.#noted(`text ${path}`);
  }

  /** The parts in which the output at an offset of a template was written; for which it was read as it stands. */
  ofOutput(template: string, at: number | undefined): Iterable<Part> {
    return this.#noted(`output ${template} ${at}`);
  }

  ofEnv(name: string): Iterable<Part> {
    return this.#noted(`env ${name}`);
  }

  /** The names that `lookup('env')` was asked for. */
  envNames(): string[] {
    return [...this.#others.keys()].flatMap((key) => (key.startsWith('env ') ? [key.slice(4)] : []));
  }

  ofManaged(): Iterable<Part> {
    return this.#noted('managed');
  }

  /** The parts that ask which hosts there are, in what order, or for one of these. */
  ofHosts(names: Iterable<string>): Part[] {
    return ['hosts', ...Array.from(names, (name) => `host ${name}`)].flatMap((key) => [...this.#noted(key)]);
  }

  /** The parts that read what a change of variables may change. */
  ofChange(change: VariableChange, applies: AppliesTo): Reached {
    const found = new Set<Part>();
    const decided = new Map<Part, Map<string, VariableRead>>();
    const ofName = this.#variables.get(String(change.path[0]))?.values() ?? [];
    for (const { read, groups, decided: switches } of ofName) {
      if (!isHit(read, change)) continue;
      for (const part of this.#of(groups, read.scope, applies)) found.add(part);
      for (const [key, { by, groups: ofSwitch }] of switches) {
        for (const part of this.#of(ofSwitch, read.scope, applies)) {
          const known = decided.get(part);
          if (known) known.set(key, by);
          else decided.set(part, new Map([[key, by]]));
        }
      }
    }
    if (change.kind !== 'key' || change.path.length !== 1) return { parts: found, decided };
    for (const scope of ['', ...this.#hosts.keys()]) {
      const groups = this.#others.get(`names ${scope}`) ?? [];
      for (const part of this.#of(groups, scope, applies)) found.add(part);
    }
    return { parts: found, decided };
  }

  /** The parts for which a change of a scope applies. */
  *#of(groups: Iterable<Group>, scope: string, applies: AppliesTo): Generator<Part> {
    const host = this.#hosts.get(scope);
    if (scope !== '' && !(host && applies(host, undefined))) return;
    for (const group of groups)
      for (const part of group) if (scope !== '' || applies(part.host, part.component)) yield part;
  }
}

function keyOfOther(read: Exclude<Read, VariableRead>): string {
  switch (read.kind) {
    case 'output':
      return `output ${read.template} ${read.at}`;
    case 'text':
      return `text ${read.path}`;
    case 'names':
      return `names ${read.scope}`;
    case 'env':
    case 'host':
      return `${read.kind} ${read.name}`;
    default:
      return read.kind;
  }
}
