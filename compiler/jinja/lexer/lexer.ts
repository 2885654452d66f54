import {
  type JinjaError,
  LimitError,
  lineAndColumn,
  type TemplatePlace,
  TemplateSyntaxError,
} from '../errors.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { Float } from '../values/float.ts';
import { int } from '../values/numbers.ts';
import { reprText, SPACE, stripEnd } from '../values/text.ts';
import { EscapeError, unescapeString } from './string-literal.ts';
import { type Rules, rulesOf, type Syntax } from './syntax.ts';
import { OPERATORS, type Token } from './token.ts';

/** What a template was made of. */
export interface Source {
  readonly name: string | undefined;
  /** Newlines are \n; the last one is gone unless keepTrailingNewline. Offsets count in it. */
  readonly text: string;
}

const FLOAT = '(?<!\\.)(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?e[+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)';
const INTEGER = '0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\\da-f])+|[1-9](?:_?\\d)*|0(?:_?0)*';
// Unicode 15.1 made these four part of identifiers; Python 3.11 knows Unicode 14.
const NAME = '(?:(?![\\u200c\\u200d\\u30fb\\uff65])[\\p{L}\\p{N}_\\p{ID_Continue}])+';
const STRING = `'[^'\\\\]*(?:\\\\[\\s\\S][^'\\\\]*)*'|"[^"\\\\]*(?:\\\\[\\s\\S][^"\\\\]*)*"`;
const OPERATOR = '\\*\\*|\\/\\/|==|!=|>=|<=|[-+\\/*%~[\\](){}><=.:|,;]';
const LEXEME = new RegExp(`([${SPACE}]+)|(${FLOAT})|(${INTEGER})|(${NAME})|(${STRING})|(${OPERATOR})`, 'iuy');
const IDENTIFIER = /^[_\p{XID_Start}][\p{XID_Continue}]*$/u;
const CLOSING: Record<string, string> = { '{': '}', '(': ')', '[': ']' };
const NOT_BLANK = new RegExp(`[^${SPACE}]`);

/** The source as the lexer reads it: newlines normalized, the last one dropped unless it is to be kept. */
export function normalizeSource(source: string, syntax: Syntax): string {
  const text = source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source;
  return !syntax.keepTrailingNewline && text.endsWith('\n') ? text.slice(0, -1) : text;
}

export interface LexerOptions {
  readonly syntax: Syntax;
  /** Where the text starts: in the template's data, where not said, or inside an expression. */
  readonly state?: 'data' | 'variable';
  readonly maxTokens?: number;
}

/** Cuts a source into tokens; the last is `eof`, or `error` where the rest can't be read. */
export function tokenize(source: Source, options: LexerOptions): Token[] {
  return new Lexer(source, options).run(options.state ?? 'data');
}

class Lexer {
  readonly #source: Source;
  readonly #text: string;
  readonly #syntax: Syntax;
  readonly #rules: Rules;
  readonly #maxTokens: number;
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(source: Source, { syntax, maxTokens }: LexerOptions) {
    this.#source = source;
    this.#text = source.text;
    this.#syntax = syntax;
    this.#rules = rulesOf(syntax);
    this.#maxTokens = maxTokens ?? DEFAULT_LIMITS.maxTokens;
  }

