import {
  type Assertion,
  type Category,
  type CharSet,
  type RegexNode,
  type RepeatMode,
  widthOf,
} from './node.ts';
import { PatternReader } from './pattern-reader.ts';
import { RegexError } from './regex-error.ts';
import { type RegexFlags, withFlags } from './regex-flags.ts';

export interface ParsedRegex {
  readonly node: RegexNode;
  /** Groups that capture. */
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
}

const DEEPEST = 200;

/** Parses a regular expression of Python 3.11's re; a RegexError with Python's message where it is none. */
export function parseRegex(pattern: string, flags: RegexFlags): ParsedRegex {
  const global = /^\(\?([aiLmsux]+)\)/.exec(pattern);
  const parser = new Parser(pattern, global ? withFlags(flags, global[1]!, '') : flags);
  return parser.parse(global ? global[0].length : 0);
}

class Parser {
  readonly #reader: PatternReader;
  readonly #names = new Map<string, number>();
  /** By number; undefined while open. */
  readonly #groups: (RegexNode | undefined)[] = [undefined];
  /** Groups that conditions ask for, which may stand behind them, and where. */
  readonly #conditions: [number, number][] = [];
  #flags: RegexFlags;
  #depth = 0;

  constructor(pattern: string, flags: RegexFlags) {
    this.#reader = new PatternReader(pattern);
    this.#flags = flags;
  }

