import type { YamlPlace } from './problem.ts';
import type { Tag } from './scan-tag.ts';

export type TokenKind =
  | 'end of file'
  | 'directive'
  | '---'
  | '...'
  | 'block sequence'
  | 'block mapping'
  | 'block end'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | '-'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

/** A token of YAML. Blocks begin and end with tokens that stand for indentation. */
export interface Token {
  readonly kind: TokenKind;
  readonly place: YamlPlace;
  /** Of a scalar, an alias or an anchor. */
  readonly text?: string;
  /** Of a scalar: whether it stands without quotes and is no block. */
  readonly plain?: boolean;
  readonly tag?: Tag;
  readonly directive?: Directive;
}

/** `%YAML 1.1` or `%TAG !e! tag:example.com,2000:`. */
export type Directive =
  | { readonly name: 'YAML'; readonly major: number; readonly minor: number }
  | { readonly name: 'TAG'; readonly handle: string; readonly prefix: string };
