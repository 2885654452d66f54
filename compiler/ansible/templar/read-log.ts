import { noteRead } from './evaluation.ts';
import { keyOf, type Read, type Recorder } from './read-recorder.ts';

/**
 * Numbers reads, and tells whoever evaluates of each one, variables whole and as they are written. What renders to
 * something sees its variables, texts and settings through it alone, so a render is a function of the answers to what
 * it tells.
 */
export class ReadLog implements Recorder {
  /** By number. */
  readonly reads: Read[] = [];
  readonly #numbers = new Map<string, number>();
  /** Scope → name → number of the variable's value. */
  readonly #variables = new Map<string, Map<string, number>>();

  read(read: Read): void {
    if (read.kind !== 'output') noteRead(this.numberOf(read));
  }

  /** Tells that a variable is looked up. */
  variable(scope: string, name: string): void {
    let names = this.#variables.get(scope);
    if (!names) {
      names = new Map();
      this.#variables.set(scope, names);
    }
    let number = names.get(name);
    if (number === undefined) {
      number = this.numberOf({ kind: 'value', scope, name, path: [] });
      names.set(name, number);
    }
    noteRead(number);
  }

  numberOf(read: Read): number {
    const key = keyOf(read);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.reads.push(read) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}