  parse(start: number): ParsedRegex {
    this.#reader.at = start;
    const node = this.#choice();
    if (this.#reader.at < this.#reader.chars.length) this.#reader.fail('unbalanced parenthesis');
    for (const [index, at] of this.#conditions) {
      if (index >= this.#groups.length) this.#reader.fail(`invalid group reference ${index}`, at);
    }
    return { node, groupCount: this.#groups.length - 1, names: this.#names };
  }

  #choice(): RegexNode {
    const options = [this.#sequence()];
    while (this.#reader.take('|')) options.push(this.#sequence());
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      if (this.#flags.verbose) this.#skipVerbose();
      const char = this.#reader.peek();
      if (char === undefined || char === '|' || char === ')') break;
      const start = this.#reader.at;
      if (
        char === '*' ||
        char === '+' ||
        char === '?' ||
        (char === '{' && this.#reader.bounds() !== undefined)
      ) {
        this.#reader.at = start;
        this.#reader.fail('nothing to repeat');
      }
      this.#reader.at = start;
      const atom = this.#atom();
      if (atom) items.push(this.#repeated(atom));
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  #skipVerbose(): void {
    for (;;) {
      const char = this.#reader.peek();
      if (char !== undefined && ' \t\n\r\v\f'.includes(char)) this.#reader.at++;
      else if (char === '#') {
        while (this.#reader.peek() !== undefined && this.#reader.peek() !== '\n') this.#reader.at++;
      } else return;
    }
  }

  #skipComments(): void {
    for (;;) {
      if (this.#flags.verbose) this.#skipVerbose();
      if (!this.#reader.take('(?#')) return;
      this.#comment(this.#reader.at - 3);
    }
  }

  #comment(start: number): void {
    while (this.#reader.peek() !== ')') {
      if (this.#reader.peek() === undefined) this.#reader.fail('missing ), unterminated comment', start);
      this.#reader.at++;
    }
    this.#reader.at++;
  }

  #repeated(atom: RegexNode): RegexNode {
    let node = atom;
    for (let count = 0; ; count++) {
      this.#skipComments();
      const start = this.#reader.at;
      const bounds = this.#reader.bounds();
      if (!bounds) return node;
      if (count > 0) this.#reader.fail('multiple repeat', start);
      if (node.kind === 'assert') this.#reader.fail('nothing to repeat', start);
      const mode: RepeatMode = this.#reader.take('?')
        ? 'lazy'
        : this.#reader.take('+')
          ? 'possessive'
          : 'greedy';
      node = { kind: 'repeat', body: node, min: bounds[0], max: bounds[1], mode };
    }
  }

  #atom(): RegexNode | undefined {
    const char = this.#reader.chars[this.#reader.at++]!;
    switch (char) {
      case '.':
        return this.#set([[10, 10]], [], true, this.#flags.dotAll);
      case '^':
        return this.#assert(this.#flags.multiline ? 'line start' : 'text start');
      case '$':
        return this.#assert(this.#flags.multiline ? 'line end' : 'end');
      case '[':
        return this.#characterClass();
      case '(':
        return this.#group();
      case '\\':
        return this.#escape();
      default:
        return this.#literal(char.codePointAt(0)!);
    }
  }

  #literal(code: number): CharSet {
    return this.#set([[code, code]], [], false);
  }

  #set(
    ranges: CharSet['ranges'],
    categories: readonly Category[],
    negated: boolean,
    everything = false,
  ): CharSet {
    const { ignoreCase, ascii } = this.#flags;
    return { kind: 'set', ranges: everything ? [] : ranges, categories, negated, ignoreCase, ascii };
  }

  #assert(what: Assertion): RegexNode {
    return { kind: 'assert', what, ascii: this.#flags.ascii };
  }

  #characterClass(): RegexNode {
    const { ranges, categories, negated } = this.#reader.characterClass();
    return this.#set(ranges, categories, negated);
  }

  #escape(): RegexNode {
    const start = this.#reader.at - 1;
    const char = this.#reader.peek();
    if (char === undefined) this.#reader.fail('bad escape (end of pattern)', start);
    const asserted: Partial<Record<string, Assertion>> = {
      A: 'text start',
      Z: 'text end',
      b: 'word',
      B: 'no word',
    };
    if (Object.hasOwn(asserted, char)) {
      this.#reader.at++;
      return this.#assert(asserted[char]!);
    }
    if ('dDsSwW'.includes(char)) {
      this.#reader.at++;
      return this.#set([], [char as Category], false);
    }
    if (char >= '1' && char <= '9') return this.#numbered(start);
    return this.#literal(this.#reader.escapedCode(start));
  }

  #numbered(start: number): RegexNode {
    const octal = this.#reader.octalCode(start);
    if (octal !== undefined) return this.#literal(octal);
    return this.#backReference(this.#reader.backReferenceNumber(), start + 1);
  }

  #backReference(index: number, position: number): RegexNode {
    if (index >= this.#groups.length) this.#reader.fail(`invalid group reference ${index}`, position);
    if (this.#groups[index] === undefined) this.#reader.fail('cannot refer to an open group', position - 1);
    return { kind: 'back', index, ignoreCase: this.#flags.ignoreCase };
  }

  #group(): RegexNode | undefined {
    const start = this.#reader.at - 1;
    if (!this.#reader.take('?')) return this.#capture(start, undefined);
    if (this.#reader.take('P<')) return this.#capture(start, this.#name());
    if (this.#reader.take('P=')) {
      const nameStart = this.#reader.at;
      const name = this.#reader.until(')', 'group name');
      const index = this.#names.get(name);
      if (index === undefined) this.#reader.fail(`unknown group name '${name}'`, nameStart);
      return this.#backReference(index, nameStart + 1);
    }
    if (this.#reader.take('#')) {
      this.#comment(start);
      return undefined;
    }
    if (this.#reader.take(':')) return this.#body(start);
    if (this.#reader.take('>')) return { kind: 'atomic', body: this.#body(start) };
    if (this.#reader.take('=')) return this.#look(start, { behind: false, negated: false });
    if (this.#reader.take('!')) return this.#look(start, { behind: false, negated: true });
    if (this.#reader.take('<=')) return this.#look(start, { behind: true, negated: false });
    if (this.#reader.take('<!')) return this.#look(start, { behind: true, negated: true });
    if (this.#reader.take('(')) return this.#condition(start);
    return this.#flagged(start);
  }

  #name(): string {
    const at = this.#reader.at;
    const name = this.#reader.until('>', 'group name');
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
      this.#reader.fail(`bad character in group name '${name}'`, at);
    const known = this.#names.get(name);
    if (known !== undefined) {
      this.#reader.fail(
        `redefinition of group name '${name}' as group ${this.#groups.length}; was group ${known}`,
        at,
      );
    }
    return name;
  }

  #capture(start: number, name: string | undefined): RegexNode {
    const index = this.#groups.length;
    this.#groups.push(undefined);
    if (name !== undefined) this.#names.set(name, index);
    const body = this.#body(start);
    this.#groups[index] = body;
    return { kind: 'group', index, body };
  }

  #body(start: number): RegexNode {
    if (++this.#depth > DEEPEST) this.#reader.fail(`more than ${DEEPEST} groups within each other`, start);
    const flags = this.#flags;
    const body = this.#choice();
    this.#flags = flags;
    if (!this.#reader.take(')')) this.#reader.fail('missing ), unterminated subpattern', start);
    this.#depth--;
    return body;
  }

  #look(start: number, { behind, negated }: { behind: boolean; negated: boolean }): RegexNode {
    const body = this.#body(start);
    if (!behind) return { kind: 'look', body, behind, negated, width: 0 };
    const [least, most] = widthOf(body, this.#groups as RegexNode[]);
    if (least !== most) throw new RegexError('look-behind requires fixed-width pattern');
    return { kind: 'look', body, behind, negated, width: least };
  }

  #condition(start: number): RegexNode {
    const at = this.#reader.at;
    const name = this.#reader.until(')', 'group name');
    const index = /^[0-9]+$/.test(name) ? Number(name) : this.#names.get(name);
    if (index === undefined) this.#reader.fail(`unknown group name '${name}'`, at);
    if (index === 0) this.#reader.fail('bad group number', at);
    this.#conditions.push([index, at]);
    const yes = this.#sequence();
    const no: RegexNode = this.#reader.take('|') ? this.#sequence() : { kind: 'sequence', items: [] };
    if (this.#reader.peek() === '|') this.#reader.fail('conditional backref with more than two branches');
    if (!this.#reader.take(')')) this.#reader.fail('missing ), unterminated subpattern', start);
    return { kind: 'condition', index, yes, no };
  }

  #flagged(start: number): RegexNode {
    const match = /^([aiLmsux]*)(?:-([aiLmsux]+))?([:)])/.exec(
      this.#reader.chars.slice(this.#reader.at, this.#reader.at + 24).join(''),
    );
    if (!match || (match[1] === '' && match[2] === undefined)) {
      this.#reader.fail(`unknown extension ?${this.#reader.peek() ?? ''}`, start + 1);
    }
    if (match[3] === ')') this.#reader.fail('global flags not at the start of the expression', start);
    this.#reader.at += match[0].length;
    const flags = this.#flags;
    this.#flags = withFlags(flags, match[1]!, match[2] ?? '');
    const body = this.#body(start);
    this.#flags = flags;
    return body;
  }
}
