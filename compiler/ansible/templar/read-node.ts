import type { Value } from '../../jinja/jinja.ts';
import type { Read, VariableRead } from './read-recorder.ts';

/** What one piece of work read: itself, and through other pieces that it took the results of. */
export interface ReadNode {
  /** The variable, or part of one, that was evaluated; undefined for a whole render. */
  readonly of: VariableRead | undefined;
  readonly own: Map<string, Read>;
  /** What is written there, which came to the result; undefined for a whole render. */
  readonly raw: Value | undefined;
  /** What came of it; undefined where it failed. */
  result: unknown;
  readonly through: Set<ReadNode>;
  /** Pieces of which it only matters that they could be evaluated. */
  readonly beside: Set<ReadNode>;
  /** Pieces of which it only matters that their results can be read back from their texts. */
  readonly literal: Set<ReadNode>;
}

export function newNode(of: VariableRead | undefined, raw?: Value): ReadNode {
  return {
    of,
    raw,
    own: new Map(),
    result: undefined,
    through: new Set(),
    beside: new Set(),
    literal: new Set(),
  };
}
