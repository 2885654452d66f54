import type { Variable } from './inventory.ts';
import { HOST_NAMES, hostName } from './khp-vars.ts';
import { overlayVariable, type Vars } from './layer.ts';

/**
 * What khp sets for one host: `inventory_hostname` and `inventory_hostname_short`, over what is set below. Of the hosts
 * of a large fleet most have nothing else of their own, so it is made when it is asked for.
 */
export class HostNames implements ReadonlyMap<string, Variable> {
  readonly #host: string;
  /** What the host has without it, the highest first. */
  readonly #below: readonly Vars[];
  #made: Vars | undefined;

  constructor(host: string, below: readonly Vars[]) {
    this.#host = host;
    this.#below = below;
  }

  get size(): number {
    return HOST_NAMES.length;
  }

  has(name: string): boolean {
    return (HOST_NAMES as readonly string[]).includes(name);
  }

  get(name: string): Variable | undefined {
    return this.has(name) ? this.#vars().get(name) : undefined;
  }

  keys(): MapIterator<string> {
    return (HOST_NAMES as readonly string[]).values() as MapIterator<string>;
  }

  values(): MapIterator<Variable> {
    return this.#vars().values();
  }

  entries(): MapIterator<[string, Variable]> {
    return this.#vars().entries();
  }

  [Symbol.iterator](): MapIterator<[string, Variable]> {
    return this.entries();
  }

  forEach(visit: (variable: Variable, name: string, map: ReadonlyMap<string, Variable>) => void): void {
    for (const [name, variable] of this.#vars()) visit(variable, name, this);
  }

  #vars(): Vars {
    this.#made ??= new Map(HOST_NAMES.map((name) => [name, this.#make(name)]));
    return this.#made;
  }

  #make(name: (typeof HOST_NAMES)[number]): Variable {
    const own = hostName(name, this.#host);
    const below = this.#below.find((vars) => vars.has(name))?.get(name);
    return below ? overlayVariable(below, own, 'replace') : own;
  }
}