  run(state: 'data' | 'variable'): Token[] {
    try {
      if (state === 'variable') this.#expression('variable');
      while (this.#at < this.#text.length) this.#data();
      this.#push('eof', '', this.#text.length);
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError || error instanceof LimitError)) throw error;
      this.#tokens.push({ type: 'error', value: '', offset: this.#at, error: error as JinjaError });
    }
    return this.#tokens;
  }

  #push(type: string, value: Token['value'], offset: number): void {
    if (this.#tokens.length >= this.#maxTokens) this.#failTokens(offset);
    this.#tokens.push({ type, value, offset });
  }

  #placeOf(offset: number): TemplatePlace {
    return { template: this.#source.name, ...lineAndColumn(this.#text, offset) };
  }

  #fail(message: string, offset: number): never {
    throw new TemplateSyntaxError(message, { place: this.#placeOf(offset), source: this.#text });
  }

  #failTokens(offset: number): never {
    const error = new LimitError('maxTokens', `more than ${this.#maxTokens} tokens in the source`);
    throw Object.assign(error, { place: this.#placeOf(offset), source: this.#text });
  }

  /** Text up to the next tag, and the tag. */
  #data(): void {
    const { tag } = this.#rules;
    tag.lastIndex = this.#at;
    const match = tag.exec(this.#text);
    if (!match) {
      this.#pushText(this.#text.slice(this.#at), this.#at);
      this.#at = this.#text.length;
      return;
    }
    const groups = match.groups as Record<string, string | undefined>;
    const sign = match.slice(2).find((group, index) => index % 2 === 0 && group !== undefined) ?? '';
    this.#pushText(this.#stripped(this.#at, match.index, sign, groups.variable !== undefined), this.#at);
    this.#at = match.index + match[0].length;
    if (groups.raw !== undefined) this.#raw(match.index);
    else if (groups.comment !== undefined) this.#comment(match.index);
    else if (groups.linecomment !== undefined) this.#lineComment();
    else {
      const kind = groups.variable !== undefined ? 'variable' : 'block';
      this.#push(`${kind}_begin`, '', match.index);
      this.#expression(groups.linestatement !== undefined ? 'linestatement' : kind);
    }
  }

  #pushText(text: string, offset: number): void {
    if (text !== '') this.#push('data', this.#newlines(text), offset);
  }

  #newlines(text: string): string {
    const { newlineSequence } = this.#syntax;
    return newlineSequence === '\n' ? text : text.replace(/\n/g, newlineSequence);
  }

  /** The text before a tag after its `-`, or lstripBlocks, took white space from its end. */
  #stripped(start: number, end: number, sign: string, variable: boolean): string {
    const text = this.#text.slice(start, end);
    if (sign === '-') return stripEnd(text);
    if (sign === '+' || !this.#syntax.lstripBlocks || variable) return text;
    const line = text.lastIndexOf('\n') + 1;
    const startsLine = line > 0 || start === 0 || this.#text[start - 1] === '\n';
    return startsLine && line < text.length && !NOT_BLANK.test(text.slice(line)) ? text.slice(0, line) : text;
  }

  #comment(start: number): void {
    const { commentEnd } = this.#rules;
    commentEnd.lastIndex = this.#at;
    const match = commentEnd.exec(this.#text);
    if (!match) {
      if (this.#at >= this.#text.length) return;
      this.#fail('Missing end of comment tag', start);
    }
    this.#at = match.index + match[0].length;
  }

  #lineComment(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#text.length : end;
  }

  #raw(start: number): void {
    const { rawEnd } = this.#rules;
    rawEnd.lastIndex = this.#at;
    const match = rawEnd.exec(this.#text);
    if (!match) {
      if (this.#at >= this.#text.length) return;
      this.#fail('Missing end of raw directive', start);
    }
    this.#pushText(this.#stripped(this.#at, match.index, match[1] ?? '', false), this.#at);
    this.#at = match.index + match[0].length;
  }

  /** The tokens of an expression or statement, to the end of its tag. */
  #expression(kind: 'block' | 'variable' | 'linestatement'): void {
    const end = this.#endOf(kind);
    const open: string[] = [];
    while (true) {
      if (open.length === 0) {
        end.lastIndex = this.#at;
        const match = end.exec(this.#text);
        if (match) {
          this.#push(kind === 'variable' ? 'variable_end' : 'block_end', '', this.#at);
          this.#at += match[0].length;
          return;
        }
      }
      if (this.#at >= this.#text.length) return;
      this.#lexeme(open);
    }
  }

  #endOf(kind: 'block' | 'variable' | 'linestatement'): RegExp {
    if (kind === 'linestatement') return this.#rules.lineStatementEnd;
    return kind === 'block' ? this.#rules.blockEnd : this.#rules.variableEnd;
  }

  #lexeme(open: string[]): void {
    const offset = this.#at;
    LEXEME.lastIndex = offset;
    const match = LEXEME.exec(this.#text);
    if (!match) {
      const char = reprText(String.fromCodePoint(this.#text.codePointAt(offset)!));
      this.#fail(`unexpected char ${char} at ${offset}`, offset);
    }
    const [text, space, float, integer, name, string] = match;
    if (space !== undefined) {
    } else if (float !== undefined) this.#push('float', new Float(Number(float.replaceAll('_', ''))), offset);
    else if (integer !== undefined) this.#push('integer', this.#integer(integer, offset), offset);
    else if (name !== undefined) {
      if (!IDENTIFIER.test(name)) this.#fail('Invalid character in identifier', offset);
      this.#push('name', name, offset);
    } else if (string !== undefined) this.#push('string', this.#string(string, offset), offset);
    else this.#operator(text, open);
    this.#at = offset + text.length;
  }

  #integer(text: string, offset: number): number | bigint {
    const digits = text.replaceAll('_', '');
    if (digits.length > 4300)
      this.#fail('Exceeds the limit (4300 digits) for integer string conversion', offset);
    return digits.length < 16 ? Number(/^0+$/.test(digits) ? '0' : digits) : int(BigInt(digits));
  }

  #string(text: string, offset: number): string {
    try {
      return unescapeString(this.#newlines(text.slice(1, -1)));
    } catch (error) {
      if (!(error instanceof EscapeError)) throw error;
      return this.#fail(error.message, offset);
    }
  }

  #operator(text: string, open: string[]): void {
    const closing = CLOSING[text];
    if (closing !== undefined) open.push(closing);
    else if (text === '}' || text === ')' || text === ']') {
      const expected = open.pop();
      if (expected === undefined) this.#fail(`unexpected '${text}'`, this.#at);
      if (expected !== text) this.#fail(`unexpected '${text}', expected '${expected}'`, this.#at);
    }
    this.#push(OPERATORS.get(text)!, text, this.#at);
  }
}
