import { Dict } from '../../jinja/values/dict.ts';
import type { Value } from '../../jinja/values/value.ts';
import { constructScalar, ScalarError } from './construct-scalar.ts';
import { YamlPlaces } from './places.ts';
import type { YamlPlace } from './problem.ts';
import { resolvePlain } from './resolve-plain.ts';

/** A mapping that was read, with where its entries stand. */
export interface PlainMapping {
  readonly value: Dict;
  readonly place: YamlPlace;
  readonly places: YamlPlaces;
}

/** Characters that neither end a line in another way than `\n`, nor indent, nor are forbidden or in two code units. */
const ORDINARY = /^[\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/;

/** Longer texts are left to who counts their values. */
const LONGEST = 200_000;
const DEEPEST = 20;

/**
 * Reads a text that is a block mapping as most files of variables are: keys, blocks, lists and texts of one line each,
 * with no tag, anchor, escape or duplicate key. Everything else, mistakes among them, is undefined: the scanner reads
 * it. What is read here, it would read alike.
 */
export function readPlainMapping(
  text: string,
  limits: { readonly maxLength: number; readonly maxDepth: number; readonly maxValues: number },
): PlainMapping | undefined {
  const most = Math.min(LONGEST, limits.maxLength, limits.maxValues);
  if (text.length >= most || limits.maxDepth < DEEPEST || !ORDINARY.test(text)) return undefined;
  try {
    return new PlainReader(text).read();
  } catch (error) {
    if (error instanceof ScalarError) return undefined;
    throw error;
  }
}

// All are looked for at their lastIndex. A key is short enough for libyaml to find its colon.
/** A key of a block, with its colon and the blanks behind it. */
const KEY = /(?:([A-Za-z_][\w./-]{0,200})|"([^"\\\n]{0,200})"|'([^'\n]{0,200})') *:(?: +|(?=\n)|$)/y;
/** A text without quotes in a block: words, in which a colon is followed and a `#` preceded by something. */
const PLAIN =
  /(?:[A-Za-z0-9_./+~]|-(?=[A-Za-z0-9_./]))(?:[!-9;-~]|:(?=[!-~]))*(?: +(?:[!"$-9;-~]|:(?=[!-~]))(?:[!-9;-~]|:(?=[!-~]))*)*/y;
const FLOW_KEY = /(?:"([^"\\\n]{0,200})" *:|'([^'\n]{0,200})' *:|([A-Za-z_][\w./-]{0,200}) *: ) */y;
const FLOW_PLAIN = /(?:[A-Za-z0-9_./+~]|-(?=[A-Za-z0-9_.]))[\w./+%@-]*/y;
const DOUBLE_QUOTED = /"[^"\\\n]*"/y;
const SINGLE_QUOTED = /'[^'\n]*'(?!')/y;
const LINE_END = /(?: +#[^\n]*| *)(?:\n|$)/y;

const SPACE = 0x20;
const BREAK = 0x0a;
const HASH = 0x23;
const DASH = 0x2d;
const COMMA = 0x2c;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAPPING = 0x7b;
const CLOSE_MAPPING = 0x7d;

/** Where a method gives undefined, the text is no plain mapping. */
class PlainReader {
  readonly #text: string;
  readonly #places = new YamlPlaces();
  #at = 0;
  /** From 1. */
  #line = 1;
  #lineStart = 0;
  /** Spaces before what the next line holds, once a line is read to its end; -1 where none follows. */
  #indent = -1;

  constructor(text: string) {
    this.#text = text;
  }

  read(): PlainMapping | undefined {
    this.#nextLine();
    const place = { line: this.#line, column: 1 };
    const value = this.#indent === 0 ? this.#mapping(0, 0) : undefined;
    return value && this.#indent === -1 ? { value, place, places: this.#places } : undefined;
  }

  /** Goes from the start of a line to the first character from there on that is no part of a comment. */
  #nextLine(): void {
    const text = this.#text;
    for (;;) {
      let at = this.#at;
      this.#lineStart = at;
      while (text.charCodeAt(at) === SPACE) at++;
      const code = text.charCodeAt(at);
      if (code === BREAK) this.#at = at + 1;
      else if (code === HASH) {
        const end = text.indexOf('\n', at);
        this.#at = end === -1 ? text.length : end + 1;
      } else {
        this.#indent = at < text.length ? at - this.#lineStart : -1;
        this.#at = at;
        return;
      }
      this.#line++;
    }
  }

  /** Ends a line behind what it holds and goes on to the next one; false where it holds more. */
  #endLine(): boolean {
    LINE_END.lastIndex = this.#at;
    if (!LINE_END.test(this.#text)) return false;
    this.#at = LINE_END.lastIndex;
    this.#line++;
    this.#nextLine();
    return true;
  }

  /** A mapping whose first key is next, in this column. */
  #mapping(indent: number, depth: number): Dict | undefined {
    if (depth > DEEPEST) return undefined;
    const mapping = new Dict();
    const keys: string[] = [];
    const numbers: number[] = [];
    do {
      KEY.lastIndex = this.#at;
      const match = KEY.exec(this.#text);
      if (!match) return undefined;
      const plain = match[1];
      const key = plain ?? match[2] ?? match[3]!;
      if (mapping.has(key) || (plain !== undefined && resolvePlain(plain) !== 'str')) return undefined;
      keys.push(key);
      numbers.push(this.#line, this.#at - this.#lineStart + 1);
      this.#at = KEY.lastIndex;
      const value = this.#valueOfKey(indent, depth);
      if (value === undefined) return undefined;
      mapping.set(key, value);
    } while (this.#indent === indent);
    if (this.#indent > indent) return undefined;
    this.#places.setKeys(mapping, keys, numbers);
    return mapping;
  }

  #valueOfKey(indent: number, depth: number): Value | undefined {
    const code = this.#text.charCodeAt(this.#at);
    if (code !== BREAK && code !== HASH && this.#at < this.#text.length) {
      const value = this.#restOfLine(code, depth);
      // A line that is indented more belongs to the text, or is a mistake.
      return this.#indent <= indent ? value : undefined;
    }
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#text.length : end;
    this.#endLine();
    if (this.#indent > indent) {
      return this.#isItem()
        ? this.#sequence(this.#indent, depth + 1)
        : this.#mapping(this.#indent, depth + 1);
    }
    return this.#indent === indent && this.#isItem() ? this.#sequence(indent, depth + 1) : null;
  }

  /** Whether a `-` of a list is next. */
  #isItem(): boolean {
    if (this.#text.charCodeAt(this.#at) !== DASH) return false;
    const next = this.#text.charCodeAt(this.#at + 1);
    return next === SPACE || next === BREAK || this.#at + 1 === this.#text.length;
  }

  /** A list whose first `-` is next, in this column. */
  #sequence(indent: number, depth: number): Value[] | undefined {
    if (depth > DEEPEST) return undefined;
    const list: Value[] = [];
    const numbers: number[] = [];
    while (this.#indent === indent && this.#isItem()) {
      this.#at++;
      this.#skipSpaces();
      const column = this.#at - this.#lineStart;
      numbers.push(this.#line, column + 1);
      KEY.lastIndex = this.#at;
      const item = KEY.test(this.#text)
        ? this.#mapping(column, depth + 1)
        : this.#restOfLine(this.#text.charCodeAt(this.#at), depth);
      if (item === undefined || this.#indent > indent) return undefined;
      list.push(item);
    }
    if (this.#indent > indent) return undefined;
    this.#places.setItems(list, numbers);
    return list;
  }

  #skipSpaces(): void {
    while (this.#text.charCodeAt(this.#at) === SPACE) this.#at++;
  }

  /** A value that ends its line. @param code of its first character */
  #restOfLine(code: number, depth: number): Value | undefined {
    const value = isOpening(code) ? this.#flow(code, depth + 1) : (this.#quoted(code) ?? this.#plain(PLAIN));
    return value !== undefined && this.#endLine() ? value : undefined;
  }

  /** What a pattern matches here; undefined where it does not. */
  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return undefined;
    const start = this.#at;
    this.#at = pattern.lastIndex;
    return this.#text.slice(start, this.#at);
  }

  #plain(pattern: RegExp): Value | undefined {
    const text = this.#take(pattern);
    return text === undefined ? undefined : constructScalar(resolvePlain(text), text);
  }

  #quoted(code: number): string | undefined {
    if (code !== DOUBLE_QUOTE && code !== SINGLE_QUOTE) return undefined;
    return this.#take(code === DOUBLE_QUOTE ? DOUBLE_QUOTED : SINGLE_QUOTED)?.slice(1, -1);
  }

  /** A list or a mapping in brackets. @param code of the opening one */
  #flow(code: number, depth: number): Value | undefined {
    if (depth > DEEPEST) return undefined;
    this.#at++;
    this.#skipSpaces();
    return code === OPEN_LIST ? this.#flowList(depth) : this.#flowMapping(depth);
  }

  #flowList(depth: number): Value[] | undefined {
    const list: Value[] = [];
    const numbers: number[] = [];
    let more = this.#text.charCodeAt(this.#at) !== CLOSE_LIST;
    while (more) {
      numbers.push(this.#line, this.#at - this.#lineStart + 1);
      const item = this.#flowValue(depth);
      if (item === undefined) return undefined;
      list.push(item);
      if (this.#text.charCodeAt(this.#at) !== COMMA) more = false;
      else this.#nextPart();
    }
    if (this.#text.charCodeAt(this.#at) !== CLOSE_LIST) return undefined;
    this.#at++;
    this.#places.setItems(list, numbers);
    return list;
  }

  #flowMapping(depth: number): Dict | undefined {
    const mapping = new Dict();
    const keys: string[] = [];
    const numbers: number[] = [];
    let more = this.#text.charCodeAt(this.#at) !== CLOSE_MAPPING;
    while (more) {
      FLOW_KEY.lastIndex = this.#at;
      const match = FLOW_KEY.exec(this.#text);
      if (!match) return undefined;
      const plain = match[3];
      const key = plain ?? match[1] ?? match[2]!;
      if (mapping.has(key) || (plain !== undefined && resolvePlain(plain) !== 'str')) return undefined;
      keys.push(key);
      numbers.push(this.#line, this.#at - this.#lineStart + 1);
      this.#at = FLOW_KEY.lastIndex;
      const value = this.#flowValue(depth);
      if (value === undefined) return undefined;
      mapping.set(key, value);
      if (this.#text.charCodeAt(this.#at) !== COMMA) more = false;
      else this.#nextPart();
    }
    if (this.#text.charCodeAt(this.#at) !== CLOSE_MAPPING) return undefined;
    this.#at++;
    this.#places.setKeys(mapping, keys, numbers);
    return mapping;
  }

  #nextPart(): void {
    this.#at++;
    this.#skipSpaces();
  }

  /** A value in brackets, and the blanks behind it. */
  #flowValue(depth: number): Value | undefined {
    const code = this.#text.charCodeAt(this.#at);
    const value = isOpening(code)
      ? this.#flow(code, depth + 1)
      : (this.#quoted(code) ?? this.#plain(FLOW_PLAIN));
    this.#skipSpaces();
    return value;
  }
}

function isOpening(code: number): boolean {
  return code === OPEN_LIST || code === OPEN_MAPPING;
}
