import {
  type Assertion,
  type Category,
  type CharSet,
  type RegexNode,
  type RepeatMode,
  widthOf,
} from './node.ts';
import { RegexError } from './regex-error.ts';

export interface RegexFlags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

export interface ParsedRegex {
  readonly node: RegexNode;
  /** Groups that capture. */
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
}

const DEEPEST = 200;
const MOST_REPEATS = 4294967295;

/** Parses a regular expression of Python 3.11's re; a RegexError with Python's message where it is none. */
export function parseRegex(pattern: string, flags: RegexFlags): ParsedRegex {
  const global = /^\(\?([aiLmsux]+)\)/.exec(pattern);
  const parser = new Parser(pattern, global ? withFlags(flags, global[1]!, '') : flags);
  return parser.parse(global ? global[0].length : 0);
}

function withFlags(flags: RegexFlags, on: string, off: string): RegexFlags {
  const is = (letter: string, before: boolean) => (on.includes(letter) || before) && !off.includes(letter);
  return {
    ignoreCase: is('i', flags.ignoreCase),
    multiline: is('m', flags.multiline),
    dotAll: is('s', flags.dotAll),
    verbose: is('x', flags.verbose),
    ascii: on.includes('u') ? false : is('a', flags.ascii),
  };
}

class Parser {
  readonly #chars: readonly string[];
  readonly #names = new Map<string, number>();
  /** By number; undefined while open. */
  readonly #groups: (RegexNode | undefined)[] = [undefined];
  /** Groups that conditions ask for, which may stand behind them, and where. */
  readonly #conditions: [number, number][] = [];
  #flags: RegexFlags;
  #at = 0;
  #depth = 0;

  constructor(pattern: string, flags: RegexFlags) {
    this.#chars = [...pattern];
    this.#flags = flags;
  }

