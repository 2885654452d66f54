import type { Category } from './node.ts';
import { RegexError } from './regex-error.ts';

const MOST_REPEATS = 4294967295;

/** What stands in brackets. */
export interface CharacterClass {
  readonly ranges: readonly (readonly [number, number])[];
  readonly categories: readonly Category[];
  readonly negated: boolean;
}

/** The text of a pattern, character by character, and what its escapes mean. */
export class PatternReader {
  readonly chars: readonly string[];
  at = 0;

  constructor(pattern: string) {
    this.chars = [...pattern];
  }

  fail(message: string, position = this.at): never {
    throw new RegexError(message, position);
  }

  peek(ahead = 0): string | undefined {
    return this.chars[this.at + ahead];
  }

  take(text: string): boolean {
    for (const [index, char] of [...text].entries()) if (this.peek(index) !== char) return false;
    this.at += text.length;
    return true;
  }

  until(end: string, missing: string): string {
    const start = this.at;
    while (this.peek() !== end) {
      if (this.peek() === undefined) {
        if (this.at === start) this.fail(`missing ${missing}`);
        this.fail(`missing ${end}, unterminated name`, start);
      }
      this.at++;
    }
    const text = this.chars.slice(start, this.at).join('');
    if (text === '') this.fail(`missing ${missing}`);
    this.at++;
    return text;
  }

  /** The character of an escape that means one, from the letter after the backslash. */
  escapedCode(start: number): number {
    const char = this.chars[this.at++]!;
    const simple = 'abfnrtv\\'.indexOf(char);
    if (simple >= 0 && char !== 'b') return [7, 8, 12, 10, 13, 9, 11, 92][simple]!;
    const digits = char === 'x' ? 2 : char === 'u' ? 4 : char === 'U' ? 8 : 0;
    if (digits > 0) {
      const hex = /^[0-9a-fA-F]*/.exec(this.chars.slice(this.at, this.at + digits).join(''))![0];
      if (hex.length < digits) this.fail(`incomplete escape \\${char}${hex}`, start);
      this.at += digits;
      const code = Number.parseInt(hex, 16);
      if (code > 0x10ffff) this.fail(`bad escape \\${char}${hex}`, start);
      return code;
    }
    if (char === '0') {
      const octal = /^[0-7]{0,2}/.exec(this.chars.slice(this.at, this.at + 2).join(''))![0];
      this.at += octal.length;
      return Number.parseInt(`0${octal}`, 8);
    }
    if (/[A-Za-z0-9]/.test(char)) this.fail(`bad escape \\${char}`, start);
    return char.codePointAt(0)!;
  }

  classItem(): number | Category {
    const start = this.at;
    const char = this.chars[this.at++]!;
    if (char !== '\\') return char.codePointAt(0)!;
    const next = this.peek();
    if (next === undefined) this.fail('unterminated character set', start);
    if ('dDsSwW'.includes(next)) {
      this.at++;
      return next as Category;
    }
    if (next === 'b') {
      this.at++;
      return 8;
    }
    const octal = /^[0-7]{1,3}/.exec(this.chars.slice(this.at, this.at + 3).join(''))?.[0];
    if (octal !== undefined) {
      this.at += octal.length;
      const code = Number.parseInt(octal, 8);
      if (code > 0o377) this.fail(`octal escape value \\${octal} outside of range 0-0o377`, start);
      return code;
    }
    return this.escapedCode(start);
  }

  /** Reads a set in brackets, from behind its `[`. */
  characterClass(): CharacterClass {
    const start = this.at - 1;
    const negated = this.take('^');
    const ranges: [number, number][] = [];
    const categories: Category[] = [];
    for (let first = true; ; first = false) {
      const char = this.peek();
      if (char === undefined) this.fail('unterminated character set', start);
      if (char === ']' && !first) break;
      const itemStart = this.at;
      const low = this.classItem();
      if (this.peek() !== '-' || this.peek(1) === ']') {
        if (typeof low === 'string') categories.push(low);
        else ranges.push([low, low]);
        continue;
      }
      this.at++;
      if (this.peek() === undefined) this.fail('unterminated character set', start);
      const high = this.classItem();
      const written = this.chars.slice(itemStart, this.at).join('');
      if (typeof low === 'string' || typeof high === 'string' || high < low) {
        this.fail(`bad character range ${written}`, itemStart);
      }
      ranges.push([low, high]);
    }
    this.at++;
    return { ranges, categories, negated };
  }

  /** Reads a quantifier, where one is next. */
  bounds(): readonly [number, number] | undefined {
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.take('?')) return [0, 1];
    if (this.peek() !== '{') return undefined;
    const start = this.at;
    const text = this.chars.slice(start, start + 24).join('');
    const match = /^\{([0-9]*)(?:(,)([0-9]*))?\}/.exec(text);
    if (!match || match[0] === '{}') return undefined;
    const min = match[1] === '' ? 0 : Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (min >= MOST_REPEATS || (max >= MOST_REPEATS && max !== Number.POSITIVE_INFINITY)) {
      throw new RegexError('the repetition number is too large');
    }
    if (max < min) this.fail('min repeat greater than max repeat', start + 1);
    this.at += match[0].length;
    return [min, max];
  }

  /** Reads three octal digits, which mean a character. @param start where the backslash stands */
  octalCode(start: number): number | undefined {
    const text = this.chars.slice(this.at, this.at + 3).join('');
    if (!/^[0-7]{3}$/.test(text)) return undefined;
    const code = Number.parseInt(text, 8);
    if (code > 0o377) this.fail(`octal escape value \\${text} outside of range 0-0o377`, start);
    this.at += 3;
    return code;
  }

  /** Reads the one or two digits of a back reference. */
  backReferenceNumber(): number {
    const digits = /^[0-9]{1,2}/.exec(this.chars.slice(this.at, this.at + 2).join(''))![0];
    this.at += digits.length;
    return Number(digits);
  }
}
