import type { Environment } from '../environment.ts';
import { typeError } from '../errors.ts';
import { enter, step, used } from '../limits.ts';
import { same } from '../values/compare.ts';
import { Dict } from '../values/dict.ts';
import { pyFunction } from '../values/function.ts';
import { iterate, toArray } from '../values/inspect.ts';
import { Tuple } from '../values/tuple.ts';
import { type Keywords, PyObject, PyText, type Value } from '../values/value.ts';

/** Renders a recursive loop's body for other items, one level deeper. */
export type Recurse = (items: Value, depth: number) => Value;

/** Jinja's `loop`: walks over the items, one ahead where `last` or `nextitem` asks. */
export class Loop extends PyObject {
  readonly typeName = 'LoopContext';
  override readonly typeModule = 'jinja2.runtime';
  index0 = -1;
  /** The item that the body runs for. */
  current: Value = null;
  readonly depth0: number;
  #before: Value | undefined;
  #after: Value | undefined;
  #changed: Value[] | undefined;
  #length: number | undefined;
  #items: Iterator<Value>;
  readonly #environment: Environment;
  readonly #recurse: Recurse | undefined;

  constructor(environment: Environment, items: Value, recursion?: { recurse: Recurse; depth: number }) {
    super();
    this.#environment = environment;
    this.#items = iterate(items)[Symbol.iterator]();
    this.#length = sizeOf(items);
    this.#recurse = recursion?.recurse;
    this.depth0 = recursion?.depth ?? 0;
  }

  /** Goes to the next item, if there is one. */
  advance(): boolean {
    const next = this.#peek();
    if (next === undefined) return false;
    step();
    this.#after = undefined;
    if (++this.index0 > 0) this.#before = this.current;
    this.current = next;
    return true;
  }

  #peek(): Value | undefined {
    if (this.#after === undefined) {
      const { done, value } = this.#items.next();
      if (!done) this.#after = value;
    }
    return this.#after;
  }

  get length(): number {
    if (this.#length === undefined) {
      const ahead = this.#after === undefined ? 0 : 1;
      const items: Value[] = [];
      for (let next = this.#items.next(); !next.done; next = this.#items.next()) {
        step();
        items.push(next.value);
      }
      this.#items = items[Symbol.iterator]();
      this.#length = items.length + this.index0 + 1 + ahead;
    }
    return this.#length;
  }

  get last(): boolean {
    return this.#peek() === undefined;
  }

  override pyLength(): number {
    return this.length;
  }

  override pyTruth(): boolean {
    return this.length > 0;
  }

  override pyRepr(): string {
    return `<LoopContext ${this.index0 + 1}/${this.length}>`;
  }

  override pyGetAttribute(name: string): Value | undefined {
    switch (name) {
      case 'index':
        return this.index0 + 1;
      case 'index0':
        return this.index0;
      case 'revindex':
        return this.length - this.index0;
      case 'revindex0':
        return this.length - this.index0 - 1;
      case 'first':
        return this.index0 === 0;
      case 'last':
        return this.last;
      case 'length':
        return this.length;
      case 'depth':
        return this.depth0 + 1;
      case 'depth0':
        return this.depth0;
      case 'previtem':
        return this.index0 === 0 ? this.#missing('there is no previous item') : this.#before;
      case 'nextitem':
        return this.#peek() ?? (this.last ? this.#missing('there is no next item') : null);
      case 'cycle':
        return pyFunction('*args', (args: Value[]) => this.#cycle(args)).named('cycle');
      case 'changed':
        return pyFunction('*value', (values: Value[]) => this.#isChanged(values)).named('changed');
    }
    return undefined;
  }

  #missing(hint: string): Value {
    return this.#environment.undefined({ hint });
  }

  #cycle(args: readonly Value[]): Value {
    if (args.length === 0) throw typeError('no items for cycling given');
    return args[this.index0 % args.length]!;
  }

  #isChanged(values: Value[]): boolean {
    const before = this.#changed;
    if (before?.length === values.length && before.every((value, index) => same(value, values[index]!)))
      return false;
    this.#changed = values;
    return true;
  }

  override pyCall(args: readonly Value[], keywords: Keywords | undefined): Value {
    const items = args[0] ?? keywords?.get('iterable');
    if (args.length > 1 || items === undefined) throw typeError('loop() takes exactly one argument');
    if (!this.#recurse) {
      throw typeError("The loop must have the 'recursive' marker to be called recursively.");
    }
    enter();
    try {
      return this.#recurse(items, this.depth0 + 1);
    } finally {
      used.depth--;
    }
  }
}

/** What len() says before the loop; a text's is counted only when asked for. */
function sizeOf(items: Value): number | undefined {
  if (Array.isArray(items)) return items.length;
  if (items instanceof Tuple) return items.items.length;
  if (items instanceof Dict) return items.size;
  if (typeof items === 'string' || items instanceof PyText) return undefined;
  return items instanceof PyObject ? items.pyLength?.() : toArray(items).length;
}
