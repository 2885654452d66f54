import { steps, type Value } from '../../jinja/jinja.ts';

/**
 * The result of a set operation as a list. CPython's order of ints is that of its hash table and the same in every
 * run, so it is kept; that of texts differs from run to run, so here it is the order in which they first appear.
 * @param a distinct values @param b distinct values
 */
export function setOrder(
  operation: 'union' | 'intersect' | 'difference' | 'symmetric_difference',
  a: readonly Value[],
  b: readonly Value[],
): Value[] {
  steps(4 * (a.length + b.length));
  const [inA, inB] = [new Set(a.map(keyOf)), new Set(b.map(keyOf))];
  const combined = [...a, ...b.filter((item) => !inA.has(keyOf(item)))];
  const kept = {
    union: combined,
    intersect: a.filter((item) => inB.has(keyOf(item))),
    difference: a.filter((item) => !inB.has(keyOf(item))),
    symmetric_difference: combined.filter((item) => inA.has(keyOf(item)) !== inB.has(keyOf(item))),
  }[operation];
  // An intersection takes its items from the smaller set, the second where they are alike.
  const fromSecond = operation === 'intersect' && b.length <= a.length;
  const originals = new Map((fromSecond ? [...a, ...b] : [...b, ...a]).map((item) => [keyOf(item), item]));
  const restored = (order: readonly number[]) => order.map((item) => originals.get(item)!);
  const [left, right] = [a.map(keyOf), b.map(keyOf)];
  if (operation === 'difference' && left.every(isInt)) {
    return restored(intOrder(operation, left, right.filter(isInt)));
  }
  if (left.every(isInt) && right.every(isInt)) return restored(intOrder(operation, left, right));
  const keys = kept.map(keyOf);
  if (operation !== 'intersect') return kept;
  return keys.every(isInt) ? restored(IntTable.of(keys).items()) : keys.map((key) => originals.get(key)!);
}

function isInt(item: unknown): item is number {
  return typeof item === 'number' && Number.isInteger(item);
}

/** What tells keys of a dict apart: 1, 1.0 and True are one. */
function keyOf(value: Value): unknown {
  if (typeof value === 'boolean') return Number(value);
  // As a key of a Dict: V8 tells bigints apart by their lowest 64 bits.
  if (typeof value === 'bigint') return `\u0000i${value.toString(16)}`;
  if (typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'number')
    return value.value;
  if (typeof value === 'object' && value !== null && 'text' in value) return value.text;
  if (typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items)) {
    return `tuple:${JSON.stringify(value.items.map(keyOf), (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part))}`;
  }
  return value;
}

function intOrder(operation: string, a: readonly number[], b: readonly number[]): number[] {
  const left = IntTable.of(a);
  const right = IntTable.of(b);
  if (operation === 'union') {
    const result = left.copy();
    result.merge(right);
    return result.items();
  }
  if (operation === 'intersect') {
    // The smaller one is walked, the second where they are alike.
    const [walked, asked] = right.used > left.used ? [left, right] : [right, left];
    return IntTable.of(walked.items().filter((item) => asked.has(item))).items();
  }
  if (operation === 'difference') return left.minus(right);
  const result = right.copy();
  for (const item of left.items()) {
    if (!result.discard(item)) result.add(item);
  }
  return result.items();
}

const PROBES = 9;
const HASH_MODULUS = 2n ** 61n - 1n;

function hashOf(item: number): bigint {
  const hash = BigInt(item) % HASH_MODULUS;
  return hash === -1n ? -2n : hash;
}

/** CPython 3.11's hash table of a set, for ints. */
class IntTable {
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