  parse(start: number): ParsedRegex {
    this.#at = start;
    const node = this.#choice();
    if (this.#at < this.#chars.length) this.#fail('unbalanced parenthesis');
    for (const [index, at] of this.#conditions) {
      if (index >= this.#groups.length) this.#fail(`invalid group reference ${index}`, at);
    }
    return { node, groupCount: this.#groups.length - 1, names: this.#names };
  }

  #fail(message: string, position = this.#at): never {
    throw new RegexError(message, position);
  }

  #peek(ahead = 0): string | undefined {
    return this.#chars[this.#at + ahead];
  }

  #take(text: string): boolean {
    for (const [index, char] of [...text].entries()) if (this.#peek(index) !== char) return false;
    this.#at += text.length;
    return true;
  }

  #until(end: string, missing: string): string {
    const start = this.#at;
    while (this.#peek() !== end) {
      if (this.#peek() === undefined) {
        if (this.#at === start) this.#fail(`missing ${missing}`);
        this.#fail(`missing ${end}, unterminated name`, start);
      }
      this.#at++;
    }
    const text = this.#chars.slice(start, this.#at).join('');
    if (text === '') this.#fail(`missing ${missing}`);
    this.#at++;
    return text;
  }

  #choice(): RegexNode {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      if (this.#flags.verbose) this.#skipVerbose();
      const char = this.#peek();
      if (char === undefined || char === '|' || char === ')') break;
      const start = this.#at;
      if (char === '*' || char === '+' || char === '?' || (char === '{' && this.#bounds() !== undefined)) {
        this.#at = start;
        this.#fail('nothing to repeat');
      }
      this.#at = start;
      const atom = this.#atom();
      if (atom) items.push(this.#repeated(atom));
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  #skipVerbose(): void {
    for (;;) {
      const char = this.#peek();
      if (char !== undefined && ' \t\n\r\v\f'.includes(char)) this.#at++;
      else if (char === '#') {
        while (this.#peek() !== undefined && this.#peek() !== '\n') this.#at++;
      } else return;
    }
  }

  #skipComments(): void {
    for (;;) {
      if (this.#flags.verbose) this.#skipVerbose();
      if (!this.#take('(?#')) return;
      this.#comment(this.#at - 3);
    }
  }

  #comment(start: number): void {
    while (this.#peek() !== ')') {
      if (this.#peek() === undefined) this.#fail('missing ), unterminated comment', start);
      this.#at++;
    }
    this.#at++;
  }

  #repeated(atom: RegexNode): RegexNode {
    let node = atom;
    for (let count = 0; ; count++) {
      this.#skipComments();
      const start = this.#at;
      const bounds = this.#bounds();
      if (!bounds) return node;
      if (count > 0) this.#fail('multiple repeat', start);
      if (node.kind === 'assert') this.#fail('nothing to repeat', start);
      const mode: RepeatMode = this.#take('?') ? 'lazy' : this.#take('+') ? 'possessive' : 'greedy';
      node = { kind: 'repeat', body: node, min: bounds[0], max: bounds[1], mode };
    }
  }

  /** Reads a quantifier, where one is next. */
  #bounds(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    if (this.#peek() !== '{') return undefined;
    const start = this.#at;
    const text = this.#chars.slice(start, start + 24).join('');
    const match = /^\{([0-9]*)(?:(,)([0-9]*))?\}/.exec(text);
    if (!match || match[0] === '{}') return undefined;
    const min = match[1] === '' ? 0 : Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (min >= MOST_REPEATS || (max >= MOST_REPEATS && max !== Number.POSITIVE_INFINITY)) {
      throw new RegexError('the repetition number is too large');
    }
    if (max < min) this.#fail('min repeat greater than max repeat', start + 1);
    this.#at += match[0].length;
    return [min, max];
  }

  #atom(): RegexNode | undefined {
    const char = this.#chars[this.#at++]!;
    switch (char) {
      case '.':
        return this.#set([[10, 10]], [], true, this.#flags.dotAll);
      case '^':
        return this.#assert(this.#flags.multiline ? 'line start' : 'text start');
      case '$':
        return this.#assert(this.#flags.multiline ? 'line end' : 'end');
      case '[':
        return this.#class();
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

  #escape(): RegexNode {
    const start = this.#at - 1;
    const char = this.#peek();
    if (char === undefined) this.#fail('bad escape (end of pattern)', start);
    const asserted: Partial<Record<string, Assertion>> = {
      A: 'text start',
      Z: 'text end',
      b: 'word',
      B: 'no word',
    };
    if (Object.hasOwn(asserted, char)) {
      this.#at++;
      return this.#assert(asserted[char]!);
    }
    if ('dDsSwW'.includes(char)) {
      this.#at++;
      return this.#set([], [char as Category], false);
    }
    if (char >= '1' && char <= '9') return this.#numbered(start);
    return this.#literal(this.#escapedCode(start));
  }

  #numbered(start: number): RegexNode {
    const text = this.#chars.slice(this.#at, this.#at + 3).join('');
    const octal = /^[0-3][0-7][0-7]|^[4-7][0-7][0-7]/.exec(text)?.[0];
    if (octal !== undefined) {
      const code = Number.parseInt(octal, 8);
      if (code > 0o377) this.#fail(`octal escape value \\${octal} outside of range 0-0o377`, start);
      this.#at += 3;
      return this.#literal(code);
    }
    const digits = /^[0-9]{1,2}/.exec(text)![0];
    this.#at += digits.length;
    return this.#backReference(Number(digits), start + 1);
  }

  #backReference(index: number, position: number): RegexNode {
    if (index >= this.#groups.length) this.#fail(`invalid group reference ${index}`, position);
    if (this.#groups[index] === undefined) this.#fail('cannot refer to an open group', position - 1);
    return { kind: 'back', index, ignoreCase: this.#flags.ignoreCase };
  }

  /** The character of an escape that means one, from the letter after the backslash. */
  #escapedCode(start: number): number {
    const char = this.#chars[this.#at++]!;
    const simple = 'abfnrtv\\'.indexOf(char);
    if (simple >= 0 && char !== 'b') return [7, 8, 12, 10, 13, 9, 11, 92][simple]!;
    const digits = char === 'x' ? 2 : char === 'u' ? 4 : char === 'U' ? 8 : 0;
    if (digits > 0) {
      const hex = /^[0-9a-fA-F]*/.exec(this.#chars.slice(this.#at, this.#at + digits).join(''))![0];
      if (hex.length < digits) this.#fail(`incomplete escape \\${char}${hex}`, start);
      this.#at += digits;
      const code = Number.parseInt(hex, 16);
      if (code > 0x10ffff) this.#fail(`bad escape \\${char}${hex}`, start);
      return code;
    }
    if (char === '0') {
      const octal = /^[0-7]{0,2}/.exec(this.#chars.slice(this.#at, this.#at + 2).join(''))![0];
      this.#at += octal.length;
      return Number.parseInt(`0${octal}`, 8);
    }
    if (/[A-Za-z0-9]/.test(char)) this.#fail(`bad escape \\${char}`, start);
    return char.codePointAt(0)!;
  }

  #class(): RegexNode {
    const start = this.#at - 1;
    const negated = this.#take('^');
    const ranges: [number, number][] = [];
    const categories: Category[] = [];
    for (let first = true; ; first = false) {
      const char = this.#peek();
      if (char === undefined) this.#fail('unterminated character set', start);
      if (char === ']' && !first) break;
      const itemStart = this.#at;
      const low = this.#classItem();
      if (this.#peek() !== '-' || this.#peek(1) === ']') {
        if (typeof low === 'string') categories.push(low);
        else ranges.push([low, low]);
        continue;
      }
      this.#at++;
      if (this.#peek() === undefined) this.#fail('unterminated character set', start);
      const high = this.#classItem();
      const written = this.#chars.slice(itemStart, this.#at).join('');
      if (typeof low === 'string' || typeof high === 'string' || high < low) {
        this.#fail(`bad character range ${written}`, itemStart);
      }
      ranges.push([low, high]);
    }
    this.#at++;
    return this.#set(ranges, categories, negated);
  }

  #classItem(): number | Category {
    const start = this.#at;
    const char = this.#chars[this.#at++]!;
    if (char !== '\\') return char.codePointAt(0)!;
    const next = this.#peek();
    if (next === undefined) this.#fail('unterminated character set', start);
    if ('dDsSwW'.includes(next)) {
      this.#at++;
      return next as Category;
    }
    if (next === 'b') {
      this.#at++;
      return 8;
    }
    const octal = /^[0-7]{1,3}/.exec(this.#chars.slice(this.#at, this.#at + 3).join(''))?.[0];
    if (octal !== undefined) {
      this.#at += octal.length;
      const code = Number.parseInt(octal, 8);
      if (code > 0o377) this.#fail(`octal escape value \\${octal} outside of range 0-0o377`, start);
      return code;
    }
    return this.#escapedCode(start);
  }

  #group(): RegexNode | undefined {
    const start = this.#at - 1;
    if (!this.#take('?')) return this.#capture(start, undefined);
    if (this.#take('P<')) return this.#capture(start, this.#name());
    if (this.#take('P=')) {
      const nameStart = this.#at;
      const name = this.#until(')', 'group name');
      const index = this.#names.get(name);
      if (index === undefined) this.#fail(`unknown group name '${name}'`, nameStart);
      return this.#backReference(index, nameStart + 1);
    }
    if (this.#take('#')) {
      this.#comment(start);
      return undefined;
    }
    if (this.#take(':')) return this.#body(start);
    if (this.#take('>')) return { kind: 'atomic', body: this.#body(start) };
    if (this.#take('=')) return this.#look(start, { behind: false, negated: false });
    if (this.#take('!')) return this.#look(start, { behind: false, negated: true });
    if (this.#take('<=')) return this.#look(start, { behind: true, negated: false });
    if (this.#take('<!')) return this.#look(start, { behind: true, negated: true });
    if (this.#take('(')) return this.#condition(start);
    return this.#flagged(start);
  }

  #name(): string {
    const at = this.#at;
    const name = this.#until('>', 'group name');
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) this.#fail(`bad character in group name '${name}'`, at);
    const known = this.#names.get(name);
    if (known !== undefined) {
      this.#fail(
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
    if (++this.#depth > DEEPEST) this.#fail(`more than ${DEEPEST} groups within each other`, start);
    const flags = this.#flags;
    const body = this.#choice();
    this.#flags = flags;
    if (!this.#take(')')) this.#fail('missing ), unterminated subpattern', start);
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
    const at = this.#at;
    const name = this.#until(')', 'group name');
    const index = /^[0-9]+$/.test(name) ? Number(name) : this.#names.get(name);
    if (index === undefined) this.#fail(`unknown group name '${name}'`, at);
    if (index === 0) this.#fail('bad group number', at);
    this.#conditions.push([index, at]);
    const yes = this.#sequence();
    const no: RegexNode = this.#take('|') ? this.#sequence() : { kind: 'sequence', items: [] };
    if (this.#peek() === '|') this.#fail('conditional backref with more than two branches');
    if (!this.#take(')')) this.#fail('missing ), unterminated subpattern', start);
    return { kind: 'condition', index, yes, no };
  }

  #flagged(start: number): RegexNode {
    const match = /^([aiLmsux]*)(?:-([aiLmsux]+))?([:)])/.exec(
      this.#chars.slice(this.#at, this.#at + 24).join(''),
    );
    if (!match || (match[1] === '' && match[2] === undefined)) {
      this.#fail(`unknown extension ?${this.#peek() ?? ''}`, start + 1);
    }
    if (match[3] === ')') this.#fail('global flags not at the start of the expression', start);
    this.#at += match[0].length;
    const flags = this.#flags;
    this.#flags = withFlags(flags, match[1]!, match[2] ?? '');
    const body = this.#body(start);
    this.#flags = flags;
    return body;
  }
}
