import type { Settings } from '../1-load/settings.ts';
import type { Variable } from './inventory.ts';
import { overlayVariable, type Vars } from './layer.ts';

/**
 * What a host has of its own in several layers, the lowest first, each laid over what the host shares. Each layer is a
 * step of its own for what is merged below all of them later.
 */
export function ownOver(
  shared: Vars,
  layers: readonly Vars[],
  behaviour: Settings['hash_behaviour'],
): Map<string, Variable> {
  const own = new Map<string, Variable>();
  for (const layer of layers) {
    layer.forEach((variable, name) => {
      const below = own.get(name) ?? shared.get(name);
      own.set(name, below ? stepOver(below, variable, behaviour) : variable);
    });
  }
  return own;
}

function stepOver(below: Variable, variable: Variable, behaviour: Settings['hash_behaviour']): Variable {
  const together = overlayVariable(below, variable, behaviour);
  if (behaviour !== 'merge') return together;
  return { ...together, steps: [...(below.steps ?? [below.value]), variable.value] };
}

/**
 * A host's variables: those that it shares with other hosts of its groups, and over them its own. A host of thousands
 * costs what is its own; reading costs a look-up in each of both, which may be made of two alike. In order: the shared
 * ones (an own one in the place of the shared one of its name), then the own ones.
 */
export class HostVariables implements ReadonlyMap<string, Variable> {
  readonly shared: Vars;
  readonly own: Vars;

  /** @param own already laid over what `shared` has of the same name. */
  constructor(shared: Vars, own: Vars) {
    this.shared = shared;
    this.own = own;
  }

  get size(): number {
    let size = this.shared.size;
    for (const name of this.own.keys()) if (!this.shared.has(name)) size++;
    return size;
  }

  get(name: string): Variable | undefined {
    return this.own.get(name) ?? this.shared.get(name);
  }

  has(name: string): boolean {
    return this.own.has(name) || this.shared.has(name);
  }

  *entries(): MapIterator<[string, Variable]> {
    for (const [name, variable] of this.shared) yield [name, this.own.get(name) ?? variable];
    for (const entry of this.own) if (!this.shared.has(entry[0])) yield entry;
  }

  *keys(): MapIterator<string> {
    yield* this.shared.keys();
    for (const name of this.own.keys()) if (!this.shared.has(name)) yield name;
  }

  *values(): MapIterator<Variable> {
    for (const [, variable] of this.entries()) yield variable;
  }

  [Symbol.iterator](): MapIterator<[string, Variable]> {
    return this.entries();
  }

  forEach(visit: (variable: Variable, name: string, map: ReadonlyMap<string, Variable>) => void): void {
    for (const [name, variable] of this.entries()) visit(variable, name, this);
  }
}
