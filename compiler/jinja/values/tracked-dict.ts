import { Dict, hashKey } from './dict.ts';
import type { Value } from './value.ts';

/** Who is told what is asked of a mapping itself. */
export interface MappingWatch {
  /** Whether there is an entry at `key`, or what kind of value it is; its content is the entry's own matter. */
  key(key: Value): void;
  /** Which keys there are, how many, or in what order. */
  keys(): void;
  /** Whether all of its content is such that Python reads it back from its text. */
  literal(): void;
}

/** Called when the content of an entry is read; or (`literal`) only whether Python reads it back from its text. */
export type EntryNote = (what?: 'literal') => void;

let silent = false;

/** Runs what reads mappings without anybody being told. */
export function untold<T>(run: () => T): T {
  const before = silent;
  silent = true;
  try {
    return run();
  } finally {
    silent = before;
  }
}

/**
 * A mapping that tells who reads it, entry by entry. What `copy` and `take` carry into another mapping is read when it is
 * read there, so that a merge of large mappings depends on no more than what is used of it.
 */
export class TrackedDict extends Dict {
  readonly #watches: Set<MappingWatch>;
  readonly #notes = new Map<unknown, EntryNote>();

  constructor(watches: Iterable<MappingWatch>) {
    super();
    this.#watches = new Set(watches);
  }

  /** Sets an entry whose content is told of by `note`; mappings within tell of themselves. */
  put(key: Value, value: Value, note: EntryNote | undefined): void {
    super.set(key, value);
    if (note) this.#notes.set(hashKey(key), note);
    else this.#notes.delete(hashKey(key));
  }

  override get size(): number {
    this.#tellKeys();
    return super.size;
  }

  override get(key: Value): Value | undefined {
    const value = super.get(key);
    if (!silent) this.#tell(key);
    return value;
  }

  override has(key: Value): boolean {
    this.#tellKey(key);
    return super.has(key);
  }

  override set(key: Value, value: Value): this {
    this.#notes.delete(hashKey(key));
    return super.set(key, value);
  }

  override delete(key: Value): boolean {
    this.#tellKey(key);
    this.#notes.delete(hashKey(key));
    return super.delete(key);
  }

  override clear(): void {
    this.#notes.clear();
    super.clear();
  }

  override keys(): IterableIterator<Value> {
    this.#tellKeys();
    return super.keys();
  }

  override *values(): IterableIterator<Value> {
    for (const [, value] of this) yield value;
  }

  override *[Symbol.iterator](): IterableIterator<[Value, Value]> {
    this.#tellKeys();
    for (const entry of super[Symbol.iterator]()) {
      if (!silent) this.#tell(entry[0]);
      yield entry;
    }
  }

  override copy(): TrackedDict {
    const copy = new TrackedDict(this.#watches);
    for (const [key, value] of super[Symbol.iterator]()) copy.put(key, value, this.#notes.get(hashKey(key)));
    return copy;
  }

  override take(other: Dict, key: Value): this {
    if (!(other instanceof TrackedDict)) return this.set(key, other.get(key)!);
    this.put(key, other.peek(key)!, other.#notes.get(hashKey(key)));
    return this;
  }

  /** A copy in which lists and mappings are copies too, to any depth. */
  deepCopy(copyOf: (value: Value) => Value): TrackedDict {
    const copy = new TrackedDict(this.#watches);
    for (const [key, value] of super[Symbol.iterator]())
      copy.put(key, copyOf(value), this.#notes.get(hashKey(key)));
    return copy;
  }

  /**
   * The same mapping read back from its text: `plain` tells of its entries as this one does, and who reads one depends
   * on all others in that they can be read back.
   */
  mirroredBy(plain: Dict): TrackedDict {
    for (const watch of this.#watches) watch.literal();
    const mirror = new TrackedDict(this.#watches);
    for (const [key, value] of plain) {
      const own = super.get(key);
      this.#notes.get(hashKey(key))?.('literal');
      const inner = own instanceof TrackedDict && value instanceof Dict ? own.mirroredBy(value) : value;
      mirror.put(key, inner, this.#notes.get(hashKey(key)));
    }
    return mirror;
  }

  /** Tells that all of it is read. */
  readAll(): void {
    for (const [, value] of this) if (value instanceof TrackedDict) value.readAll();
  }

  #tell(key: Value): void {
    const note = this.#notes.get(hashKey(key));
    if (note) note();
    this.#tellKey(key);
  }

  #tellKey(key: Value): void {
    if (!silent) for (const watch of this.#watches) watch.key(key);
  }

  #tellKeys(): void {
    if (!silent) for (const watch of this.#watches) watch.keys();
  }
}
