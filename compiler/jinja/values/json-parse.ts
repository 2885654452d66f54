import { valueError } from '../errors.ts';
import { Dict } from './dict.ts';
import { Float } from './float.ts';
import { intOfDigits } from './numbers.ts';
import type { Value } from './value.ts';

const LEXEME =
  /[ \t\n\r]*(?:([{}[\]:,])|"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*)"|(-?(?:0|[1-9]\d*))((?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null|NaN|-?Infinity))/y;

const WORDS = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', new Float(Number.NaN)],
  ['Infinity', new Float(Number.POSITIVE_INFINITY)],
  ['-Infinity', new Float(Number.NEGATIVE_INFINITY)],
]);

/**
 * JSON text as Python's json.loads reads it: objects keep their order, ints have no limit, `1.0` is a float.
 * @throws ValueError (JSONDecodeError in Python)
 */
export function parseJson(text: string): Value {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #fail(what: string): never {
    throw valueError(`${what}: char ${this.#at}`);
  }

  #next(): RegExpExecArray {
    LEXEME.lastIndex = this.#at;
    const match = LEXEME.exec(this.#text);
    if (!match) this.#fail('Expecting value');
    this.#at = LEXEME.lastIndex;
    return match;
  }

  end(): void {
    if (!/^[ \t\n\r]*$/.test(this.#text.slice(this.#at))) this.#fail('Extra data');
  }

  value(depth: number): Value {
    if (depth > 500) this.#fail('nested too deeply');
    return this.#valueOf(this.#next(), depth);
  }

  #valueOf(match: RegExpExecArray, depth: number): Value {
    const [, mark, string, whole, rest, word] = match;
    if (string !== undefined) return JSON.parse(`"${string}"`) as string;
    if (whole !== undefined) return rest === '' ? intOfDigits(whole) : new Float(Number(whole + rest));
    if (word !== undefined) return WORDS.get(word)!;
    if (mark === '[') return this.#array(depth);
    if (mark === '{') return this.#object(depth);
    return this.#fail('Expecting value');
  }

  #array(depth: number): Value[] {
    const items: Value[] = [];
    let match = this.#next();
    if (match[1] === ']') return items;
    while (true) {
      items.push(this.#valueOf(match, depth + 1));
      const [, mark] = this.#next();
      if (mark === ']') return items;
      if (mark !== ',') this.#fail("Expecting ',' delimiter");
      match = this.#next();
    }
  }

  #object(depth: number): Dict {
    const dict = new Dict();
    let match = this.#next();
    if (match[1] === '}') return dict;
    while (true) {
      if (match[2] === undefined) this.#fail('Expecting property name enclosed in double quotes');
      const key = JSON.parse(`"${match[2]}"`) as string;
      if (this.#next()[1] !== ':') this.#fail("Expecting ':' delimiter");
      dict.set(key, this.value(depth + 1));
      const [, mark] = this.#next();
      if (mark === '}') return dict;
      if (mark !== ',') this.#fail("Expecting ',' delimiter");
      match = this.#next();
    }
  }
}
