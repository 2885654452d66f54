import type { HoleValues } from '../../ansible/ansible.ts';

/**
 * A result of work whose hosts' names were holes: that it cannot be done so, or what all hosts that read the same have
 * alike, or a draft with holes.
 */
export type HoleResult = typeof REFUSED | Whole | Holed;

export const REFUSED = { refused: true } as const;

export interface Whole {
  readonly whole: object;
}

/** A draft with holes, and what became of it on hosts, by their names. */
export class Holed {
  /** Undefined where it was made by an earlier compile. */
  draft: object | undefined;
  /** Gives what a host's names make of the draft, once somebody asked. */
  fill: ((values: HoleValues) => object) | undefined;
  readonly filled = new Map<string, FilledResult>();

  constructor(draft: object | undefined) {
    this.draft = draft;
  }
}

export interface FilledResult {
  readonly result: object;
  /** Made or asked for since the memo was made. */
  used: boolean;
}
