import { steps } from '../jinja/limits.ts';
import { Dict, UnhashableError } from '../jinja/values/dict.ts';
import { Float } from '../jinja/values/float.ts';
import { Tuple } from '../jinja/values/tuple.ts';
import type { Value } from '../jinja/values/value.ts';
import { type LiteralCursor, LiteralFailure } from './literal/cursor.ts';
import { readNumber } from './literal/read-number.ts';
import { isStringStart, readString } from './literal/read-string.ts';
import { Bytes } from './values/bytes.ts';
import { PyComplex, PyEllipsis } from './values/odd-literal.ts';
import { WrittenSet } from './values/written-set.ts';

/**
 * What Python's ast.literal_eval makes of a text.
 *
 * `no literal`: it raises ValueError or SyntaxError, which Ansible answers by keeping the text.
 * `error`: it raises another error (an unhashable key), or needs a table that this engine has not (names of characters).
 *
 * A text of thousands of operators or signs, for which Python's stack is too small, is `no literal` here: the text is kept.
 */
export type Literal =
  | {
      readonly kind: 'value';
      readonly value: Value;
      /** How many values it holds: itself, and every key and item in it. */
      readonly values: number;
      /** An escape in one of its texts that is half of a surrogate pair. */
      readonly half?: string | undefined;
    }
  | { readonly kind: 'no literal' | 'error'; readonly message: string };

const DEEPEST = 200;

/** A text in quotes without an escape. */
const PLAIN_TEXT = /^(?:"[^"\\\r\n\0]*"|'[^'\\\r\n\0]*')$/;

/**
 * Python 3.11's ast.literal_eval.
 * @param json whether `true`, `false` and `null` are literals too, as where Ansible templates a variable
 */
