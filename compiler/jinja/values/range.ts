import { PythonError, UnsupportedError, valueError } from '../errors.ts';
import { step as countStep, steps, willHold } from '../limits.ts';
import { same } from './compare.ts';
import { Float } from './float.ts';
import { functionTable, pyFunction } from './function.ts';
import { repr } from './inspect.ts';
import { asInt, asNumber, wantInt } from './numbers.ts';
import { SliceValue } from './slice.ts';
import { PyObject, type Value } from './value.ts';

/** Python's range. */
export class Range extends PyObject {
  readonly typeName = 'range';
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly length: number;

  constructor(start: number, stop: number, step: number) {
    super();
    if (step === 0) throw valueError('range() arg 3 must not be zero');
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }

  override pyRepr(): string {
    return this.step === 1
      ? `range(${this.start}, ${this.stop})`
      : `range(${this.start}, ${this.stop}, ${this.step})`;
  }

  override pyLength(): number {
    return this.length;
  }

  override pyGetAttribute(name: string): Value | undefined {
    return name === 'start' || name === 'stop' || name === 'step' ? this[name] : undefined;
  }

  override pyIterate(): Iterable<Value> {
    willHold(this.length);
    const items: Value[] = [];
    for (let index = 0; index < this.length; index++) items.push(this.start + index * this.step);
    return items;
  }

  override pyGetItem(key: Value): Value | undefined {
    if (key instanceof SliceValue) {
      if (typeof key.step === 'bigint') throw new UnsupportedError('a range counts within 53 bits here');
      const { start, stop, step } = key.indices(this.length);
      return new Range(this.#at(start), this.#at(stop), this.step * step);
    }
    const number = asInt(key);
    if (number === undefined) return undefined;
    const index = Number(number) < 0 ? Number(number) + this.length : Number(number);
    return index >= 0 && index < this.length ? this.#at(index) : undefined;
  }

  #at(index: number): number {
    return this.start + index * this.step;
  }

  override pyContains(item: Value): boolean {
    return this.indexOf(item) !== -1;
  }

  /** The place of an item, or -1. Like CPython, it computes that of a number and compares anything else with each. */
  indexOf(item: Value): number {
    countStep();
    const number = asNumber(item);
    if (number === undefined) {
      // Nothing but an object can equal a number.
      if (!(item instanceof PyObject)) return -1;
      steps(this.length);
      for (let index = 0; index < this.length; index++) if (same(this.#at(index), item)) return index;
      return -1;
    }
    const offset = (Number(number instanceof Float ? number.value : number) - this.start) / this.step;
    return Number.isInteger(offset) && offset >= 0 && offset < this.length ? offset + 0 : -1;
  }

  override pyEquals(other: Value): boolean {
    if (!(other instanceof Range) || other.length !== this.length) return false;
    if (this.length === 0) return true;
    return other.start === this.start && (this.length === 1 || other.step === this.step);
  }

  override pyHash(): unknown {
    return `\u0000range:${this.length}:${this.length === 0 ? '' : this.start}:${this.length < 2 ? '' : this.step}`;
  }
}

/** The methods of range; the first argument of each body is the range itself. */
export const RANGE_METHODS = functionTable({
  count: pyFunction('value /', (self: Range, item: Value) => (self.indexOf(item) === -1 ? 0 : 1)),
  index: pyFunction('value /', (self: Range, item: Value) => {
    const index = self.indexOf(item);
    if (index !== -1) return index;
    throw valueError(
      asInt(item) === undefined ? 'sequence.index(x): x not in sequence' : `${repr(item)} is not in range`,
    );
  }),
});

/** Python's range() of one to three arguments. */
export function makeRange(args: readonly Value[]): Range {
  if (args.length === 0 || args.length > 3) {
    throw new PythonError('TypeError', `range expected at least 1 argument, got ${args.length}`);
  }
  const bounds = args.map(wantInt);
  if (bounds.some((bound) => typeof bound === 'bigint'))
    throw new UnsupportedError('a range counts within 53 bits here');
  const [first, second, third] = bounds as [number, number?, number?];
  return second === undefined ? new Range(0, first, 1) : new Range(first, second, third ?? 1);
}
