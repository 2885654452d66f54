import type { Value } from '../../jinja/jinja.ts';
import { type Evaluation, evaluated, reused } from './evaluation.ts';

interface Known {
  readonly value: Value;
  readonly evaluation: Evaluation;
  /** The search path that it was evaluated with, where it used it. */
  readonly searchPath: readonly string[] | undefined;
}

/** The values of variables that a templar has evaluated. */
export class KnownValues {
  readonly #known = new Map<string, Known>();

  /** The value of a variable, evaluated where it is not known or may not be used; undefined where there is none. */
  get(name: string, searchPath: readonly string[], evaluate: () => Value | undefined): Value | undefined {
    const known = this.#known.get(name);
    if (known && isOn(known.searchPath, searchPath) && reused(known.evaluation)) return known.value;
    const { value, evaluation } = evaluated(evaluate);
    if (value !== undefined && !evaluation.within)
      this.#known.set(name, {
        value,
        evaluation,
        searchPath: evaluation.searched ? searchPath : undefined,
      });
    return value;
  }
}

/** Whether what was found along one path would be found along another; true where none was used. */
function isOn(path: readonly string[] | undefined, other: readonly string[]): boolean {
  if (path === undefined || path === other) return true;
  return path.length === other.length && path.every((folder, index) => folder === other[index]);
}
