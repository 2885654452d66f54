/** What a single character may be. Codes are Unicode code points. */
export interface CharSet {
  readonly kind: 'set';
  readonly ranges: readonly (readonly [number, number])[];
  readonly categories: readonly Category[];
  readonly negated: boolean;
  readonly ignoreCase: boolean;
  readonly ascii: boolean;
}

/** `\d`, `\s`, `\w`, and their opposites. */
export type Category = 'd' | 'D' | 's' | 'S' | 'w' | 'W';

export type Assertion = 'line start' | 'text start' | 'line end' | 'end' | 'text end' | 'word' | 'no word';

/** A part of a regular expression. */
export type RegexNode =
  | CharSet
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] }
  | { readonly kind: 'group'; readonly index: number; readonly body: RegexNode }
  | {
      readonly kind: 'repeat';
      readonly body: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly mode: RepeatMode;
    }
  | { readonly kind: 'atomic'; readonly body: RegexNode }
  | {
      readonly kind: 'look';
      readonly body: RegexNode;
      readonly behind: boolean;
      readonly negated: boolean;
      readonly width: number;
    }
  | { readonly kind: 'assert'; readonly what: Assertion; readonly ascii: boolean }
  | { readonly kind: 'back'; readonly index: number; readonly ignoreCase: boolean }
  | { readonly kind: 'condition'; readonly index: number; readonly yes: RegexNode; readonly no: RegexNode };

export type RepeatMode = 'greedy' | 'lazy' | 'possessive';

/** The least and the greatest number of characters that a part can match. */
export function widthOf(node: RegexNode, groups: readonly RegexNode[]): readonly [number, number] {
  switch (node.kind) {
    case 'set':
      return [1, 1];
    case 'sequence':
      return node.items
        .map((item) => widthOf(item, groups))
        .reduce<readonly [number, number]>(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    case 'choice':
      return between(node.options.map((option) => widthOf(option, groups)));
    case 'condition':
      return between([widthOf(node.yes, groups), widthOf(node.no, groups)]);
    case 'group':
    case 'atomic':
      return widthOf(node.body, groups);
    case 'repeat': {
      const [least, most] = widthOf(node.body, groups);
      return [least * node.min, most === 0 ? 0 : most * node.max];
    }
    case 'back': {
      const group = groups[node.index];
      return group ? widthOf(group, groups) : [0, 0];
    }
    case 'look':
    case 'assert':
      return [0, 0];
  }
}

function between(widths: readonly (readonly [number, number])[]): readonly [number, number] {
  return [Math.min(...widths.map(([least]) => least)), Math.max(...widths.map(([, most]) => most))];
}