export function literalEval(text: string, json = false): Literal {
  // Most texts are words.
  if (/^[ \t]*(?!True|False|None|true|false|null|set|[rRbBuU]{1,2}["'])[A-Za-z_/]/.test(text))
    return noLiteral('malformed node or string');
  if (/^(?:0|[1-9][0-9]{0,14})$/.test(text)) return { kind: 'value', value: Number(text), values: 1 };
  try {
    steps(text.length >> 1);
    if (PLAIN_TEXT.test(text)) return { kind: 'value', value: text.slice(1, -1), values: 1 };
    const reader = new Reader(text.replace(/^[ \t]+/, ''), json);
    return { kind: 'value', value: reader.read(), values: reader.values, half: reader.half };
  } catch (error) {
    if (error instanceof LiteralFailure) return { kind: error.kind, message: error.message };
    throw error;
  }
}

function noLiteral(message: string): Literal {
  return { kind: 'no literal', message };
}

class Reader {
  readonly #cursor: LiteralCursor;
  #depth = 0;
  #values = 0;
  /** Whether what was read last is a number by itself: Python puts a sign before no other expression. */
  #isNumber = false;
  /** Why the literal is none that can be used, though Python takes it. */
  #odd: string | undefined;

  readonly #json: boolean;

  constructor(text: string, json: boolean) {
    this.#json = json;
    // Python reads \r and \r\n as \n.
    this.#cursor = { text: text.replace(/\r\n?/g, '\n'), at: 0 };
  }

  get half(): string | undefined {
    return this.#cursor.half;
  }

  get values(): number {
    return this.#values;
  }

  read(): Value {
    if (this.#cursor.text.includes('\0')) this.#fail();
    this.#skipEmptyLines();
    if (/[ \t\f]/.test(this.#cursor.text[this.#cursor.at] ?? '')) this.#fail('unexpected indent');
    const value = this.#items('');
    this.#skipEmptyLines();
    if (this.#cursor.at < this.#cursor.text.length) this.#fail();
    if (this.#cursor.text.endsWith('\\\n')) this.#fail('unexpected EOF after line continuation character');
    if (this.#odd !== undefined) throw new LiteralFailure('error', this.#odd);
    return value;
  }

  #skipEmptyLines(): void {
    const pattern = /(?:[ \t\f]*(?:#[^\n]*)?\n)*(?:[ \t\f]*(?:#[^\n]*)?$)?/y;
    pattern.lastIndex = this.#cursor.at;
    pattern.test(this.#cursor.text);
    this.#cursor.at = pattern.lastIndex;
  }

  #fail(message = 'invalid syntax'): never {
    throw new LiteralFailure('no literal', message);
  }

  /** Blanks, comments and joined lines; within brackets also line breaks. */
  #space(): void {
    const pattern = this.#depth > 0 ? /(?:[ \t\f\n]|\\\n|#[^\n]*)*/y : /(?:[ \t\f]|\\\n)*(?:#[^\n]*)?/y;
    pattern.lastIndex = this.#cursor.at;
    pattern.test(this.#cursor.text);
    this.#cursor.at = pattern.lastIndex;
  }

  #take(char: string): boolean {
    if (this.#cursor.text[this.#cursor.at] !== char) return false;
    this.#cursor.at++;
    this.#space();
    return true;
  }

  /** An expression, or a tuple without parentheses. @param close what ends it. */
  #items(close: string): Value {
    this.#space();
    const first = this.#expression();
    if (this.#cursor.text[this.#cursor.at] !== ',') return first;
    const items = [first];
    while (this.#take(',')) {
      if (this.#ends(close)) break;
      items.push(this.#expression());
    }
    return new Tuple(items);
  }

  #ends(close: string): boolean {
    const char = this.#cursor.text[this.#cursor.at];
    return close === '' ? char === undefined || char === '\n' : char === close;
  }

  #expression(): Value {
    const left = this.#signed();
    const operator = this.#cursor.text[this.#cursor.at];
    if (operator !== '+' && operator !== '-') return left;
    this.#take(operator);
    const right = this.#number();
    this.#isNumber = false;
    const real = toNumber(left);
    if (real === undefined || !(right instanceof PyComplex)) this.#fail('malformed node or string');
    return new PyComplex(
      operator === '-' ? real - right.real : real + right.real,
      operator === '-' ? -right.imaginary : right.imaginary,
    );
  }

  #signed(): Value {
    const sign = this.#cursor.text[this.#cursor.at];
    if (sign !== '+' && sign !== '-') return this.#atom();
    this.#take(sign);
    const operand = this.#number();
    this.#isNumber = false;
    if (typeof operand === 'number') return sign === '-' ? 0 - operand : operand;
    if (typeof operand === 'bigint') return sign === '-' ? -operand : operand;
    if (operand instanceof Float) return sign === '-' ? new Float(-operand.value) : operand;
    if (operand instanceof PyComplex)
      return sign === '-' ? new PyComplex(-operand.real, -operand.imaginary) : operand;
    return this.#fail('malformed node or string');
  }

  #number(): Value {
    const value = this.#atom();
    if (!this.#isNumber) this.#fail('malformed node or string');
    return value;
  }

  #atom(): Value {
    const { text, at } = this.#cursor;
    const char = text[at];
    this.#values++;
    this.#isNumber = false;
    if (char === undefined) this.#fail();
    if (char === '(' || char === '[' || char === '{') return this.#nested(char);
    if (isStringStart(text, at)) return this.#strings();
    if ((char >= '0' && char <= '9') || (char === '.' && /[0-9]/.test(text[at + 1] ?? ''))) {
      const number = readNumber(this.#cursor);
      this.#isNumber = true;
      this.#space();
      return number;
    }
    if (text.startsWith('...', at)) {
      this.#cursor.at += 3;
      this.#space();
      return new PyEllipsis();
    }
    return this.#word();
  }

  #word(): Value {
    const { text, at } = this.#cursor;
    const word = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(at, at + 16))?.[0] ?? '';
    this.#cursor.at += word.length;
    this.#space();
    if (word === 'True' || word === 'False') return word === 'True';
    if (word === 'None') return null;
    if (this.#json && (word === 'true' || word === 'false')) return word === 'true';
    if (this.#json && word === 'null') return null;
    if (word === 'set' && this.#take('(')) {
      if (!this.#take(')')) this.#fail('malformed node or string');
      return new WrittenSet([]);
    }
    return this.#fail('malformed node or string');
  }

  #strings(): Value {
    const parts: (string | Bytes)[] = [];
    while (isStringStart(this.#cursor.text, this.#cursor.at)) {
      parts.push(readString(this.#cursor));
      this.#space();
    }
    const texts = parts.filter((part) => typeof part === 'string');
    if (texts.length === parts.length) return texts.join('');
    if (texts.length > 0) this.#fail('cannot mix bytes and nonbytes literals');
    return new Bytes(Uint8Array.from(parts.flatMap((part) => [...(part as Bytes).data])));
  }

  #nested(open: '(' | '[' | '{'): Value {
    if (++this.#depth > DEEPEST) this.#fail('too many nested parentheses');
    this.#take(open);
    const value = open === '(' ? this.#parentheses() : open === '[' ? this.#list() : this.#braces();
    this.#depth--;
    this.#close(open === '(' ? ')' : open === '[' ? ']' : '}');
    return value;
  }

  #close(char: string): void {
    if (this.#cursor.text[this.#cursor.at] !== char) this.#fail(`expected '${char}'`);
    this.#cursor.at++;
    this.#space();
  }

  #parentheses(): Value {
    if (this.#ends(')')) return new Tuple([]);
    return this.#items(')');
  }

  #list(): Value {
    const items: Value[] = [];
    while (!this.#ends(']')) {
      items.push(this.#expression());
      if (!this.#take(',')) break;
    }
    return items;
  }

  #braces(): Value {
    if (this.#ends('}')) return new Dict();
    const first = this.#expression();
    if (this.#cursor.text[this.#cursor.at] !== ':') return this.#set(first);
    const entries: [Value, Value][] = [];
    for (let key = first; ; key = this.#expression()) {
      if (!this.#take(':')) this.#fail();
      entries.push([key, this.#expression()]);
      if (!this.#take(',') || this.#ends('}')) break;
    }
    if (!this.#ends('}')) this.#fail();
    return this.#hashed(() => new Dict(entries));
  }

  /** What follows must be read first: a text with a mistake is no literal at all. */
  #hashed(make: () => Value): Value {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof UnhashableError)) throw error;
      this.#odd = error.message;
      return null;
    }
  }

  #set(first: Value): Value {
    const items = [first];
    while (this.#take(',')) {
      if (this.#ends('}')) break;
      items.push(this.#expression());
    }
    if (!this.#ends('}')) this.#fail();
    return this.#hashed(() => new WrittenSet(items));
  }
}

function toNumber(value: Value): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  return value instanceof Float ? value.value : undefined;
}
