import { PythonError } from '../errors.ts';
import { unescapeString } from '../lexer/string-literal.ts';
import { steps } from '../limits.ts';
import { Dict } from './dict.ts';
import { Float } from './float.ts';
import { asNumber, type Int, int, intOfDigits } from './numbers.ts';
import { add, neg } from './operators.ts';
import { PySet } from './set.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './value.ts';

class NotLiteral extends Error {}

const LEXEME =
  /[ \t\f]*(?:(#[^\n]*)|(\r?\n)|((?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*\.(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*[eE][+-]?\d(?:_?\d)*)|(0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|[1-9](?:_?\d)*|0(?:_?0)*)|([rRuU]{0,2})('''[\s\S]*?(?<!\\)(?:\\\\)*'''|"""[\s\S]*?(?<!\\)(?:\\\\)*"""|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")|([A-Za-z_]\w*)|([-+()[\]{},:]))/y;

interface Lexeme {
  readonly kind: 'number' | 'string' | 'name' | 'operator';
  readonly text: string;
  readonly value: Value;
}

function lex(text: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let open = 0;
  let ended = false;
  let at = 0;
  const rest = () => text.slice(at).search(/[^ \t\f]/) === -1;
  while (!rest()) {
    LEXEME.lastIndex = at;
    const match = LEXEME.exec(text);
    if (!match) throw new NotLiteral();
    at = LEXEME.lastIndex;
    const [, comment, newline, float, integer, prefix = '', string, name, operator] = match;
    if (comment !== undefined) continue;
    if (newline !== undefined) {
      // A line may break only within brackets, or before or after everything.
      ended = open === 0 && lexemes.length > 0;
      continue;
    }
    if (float !== undefined) push('number', new Float(Number(float.replaceAll('_', ''))), float);
    else if (integer !== undefined) push('number', wholeOf(integer.replaceAll('_', '')), integer);
    else if (string !== undefined) push('string', stringValue(string, prefix.toLowerCase()), string);
    else if (name !== undefined) push('name', null, name);
    else {
      if ('([{'.includes(operator!)) open++;
      else if (')]}'.includes(operator!)) open--;
      push('operator', null, operator!);
    }
  }
  // Python takes a last line of blanks that does not end for an indentation.
  if (ended && /\n[ \t\f]*[ \t]$/.test(text)) throw new NotLiteral();
  return lexemes;

  function push(kind: Lexeme['kind'], value: Value, source: string): void {
    if (ended) throw new NotLiteral();
    const before = lexemes.at(-1);
    const glued = before && before.kind === 'number' && (kind === 'name' || kind === 'number');
    if (glued && !/[ \t\f]/.test(text[at - source.length - 1] ?? '')) throw new NotLiteral();
    lexemes.push({ kind, text: source, value });
  }
}

function wholeOf(digits: string): Int {
  return /^0[xob]/i.test(digits) ? int(BigInt(digits)) : intOfDigits(digits);
}

function stringValue(source: string, prefix: string): string {
  if (!['', 'r', 'u'].includes(prefix)) throw new NotLiteral();
  const quotes = source.startsWith("'''") || source.startsWith('"""') ? 3 : 1;
  const inner = source.slice(quotes, -quotes);
  if (prefix === 'r') return inner;
  // Unlike in templates, a backslash before a letter that isn't ASCII stays a backslash.
  return inner
    .split(/(\\[^\x00-\x7f])/u)
    .map((part, index) => (index % 2 === 1 ? part : unescapeString(part)))
    .join('');
}

/** Python's ast.literal_eval: the value of a text that is a literal, or undefined when it is none. */
export function literalEval(text: string): Value | undefined {
  if (text.length > 1_000_000 || /^[ \t]/.test(text) || !/^[\s\S]*[\w)\]}'".]/.test(text)) return undefined;
  steps(text.length >> 1);
  try {
    return new Parser(lex(text)).whole();
  } catch (error) {
    // The text is no literal; a mistake such as an unhashable key is not for the template to know either.
    if (error instanceof NotLiteral || error instanceof PythonError || error instanceof RangeError)
      return undefined;
    if (error instanceof Error && error.constructor.name === 'EscapeError') return undefined;
    throw error;
  }
}

const WORDS = new Map<string, Value>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

class Parser {
  readonly #lexemes: readonly Lexeme[];
  #at = 0;
  #depth = 0;

  constructor(lexemes: readonly Lexeme[]) {
    this.#lexemes = lexemes;
  }

  whole(): Value {
    const first = this.#value();
    const value = this.#is(',') ? new Tuple([first, ...this.#more([])]) : first;
    if (this.#at < this.#lexemes.length) throw new NotLiteral();
    return value;
  }

  #is(operator: string): boolean {
    const lexeme = this.#lexemes[this.#at];
    return lexeme?.kind === 'operator' && lexeme.text === operator;
  }

  #take(operator: string): boolean {
    if (!this.#is(operator)) return false;
    this.#at++;
    return true;
  }

  /** The values after a comma, up to one of the ends or the end of the text. */
  #more(ends: readonly string[]): Value[] {
    const values: Value[] = [];
    while (this.#take(',')) {
      if (this.#at >= this.#lexemes.length || ends.some((end) => this.#is(end))) break;
      values.push(this.#value());
    }
    return values;
  }

  #value(): Value {
    if (++this.#depth > 100) throw new NotLiteral();
    const value = this.#signed();
    this.#depth--;
    return value;
  }

  #signed(): Value {
    if (!this.#is('-') && !this.#is('+')) return this.#atom();
    const minus = this.#take('-') || !this.#take('+');
    const value = this.#signed();
    if (asNumber(value) === undefined || typeof value === 'boolean') throw new NotLiteral();
    return minus ? neg(value) : value;
  }

  #atom(): Value {
    const lexeme = this.#lexemes[this.#at++];
    if (!lexeme) throw new NotLiteral();
    if (lexeme.kind === 'number') return lexeme.value;
    if (lexeme.kind === 'string') return this.#string(lexeme.value);
    if (lexeme.kind === 'name') return this.#word(lexeme.text);
    if (lexeme.text === '(') return this.#parenthesized();
    if (lexeme.text === '[') return this.#items(']');
    if (lexeme.text === '{') return this.#braces();
    throw new NotLiteral();
  }

  #word(word: string): Value {
    const value = WORDS.get(word);
    if (value !== undefined) return value;
    if (word !== 'set' || !this.#take('(') || !this.#take(')')) throw new NotLiteral();
    return new PySet();
  }

  #string(first: Value): Value {
    let value = first;
    while (this.#lexemes[this.#at]?.kind === 'string') value = add(value, this.#lexemes[this.#at++]!.value);
    return value;
  }

  #close(end: string): void {
    if (!this.#take(end)) throw new NotLiteral();
  }

  #items(end: string): Value[] {
    if (this.#take(end)) return [];
    const items = [this.#value(), ...this.#more([end])];
    this.#close(end);
    return items;
  }

  #parenthesized(): Value {
    if (this.#take(')')) return new Tuple([]);
    const first = this.#value();
    if (this.#take(')')) return first;
    if (!this.#is(',')) throw new NotLiteral();
    const tuple = new Tuple([first, ...this.#more([')'])]);
    this.#close(')');
    return tuple;
  }

  #braces(): Value {
    if (this.#take('}')) return new Dict();
    const first = this.#value();
    if (!this.#is(':')) {
      const set = new PySet([first, ...this.#more(['}'])]);
      this.#close('}');
      return set;
    }
    const dict = new Dict();
    let key = first;
    while (true) {
      this.#close(':');
      dict.set(key, this.#value());
      if (!this.#take(',') || this.#is('}')) break;
      key = this.#value();
    }
    this.#close('}');
    return dict;
  }
}
