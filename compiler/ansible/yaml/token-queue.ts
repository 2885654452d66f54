import { type Cursor, columnOf, failHere, placeOf } from './cursor.ts';
import { YamlFailure, type YamlPlace } from './problem.ts';
import type { Token, TokenKind } from './token.ts';

/** Something that turns out to be a key when a `:` follows on its line. */
interface SimpleKey {
  /** Which token it begins with, counted from the first of the text. */
  readonly number: number;
  readonly required: boolean;
  readonly at: number;
  readonly line: number;
  readonly column: number;
  readonly place: YamlPlace;
}

const LONGEST_KEY = 1024;

/**
 * The tokens that are read and not taken yet. Indentation and simple keys make a token depend on what follows, so
 * tokens wait here until they are certain.
 */
export class TokenQueue {
  readonly cursor: Cursor;
  readonly #queue: Token[] = [];
  #head = 0;
  #taken = 0;
  /** Whether a key may begin here. */
  keyAllowed = true;
  /** The column of the innermost block; -1 where there is none. */
  indent = -1;
  readonly #indents: number[] = [];
  /** One a level of brackets, the outermost first. */
  readonly #keys: (SimpleKey | undefined)[] = [undefined];
  /** No level below this one has a key. */
  #lowest = 0;
  readonly #deepest: number;

  /** @param deepest how many brackets or blocks may stand within each other. */
  constructor(cursor: Cursor, deepest: number) {
    this.cursor = cursor;
    this.#deepest = deepest;
  }

  /** The first token. */
  get first(): Token {
    return this.#queue[this.#head]!;
  }

  /** Takes the first token. */
  take(): void {
    this.#head++;
    this.#taken++;
    if (this.#head < this.#queue.length) return;
    this.#queue.length = 0;
    this.#head = 0;
  }

  /** Whether within brackets. */
  get inFlow(): boolean {
    return this.#keys.length > 1;
  }

  /** Whether what is first may still change. */
  needsMore(): boolean {
    if (this.#head === this.#queue.length) return true;
    this.dropStaleKeys();
    return this.#keys[this.#lowest]?.number === this.#taken;
  }

  /** Forgets the keys whose line has ended. */
  dropStaleKeys(): void {
    // A key of an outer level began before those within it, so the first that is not stale ends the search.
    for (; this.#lowest < this.#keys.length; this.#lowest++) {
      const key = this.#keys[this.#lowest];
      if (!key) continue;
      if (key.line >= this.cursor.line && !this.#isTooLong(key)) return;
      this.dropKey(this.#lowest);
    }
  }

  #isTooLong(key: SimpleKey): boolean {
    if (this.cursor.at - key.at <= LONGEST_KEY) return false;
    if (this.cursor.at - key.at > 2 * LONGEST_KEY) return true;
    return [...this.cursor.text.slice(key.at, this.cursor.at)].length > LONGEST_KEY;
  }

  /** Forgets that a key may have begun at this level. */
  dropKey(level = this.#keys.length - 1): void {
    const key = this.#keys[level];
    if (key?.required) {
      throw new YamlFailure({
        place: key.place,
        message: "could not find expected ':'",
        hint: 'a line of a mapping is `key: value`; a text of several lines must be indented more than its key',
        related: { place: placeOf(this.cursor), message: 'it was expected before this' },
      });
    }
    this.#keys[level] = undefined;
  }

  /** Notes that what comes may turn out to be a key. */
  saveKey(): void {
    if (!this.keyAllowed) return;
    const cursor = this.cursor;
    const column = columnOf(cursor);
    this.dropKey();
    this.#lowest = Math.min(this.#lowest, this.#keys.length - 1);
    this.#keys[this.#keys.length - 1] = {
      number: this.#taken + this.#queue.length - this.#head,
      required: !this.inFlow && this.indent === column,
      at: cursor.at,
      line: cursor.line,
      column,
      place: placeOf(cursor),
    };
  }

  /** Adds a token. */
  push(kind: TokenKind, place: YamlPlace): void {
    this.#queue.push({ kind, place });
  }

  /** Adds a token that says more than its kind. */
  pushToken(token: Token): void {
    this.#queue.push(token);
  }

  #failTooDeep(): never {
    const message = `more than ${this.#deepest} levels stand within each other`;
    failHere(this.cursor, message, 'write it with fewer levels');
  }

  /** Opens a block at a column; before a key, where it begins with one. */
  roll(column: number, kind: TokenKind, key?: SimpleKey): void {
    if (this.inFlow || this.indent >= column) return;
    if (this.#indents.length >= this.#deepest) {
      this.#failTooDeep();
    }
    this.#indents.push(this.indent);
    this.indent = column;
    const place = key?.place ?? placeOf(this.cursor);
    const token: Token = { kind, place };
    if (key) this.#queue.splice(this.#head + key.number - this.#taken, 0, token);
    else this.#queue.push(token);
  }

  /** Closes the blocks that begin right of a column. */
  unroll(column: number): void {
    if (this.inFlow) return;
    while (this.indent > column) {
      this.push('block end', placeOf(this.cursor));
      this.indent = this.#indents.pop()!;
    }
  }

  /** A `:` was met: whether what was noted as a key is one. */
  takeKey(): boolean {
    const level = this.#keys.length - 1;
    const key = this.#keys[level];
    if (!key) return false;
    this.#queue.splice(this.#head + key.number - this.#taken, 0, { kind: 'key', place: key.place });
    this.roll(key.column, 'block mapping', key);
    this.#keys[level] = undefined;
    this.keyAllowed = false;
    return true;
  }

  openBracket(): void {
    this.saveKey();
    if (this.#keys.length > this.#deepest) {
      this.#failTooDeep();
    }
    this.#keys.push(undefined);
    this.keyAllowed = true;
  }

  closeBracket(): void {
    this.dropKey();
    if (this.inFlow) this.#keys.pop();
    this.keyAllowed = false;
  }
}
