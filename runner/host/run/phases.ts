import { PHASES, type Report } from '../../../compiler/contract/report.ts';

type Phase = (typeof PHASES)[number];

/**
 * How long the phases of a run take, by a clock that nobody sets. A phase within another is counted for itself alone, so
 * that all of them together are no longer than the run.
 */
export class Phases {
  readonly #clock: () => number;
  readonly #taken = new Map<Phase, number>();
  readonly #open: Phase[] = [];
  #since = 0;

  /** `clock`: milliseconds from any moment on. */
  constructor(clock = () => performance.now()) {
    this.#clock = clock;
  }

  /** Does something that is of a phase. Promises that are given back are waited for; two phases at once are none. */
  during<T>(phase: Phase, act: () => T): T {
    this.#count();
    this.#open.push(phase);
    const end = (): void => {
      this.#count();
      this.#open.pop();
    };
    let result: T;
    try {
      result = act();
    } catch (error) {
      end();
      throw error;
    }
    if (result instanceof Promise) return result.finally(end) as T;
    end();
    return result;
  }

  /** Whole milliseconds by phase, of those that were come to. */
  taken(): NonNullable<Report['phases_ms']> {
    const known = PHASES.filter((phase) => this.#taken.has(phase));
    return Object.fromEntries(known.map((phase) => [phase, Math.round(this.#taken.get(phase)!)]));
  }

  #count(): void {
    const now = this.#clock();
    const open = this.#open.at(-1);
    if (open) this.#taken.set(open, (this.#taken.get(open) ?? 0) + now - this.#since);
    this.#since = now;
  }
}

/** Does something as part of a phase, where somebody counts. */
export function during<T>(
  { phases }: { readonly phases?: Phases | undefined },
  phase: Phase,
  act: () => T,
): T {
  return phases ? phases.during(phase, act) : act();
}
