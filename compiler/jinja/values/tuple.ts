import type { Value } from './value.ts';

/** A Python tuple: immutable, hashable when its items are. */
export class Tuple {
  readonly items: readonly Value[];
  /** The names of the items, where it is a namedtuple. */
  readonly names: readonly string[] | undefined;

  constructor(items: readonly Value[], names?: readonly string[]) {
    this.items = items;
    this.names = names;
  }
}
