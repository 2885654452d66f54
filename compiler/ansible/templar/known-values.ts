import type { Value } from '../../jinja/jinja.ts';
import { isRefused } from '../values/hole-text.ts';
import { type Evaluation, evaluated, reused } from './evaluation.ts';

/** The value of a variable, as it was evaluated once. */
export interface KnownValue {
  readonly value: Value;
  readonly evaluation: Evaluation;
  /** The search path that it was evaluated with, where it used it. */
  readonly searchPath: readonly string[] | undefined;
}

/** Values that several templars have in common, as far as the variables that they came of are the same. */
export interface CommonValues {
  /** A value that this templar would give a variable too. */
  get(name: string): KnownValue | undefined;
  set(name: string, known: KnownValue): void;
}

/** The values of variables that a templar has evaluated. */
export class KnownValues {
  readonly #known = new Map<string, KnownValue>();
  readonly #common: CommonValues | undefined;

  constructor(common?: CommonValues) {
    this.#common = common;
  }

  /** The value of a variable, evaluated where it is not known or may not be used; undefined where there is none. */
  get(name: string, searchPath: readonly string[], evaluate: () => Value | undefined): Value | undefined {
    const known = this.#known.get(name) ?? this.#common?.get(name);
    if (known && isOn(known.searchPath, searchPath) && reused(known.evaluation)) return known.value;
    const { value, evaluation } = evaluated(evaluate);
    if (value === undefined || evaluation.within || isRefused()) return value;
    const own = { value, evaluation, searchPath: evaluation.searched ? searchPath : undefined };
    this.#known.set(name, own);
    if (!evaluation.looped) this.#common?.set(name, own);
    return value;
  }
}

/** Whether what was found along one path would be found along another; true where none was used. */
function isOn(path: readonly string[] | undefined, other: readonly string[]): boolean {
  if (path === undefined || path === other) return true;
  return path.length === other.length && path.every((folder, index) => folder === other[index]);
}
