import {
  LimitError,
  lineAndColumn,
  PythonError,
  TemplateAssertionError,
  TemplateSyntaxError,
} from '../errors.ts';
import type { Source } from '../lexer/lexer.ts';
import { describeExpected, describeToken, type Token } from '../lexer/token.ts';

/** The tokens of a source with one of them current. A lexer's error is thrown when the parser reaches it. */
export class TokenStream {
  readonly source: Source;
  readonly #tokens: readonly Token[];
  #index = 0;
  current: Token;
  #nesting = 0;
  readonly #maxNesting: number;

  constructor(source: Source, tokens: readonly Token[], maxNesting: number) {
    this.source = source;
    this.#tokens = tokens;
    this.#maxNesting = maxNesting;
    this.current = this.#reach(0);
  }

  #reach(index: number): Token {
    const token = this.#tokens[Math.min(index, this.#tokens.length - 1)]!;
    if (token.error) throw token.error;
    return token;
  }

  /** Goes one token ahead and returns the one left behind. */
  next(): Token {
    const left = this.current;
    if (left.type !== 'eof') this.current = this.#reach(++this.#index);
    return left;
  }

  skip(count: number): void {
    for (let left = count; left > 0; left--) this.next();
  }

  /** The token after the current one. */
  look(): Token {
    return this.#reach(this.#index + 1);
  }

  /** Is the current token of that type, or `name:value`? */
  test(expected: string): boolean {
    return matches(this.current, expected);
  }

  skipIf(expected: string): boolean {
    if (!this.test(expected)) return false;
    this.next();
    return true;
  }

  expect(expected: string): Token {
    if (this.test(expected)) return this.next();
    const wanted = describeExpected(expected);
    if (this.current.type === 'eof') this.fail(`unexpected end of template, expected '${wanted}'.`);
    this.fail(`expected token '${wanted}', got '${describeToken(this.current)}'`);
  }

  /** The name that must come. */
  expectName(): string {
    return this.expect('name').value as string;
  }

  fail(message: string, at: number = this.current.offset): never {
    throw new TemplateSyntaxError(message, this.#where(at));
  }

  failAssertion(message: string, at: number): never {
    throw new TemplateAssertionError(message, this.#where(at));
  }

  /** What Python's own compiler refuses. */
  failPython(message: string, at: number): never {
    const error = new PythonError('SyntaxError', message);
    throw Object.assign(error, this.#where(at));
  }

  #where(at: number) {
    const { name, text } = this.source;
    return { place: { template: name, ...lineAndColumn(text, at) }, source: text };
  }

  /** Counts one level of nesting while `parse` runs. */
  nested<T>(parse: () => T): T {
    this.deeper(this.#nesting + 1);
    this.#nesting++;
    const result = parse();
    this.#nesting--;
    return result;
  }

  /** Refuses a nesting of `depth` levels. */
  deeper(depth: number): void {
    if (depth <= this.#maxNesting) return;
    const error = new LimitError(
      'maxNesting',
      `more than ${this.#maxNesting} levels of nesting in the source`,
    );
    const { place, source } = this.#where(this.current.offset);
    error.place = place;
    error.source = source;
    throw error;
  }
}

/** Is the token of that type, or `name:value`? */
export function matches(token: Token, expected: string): boolean {
  if (token.type === expected) return true;
  return token.type === 'name' && expected.startsWith('name:') && expected.slice(5) === token.value;
}
