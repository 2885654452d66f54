import type { HostVars } from '../../2-resolve/inventory.ts';
import type { VariableRead } from '../../ansible/ansible.ts';
import { pathText } from '../explain/variable-path.ts';
import type { ImpactIndex, Part, Reached } from './impact-index.ts';

/** What an edit can reach. */
export class Reach {
  readonly parts = new Set<Part>();
  /** Parts that are reached where one of some variables comes out differently, which are true or false, and not else. */
  readonly #decided = new Map<Part, Map<string, VariableRead>>();
  /** Hosts whose manifest may change otherwise than by their files. */
  readonly manifests = new Set<HostVars>();
  /** Hosts on which anything may change, and files come or go. */
  readonly whole = new Set<HostVars>();

  add(parts: Iterable<Part>): void {
    for (const part of parts) this.parts.add(part);
  }

  addChange({ parts, decided }: Reached): void {
    this.add(parts);
    for (const [part, by] of decided) {
      const known = this.#decided.get(part);
      if (!known) this.#decided.set(part, new Map(by));
      else for (const [key, read] of by) known.set(key, read);
    }
  }

  include(other: Reach): void {
    this.addChange({ parts: other.parts, decided: other.#decided });
    for (const host of other.manifests) this.manifests.add(host);
    for (const host of other.whole) this.whole.add(host);
  }

  /** Everything on a host. */
  addWhole(host: HostVars, index: ImpactIndex): void {
    this.whole.add(host);
    this.manifests.add(host);
    this.add(index.ofHost(host));
  }

  /** Parts that are reached only where one of these variables comes out differently. */
  *decided(): Generator<readonly [Part, readonly VariableRead[]]> {
    for (const [part, by] of this.#decided) if (!this.parts.has(part)) yield [part, [...by.values()]];
  }

  /** The same for each set of variables, sorted by their names; those of other hosts as templates call them. */
  byDecision(): { readonly variables: readonly string[]; readonly reach: Reach }[] {
    const found = new Map<string, { readonly variables: readonly string[]; readonly reach: Reach }>();
    for (const [part, by] of this.decided()) {
      const names = new Set(by.map(({ scope, name, path }) => nameOf(scope, pathText({ name, path }))));
      const variables = [...names].sort();
      const key = variables.join('\u0000');
      const one = found.get(key) ?? { variables, reach: new Reach() };
      found.set(key, one);
      one.reach.add([part]);
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  }

  /** Each file with the hosts that it is reached on. */
  files(): Map<string, HostVars[]> {
    const files = new Map<string, HostVars[]>();
    for (const { file, host } of this.parts) {
      if (!file) continue;
      const hosts = files.get(file.path);
      if (hosts) hosts.push(host);
      else files.set(file.path, [host]);
    }
    return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The hosts whose manifest is reached in what is not a file. */
  manifestHosts(): Set<HostVars> {
    const hosts = new Set(this.manifests);
    for (const { file, host } of this.parts) if (!file) hosts.add(host);
    return hosts;
  }
}

function nameOf(scope: string, name: string): string {
  return scope === '' ? name : `hostvars['${scope}'].${name}`;
}
