import type { Value } from './value.ts';

/** A Python tuple: immutable, hashable when its items are. */
export class Tuple {
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    this.items = items;
  }
}
