import type { Value } from '../../jinja/values/value.ts';
import { hashOfInt } from './python-hash.ts';

export function isInt(item: unknown): item is number {
  return typeof item === 'number' && Number.isInteger(item);
}

/** In a slot whose item was taken out. */
const FREED = Symbol('freed');
const PROBES = 9;

/** CPython's hash() of an item. */
type HashOf<T> = (item: T) => bigint;

/** The table of a set of ints. */
export function intTable(items: Iterable<number>): HashTable<number> {
  return HashTable.of(items, (item) => hashOfInt(BigInt(item)));
}

/** CPython 3.11's hash table of a set, for items whose hash is the same in every run of Python: so is their order. */
export class HashTable<T extends Value> {
  readonly #hashOf: HashOf<T>;
  #slots: (T | typeof FREED | undefined)[] = Array(8).fill(undefined);
  used = 0;
  /** Slots that are or were taken. */
  #fill = 0;

  constructor(hashOf: HashOf<T>) {
    this.#hashOf = hashOf;
  }

  /** @param items no two of them, unless they are the same to JavaScript, are equal to Python */
  static of<T extends Value>(items: Iterable<T>, hashOf: HashOf<T>): HashTable<T> {
    const table = new HashTable(hashOf);
    for (const item of items) table.add(item);
    return table;
  }

  items(): T[] {
    return this.#slots.filter((slot) => slot !== undefined && slot !== FREED);
  }

  #place(item: T): number {
    const mask = this.#slots.length - 1;
    const hash = BigInt.asUintN(64, this.#hashOf(item));
    let perturb = hash;
    let index = Number(hash & BigInt(mask));
    for (;;) {
      const last = index + PROBES <= mask ? index + PROBES : index;
      for (let at = index; at <= last; at++) {
        if (this.#slots[at] === undefined || this.#slots[at] === item) return at;
      }
      perturb >>= 5n;
      index = Number((BigInt(index) * 5n + 1n + perturb) & BigInt(mask));
    }
  }

  add(item: T): void {
    const at = this.#place(item);
    if (this.#slots[at] === item) return;
    this.#slots[at] = item;
    this.used++;
    this.#fill++;
    if (this.#fill * 5 >= (this.#slots.length - 1) * 3)
      this.#resize(this.used > 50_000 ? this.used * 2 : this.used * 4);
  }

  discard(item: T): boolean {
    const at = this.#find(item);
    if (at === -1) return false;
    this.#slots[at] = FREED;
    this.used--;
    return true;
  }

  has(item: T): boolean {
    return this.#find(item) !== -1;
  }

  /** The slot that holds an item, or -1. */
  #find(item: T): number {
    const at = this.#place(item);
    return this.#slots[at] === item ? at : -1;
  }

  #resize(least: number): void {
    const items = this.items();
    let size = 8;
    while (size <= least) size *= 2;
    this.#slots = Array(size).fill(undefined);
    this.#fill = items.length;
    for (const item of items) this.#slots[this.#place(item)] = item;
  }

  copy(): HashTable<T> {
    const table = new HashTable(this.#hashOf);
    table.merge(this);
    return table;
  }

  merge(other: HashTable<T>): void {
    if ((this.#fill + other.used) * 5 >= (this.#slots.length - 1) * 3)
      this.#resize((this.used + other.used) * 2);
    if (this.#fill === 0 && this.#slots.length === other.#slots.length && other.#fill === other.used) {
      this.#slots = [...other.#slots];
      this.used = this.#fill = other.used;
      return;
    }
    for (const item of other.items()) this.add(item);
  }

  minus(other: HashTable<T>): T[] {
    if (this.used >> 2 > other.used) {
      const table = this.copy();
      for (const item of other.items()) table.discard(item);
      return table.items();
    }
    const left = this.items().filter((item) => !other.has(item));
    return HashTable.of(left, this.#hashOf).items();
  }
}
