export function isInt(item: unknown): item is number {
  return typeof item === 'number' && Number.isInteger(item);
}

const PROBES = 9;
const HASH_MODULUS = 2n ** 61n - 1n;

function hashOf(item: number): bigint {
  const hash = BigInt(item) % HASH_MODULUS;
  return hash === -1n ? -2n : hash;
}

/** CPython 3.11's hash table of a set, for ints: in every run of Python they have the same order. */
export class IntTable {
  #slots: (number | null | undefined)[] = Array(8).fill(undefined);
  used = 0;
  /** Slots that are or were taken. */
  #fill = 0;

  static of(items: Iterable<number>): IntTable {
    const table = new IntTable();
    for (const item of items) table.add(item);
    return table;
  }

  items(): number[] {
    return this.#slots.filter((slot) => typeof slot === 'number');
  }

  #place(item: number): number {
    const mask = this.#slots.length - 1;
    const hash = BigInt.asUintN(64, hashOf(item));
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

  add(item: number): void {
    const at = this.#place(item);
    if (this.#slots[at] === item) return;
    this.#slots[at] = item;
    this.used++;
    this.#fill++;
    if (this.#fill * 5 >= (this.#slots.length - 1) * 3)
      this.#resize(this.used > 50_000 ? this.used * 2 : this.used * 4);
  }

  discard(item: number): boolean {
    const at = this.#find(item);
    if (at === -1) return false;
    this.#slots[at] = null;
    this.used--;
    return true;
  }

  has(item: number): boolean {
    return this.#find(item) !== -1;
  }

  /** The slot that holds an item, or -1. */
  #find(item: number): number {
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

  copy(): IntTable {
    const table = new IntTable();
    table.merge(this);
    return table;
  }

  merge(other: IntTable): void {
    if ((this.#fill + other.used) * 5 >= (this.#slots.length - 1) * 3)
      this.#resize((this.used + other.used) * 2);
    if (this.#fill === 0 && this.#slots.length === other.#slots.length && other.#fill === other.used) {
      this.#slots = [...other.#slots];
      this.used = this.#fill = other.used;
      return;
    }
    for (const item of other.items()) this.add(item);
  }

  minus(other: IntTable): number[] {
    if (this.used >> 2 > other.used) {
      const table = this.copy();
      for (const item of other.items()) table.discard(item);
      return table.items();
    }
    return IntTable.of(this.items().filter((item) => !other.has(item))).items();
  }
}
