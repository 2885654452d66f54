import { Dict } from '../../jinja/values/dict.ts';
import { Float } from '../../jinja/values/float.ts';
import type { Value } from '../../jinja/values/value.ts';
import { SecretText } from '../values/secret-text.ts';
import { UnsafeText } from '../values/unsafe-text.ts';
import { YamlPlaces } from './places.ts';
import { YamlFailure, type YamlPlace } from './problem.ts';

export interface JsonText {
  readonly value: Value;
  readonly place: YamlPlace;
  readonly places: YamlPlaces;
}

/** Thrown within the reader where the text is no JSON. */
class NoJson extends Error {}

/**
 * Reads a text as Python's json.loads does with Ansible's decoder: NaN and Infinity are numbers, ints have no limit,
 * `{"__ansible_unsafe": …}` is an UnsafeText. Undefined where it is no JSON.
 * @throws YamlFailure where it is too large, and at half of a surrogate pair, which is no YAML either
 */
export function readJson(
  text: string,
  limits: { maxDepth: number; maxValues: number },
): JsonText | undefined {
  // Nearly every YAML file is told from JSON by its first character.
  const start = /^[ \t\n\r]*/.exec(text)![0].length;
  if (!/^(?:[[{"\-0-9]|null|true|false|NaN|Infinity)/.test(text.slice(start, start + 8))) return undefined;
  const reader = new JsonReader(text, { ...limits, ansible: true });
  try {
    return reader.read();
  } catch (error) {
    if (error instanceof NoJson) return undefined;
    throw error;
  }
}

/** As readJson, without Ansible's decoder; why it is no JSON is the error's text, as Python words it. */
export function parseJson(text: string, limits: { maxDepth: number; maxValues: number }): Value | Error {
  try {
    return new JsonReader(text, { ...limits, ansible: false }).read().value;
  } catch (error) {
    if (error instanceof NoJson || error instanceof YamlFailure) return error;
    throw error;
  }
}

/** Whether a text is JSON to Python; also where it is too large to be read to its end. */
export function isJson(text: string, limits: { maxDepth: number; maxValues: number }): boolean {
  return !(parseJson(text, limits) instanceof NoJson);
}

interface JsonOptions {
  readonly maxDepth: number;
  readonly maxValues: number;
  /** Whether `__ansible_unsafe` and `__ansible_vault` mean something. */
  readonly ansible: boolean;
}

const WORDS: readonly (readonly [string, Value])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', new Float(Number.NaN)],
  ['Infinity', new Float(Number.POSITIVE_INFINITY)],
  ['-Infinity', new Float(Number.NEGATIVE_INFINITY)],
];
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
// Up to the next quote, backslash or control character.
const CHARS = /[^"\\\x00-\x1f]*/y;

class JsonReader {
  readonly #text: string;
  readonly #options: JsonOptions;
  readonly #places = new YamlPlaces();
  #at = 0;
  #line = 1;
  #lineStart = 0;
  /** The next line feed after #lineStart. */
  #nextBreak: number;
  #depth = 0;
  #values = 0;

  constructor(text: string, options: JsonOptions) {
    this.#text = text;
    this.#options = options;
    this.#nextBreak = this.#findBreak();
  }

  read(): JsonText {
    this.#space();
    const place = this.#place();
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail('Extra data');
    return { value, place, places: this.#places };
  }

  #fail(message: string, at = this.#at): never {
    const before = this.#text.slice(0, at);
    const line = before.split('\n').length;
    throw new NoJson(`${message}: line ${line} column ${at - before.lastIndexOf('\n')} (char ${at})`);
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #place(): YamlPlace {
    while (this.#nextBreak < this.#at) {
      this.#line++;
      this.#lineStart = this.#nextBreak + 1;
      this.#nextBreak = this.#findBreak();
    }
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  #findBreak(): number {
    const index = this.#text.indexOf('\n', this.#lineStart);
    return index === -1 ? Number.POSITIVE_INFINITY : index;
  }

  #value(): Value {
    if (++this.#values > this.#options.maxValues) {
      throw new YamlFailure({ place: this.#place(), message: `more than ${this.#options.maxValues} values` });
    }
    const char = this.#text[this.#at];
    if (char === '"') return this.#string();
    if (char === '{' || char === '[') {
      if (++this.#depth > this.#options.maxDepth) {
        throw new YamlFailure({
          place: this.#place(),
          message: `more than ${this.#options.maxDepth} levels stand within each other`,
        });
      }
      const value = char === '{' ? this.#object() : this.#array();
      this.#depth--;
      return value;
    }
    const word = WORDS.find(([name]) => this.#text.startsWith(name, this.#at));
    if (word) {
      this.#at += word[0].length;
      return word[1];
    }
    return this.#number();
  }

  #number(): Value {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (!match) this.#fail('Expecting value');
    this.#at = NUMBER.lastIndex;
    const [text, fraction, exponent] = match;
    if (fraction !== undefined || exponent !== undefined) return new Float(Number(text));
    if (text.length > 4300) this.#fail('Exceeds the limit (4300 digits) for integer string conversion');
    const number = Number(text);
    return Number.isSafeInteger(number) ? number + 0 : BigInt(text);
  }

  #string(): string {
    const start = this.#at;
    this.#at++;
    let value = '';
    for (;;) {
      CHARS.lastIndex = this.#at;
      CHARS.test(this.#text);
      value += this.#text.slice(this.#at, CHARS.lastIndex);
      this.#at = CHARS.lastIndex;
      const char = this.#text[this.#at];
      if (char === undefined) this.#fail('Unterminated string starting at', start);
      if (char === '"') break;
      if (char !== '\\') this.#fail('Invalid control character at');
      value += this.#escape(start);
    }
    if (this.#options.ansible && !value.isWellFormed()) this.#failAtHalf(start);
    this.#at++;
    return value;
  }

  /** A text that no file can hold: YAML refuses the escape, and Ansible prints something else in its place. */
  #failAtHalf(start: number): never {
    const escapes = /\\u([dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\(?:u([0-9a-fA-F]{4})|.)/g;
    const text = this.#text.slice(start, this.#at);
    for (const { 2: code, index } of text.matchAll(escapes)) {
      if (code === undefined || !/^[dD][89a-fA-F]/.test(code)) continue;
      this.#at = start + index;
      throw new YamlFailure({
        place: this.#place(),
        message: `\\u${code} is half of a surrogate pair, and no character`,
        hint: 'write the character itself, or both halves',
      });
    }
    throw new Error('a text from UTF-8 has halves of pairs in escapes alone');
  }

  #escape(start: number): string {
    const letter = this.#text[this.#at + 1];
    if (letter === undefined) this.#fail('Unterminated string starting at', start);
    if (letter === 'u') {
      const hex = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) this.#fail('Invalid \\uXXXX escape', this.#at + 1);
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const index = '"\\/bfnrt'.indexOf(letter);
    if (index === -1) this.#fail('Invalid \\escape');
    this.#at += 2;
    return '"\\/\b\f\n\r\t'[index]!;
  }

  #array(): Value[] {
    const list: Value[] = [];
    const places: YamlPlace[] = [];
    this.#places.setList(list, places);
    this.#at++;
    this.#space();
    if (this.#text[this.#at] !== ']') {
      for (;;) {
        places.push(this.#place());
        list.push(this.#value());
        this.#space();
        if (this.#text[this.#at] !== ',') break;
        this.#at++;
        this.#space();
      }
      if (this.#text[this.#at] !== ']') this.#fail("Expecting ',' delimiter");
    }
    this.#at++;
    return list;
  }

  #object(): Value {
    const mapping = new Dict();
    this.#at++;
    this.#space();
    if (this.#text[this.#at] !== '}') {
      for (;;) {
        if (this.#text[this.#at] !== '"') this.#fail('Expecting property name enclosed in double quotes');
        const place = this.#place();
        const key = this.#string();
        this.#space();
        if (this.#text[this.#at] !== ':') this.#fail("Expecting ':' delimiter");
        this.#at++;
        this.#space();
        mapping.set(key, this.#value());
        this.#places.setEntry(mapping, key, place);
        this.#space();
        if (this.#text[this.#at] !== ',') break;
        this.#at++;
        this.#space();
      }
      if (this.#text[this.#at] !== '}') this.#fail("Expecting ',' delimiter");
    }
    this.#at++;
    return this.#options.ansible ? decodeAnsible(mapping) : mapping;
  }
}

function decodeAnsible(mapping: Dict): Value {
  for (const [key, value] of mapping) {
    if (key === '__ansible_vault' && typeof value === 'string') return new SecretText('vault', value);
    if (key === '__ansible_unsafe' && typeof value === 'string') return new UnsafeText(value);
  }
  return mapping;
}
