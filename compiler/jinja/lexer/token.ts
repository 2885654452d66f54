import type { JinjaError } from '../errors.ts';
import type { Value } from '../values/value.ts';

/** A token of a template; types and their names are Jinja's. */
export interface Token {
  readonly type: string;
  /** The text of a name, data or operator; the value of a literal. */
  readonly value: Value;
  /** Offset into the normalized source. */
  readonly offset: number;
  /** For type `error`: what the lexer found there, thrown once the parser gets there. */
  readonly error?: JinjaError;
}

/** Operators and their token types. */
export const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['+', 'add'],
  ['-', 'sub'],
  ['/', 'div'],
  ['//', 'floordiv'],
  ['*', 'mul'],
  ['%', 'mod'],
  ['**', 'pow'],
  ['~', 'tilde'],
  ['[', 'lbracket'],
  [']', 'rbracket'],
  ['(', 'lparen'],
  [')', 'rparen'],
  ['{', 'lbrace'],
  ['}', 'rbrace'],
  ['==', 'eq'],
  ['!=', 'ne'],
  ['>', 'gt'],
  ['>=', 'gteq'],
  ['<', 'lt'],
  ['<=', 'lteq'],
  ['=', 'assign'],
  ['.', 'dot'],
  [':', 'colon'],
  ['|', 'pipe'],
  [',', 'comma'],
  [';', 'semicolon'],
]);

const DESCRIPTIONS = new Map([
  ...Array.from(OPERATORS, ([text, type]) => [type, text] as const),
  ['block_begin', 'begin of statement block'],
  ['block_end', 'end of statement block'],
  ['variable_begin', 'begin of print statement'],
  ['variable_end', 'end of print statement'],
  ['data', 'template data / text'],
  ['eof', 'end of template'],
]);

/** A token as error messages name it. */
export function describeToken(token: Token): string {
  return token.type === 'name' ? String(token.value) : (DESCRIPTIONS.get(token.type) ?? token.type);
}

/** `type` or `name:value` as error messages name it. */
export function describeExpected(expected: string): string {
  return expected.startsWith('name:') ? expected.slice(5) : (DESCRIPTIONS.get(expected) ?? expected);
}
