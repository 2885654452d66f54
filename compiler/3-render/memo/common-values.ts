import type { HostVars } from '../../2-resolve/inventory.ts';
import {
  type CommonValues,
  HOLE_NAMES,
  type KnownValue,
  type ReadLog,
  readsOf,
} from '../../ansible/ansible.ts';

interface Shared {
  readonly known: KnownValue;
  /** The variables of the scope that it came of, by name. */
  readonly names: ReadonlySet<string>;
}

const HOLES: ReadonlySet<string> = new Set(HOLE_NAMES);

/** Values of variables of one scope that hosts of a cluster have in common. */
export class ValuesOfHosts {
  readonly #scope: string;
  readonly #log: ReadLog;
  readonly #holes: boolean;
  /** By what hosts share. */
  readonly #shared = new WeakMap<object, Map<string, Shared>>();

  /**
   * @param scope the scope of reads that tells of these variables
   * @param holes whether the names of hosts are holes in these values: then hosts have them in common
   */
  constructor(scope: string, log: ReadLog, { holes }: { holes: boolean }) {
    this.#scope = scope;
    this.#log = log;
    this.#holes = holes;
  }

  /** Values that came of nothing that the host has of its own; undefined where it shares nothing. */
  of({ vars: { shared: base, own } }: HostVars): CommonValues | undefined {
    if (!base || !own) return undefined;
    let shared = this.#shared.get(base);
    if (!shared) {
      shared = new Map();
      this.#shared.set(base, shared);
    }
    const known = shared;
    const names = [...own.keys()].filter((name) => !this.#holes || !HOLES.has(name));
    const isFree = (read: ReadonlySet<string>) => !names.some((name) => read.has(name));
    return {
      get: (name) => {
        const found = known.get(name);
        return found && isFree(found.names) ? found.known : undefined;
      },
      set: (name, value) => {
        const read = this.#namesIn(value);
        if (read && isFree(read)) known.set(name, { known: value, names: read });
      },
    };
  }

  /** The variables that a value came of; undefined where it came of which there are. */
  #namesIn({ evaluation }: KnownValue): Set<string> | undefined {
    const names = new Set<string>();
    for (const number of readsOf(evaluation)) {
      const read = this.#log.reads[number]!;
      // What was asked about a host's name is another's own.
      if (read.kind === 'among') return undefined;
      if (!('scope' in read) || read.scope !== this.#scope) continue;
      if (read.kind === 'names') return undefined;
      names.add(read.name);
    }
    return names;
  }
}
