import { steps } from '../../jinja/limits.ts';
import { compileRegex, type Program } from './compile-regex.ts';
import { matchProgram } from './match-program.ts';
import { parseRegex } from './parse-regex.ts';
import { RegexError } from './regex-error.ts';

export { RegexError } from './regex-error.ts';

export interface RegexOptions {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
}

/** A match: the text of each group, undefined where it took no part; group 0 is the whole. */
export interface RegexMatch {
  readonly groups: readonly (string | undefined)[];
}

/** Patterns that were read, with their options; forgotten when there are too many. */
const known = new Map<string, Regex>();
const MOST_KNOWN = 1000;

/**
 * A regular expression as Python 3.11's `re` reads and runs it. Its work counts on the render's steps, so that one that
 * backtracks without end is a LimitError.
 */
export class Regex {
  readonly #program: Program;
  readonly #groupCount: number;
  readonly #names: ReadonlyMap<string, number>;

  /** Throws RegexError, with Python's message, where the pattern is none. */
  constructor(pattern: string, options: RegexOptions = {}) {
    const { ignoreCase = false, multiline = false } = options;
    const parsed = parseRegex(pattern, {
      ignoreCase,
      multiline,
      dotAll: false,
      verbose: false,
      ascii: false,
    });
    this.#program = compileRegex(parsed.node);
    this.#groupCount = parsed.groupCount;
    this.#names = parsed.names;
  }

  /** The regular expression of a pattern, read once. Throws RegexError, with Python's message, where the pattern is none. */
  static of(pattern: string, { ignoreCase = false, multiline = false }: RegexOptions = {}): Regex {
    const key = `${ignoreCase} ${multiline} ${pattern}`;
    let regex = known.get(key);
    if (!regex) {
      regex = new Regex(pattern, { ignoreCase, multiline });
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(key, regex);
    }
    return regex;
  }

  get groupCount(): number {
    return this.#groupCount;
  }

  /** The number of a group by number or name; a RegexError where there is none. */
  groupIndex(group: number | string): number {
    const index = typeof group === 'number' ? group : (this.#names.get(group) ?? -1);
    if (index < 0 || index > this.#groupCount) throw new RegexError('no such group');
    return index;
  }

  /** re.search */
  search(text: string): RegexMatch | undefined {
    for (const found of this.#scan(text)) return found;
    return undefined;
  }

  /** re.match */
  match(text: string): RegexMatch | undefined {
    const codes = toCodes(text);
    const slots = matchProgram(this.#program, codes, {
      start: 0,
      groups: this.#groupCount,
      mustAdvance: false,
    });
    return slots && this.#result({ text, codes }, slots);
  }

  /** re.fullmatch */
  fullMatch(text: string): RegexMatch | undefined {
    const found = this.match(text);
    return found?.groups[0] === text ? found : undefined;
  }

  /** re.finditer */
  findAll(text: string): RegexMatch[] {
    return [...this.#scan(text)];
  }

  *#scan(text: string): Generator<RegexMatch & { readonly start: number; readonly end: number }> {
    const codes = toCodes(text);
    let mustAdvance = false;
    for (let start = 0; start <= codes.length; ) {
      const slots = matchProgram(this.#program, codes, { start, groups: this.#groupCount, mustAdvance });
      if (!slots) {
        mustAdvance = false;
        start++;
        continue;
      }
      steps(16 * (1 + this.#groupCount));
      yield { ...this.#result({ text, codes }, slots), start, end: slots[1]! };
      mustAdvance = slots[1] === start;
      start = slots[1]!;
    }
  }

  #result(subject: Subject, slots: Int32Array): RegexMatch {
    const groups: (string | undefined)[] = [];
    for (let index = 0; index <= this.#groupCount; index++) {
      const [start, end] = [slots[index * 2]!, slots[index * 2 + 1]!];
      groups.push(start < 0 || end < 0 ? undefined : part(subject, start, end));
    }
    return { groups };
  }

  /**
   * re.subn: the text with each match replaced, and how many there were.
   * @param replace gives what stands for a match
   * @param count how many to replace; all where it is 0
   */
  replace(
    text: string,
    replace: (match: RegexMatch) => string,
    count: number,
  ): { text: string; count: number } {
    const subject = { text, codes: toCodes(text) };
    let result = '';
    let last = 0;
    let done = 0;
    if (count < 0) return { text, count: 0 };
    for (const found of this.#scan(text)) {
      steps(24);
      result += part(subject, last, found.start) + replace(found);
      last = found.end;
      done++;
      if (count > 0 && done >= count) break;
    }
    return { text: result + part(subject, last, subject.codes.length), count: done };
  }
}

function toCodes(text: string): Uint32Array {
  steps(text.length >> 6);
  const codes = new Uint32Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; length += 1) {
    const code = text.codePointAt(at)!;
    codes[length] = code;
    at += code > 0xffff ? 2 : 1;
  }
  return codes.subarray(0, length);
}

/** A text, and its code points. */
interface Subject {
  readonly text: string;
  readonly codes: Uint32Array;
}

/** The text from one code point to another. */
function part({ text, codes }: Subject, start: number, end: number): string {
  // No code point takes two code units.
  if (codes.length === text.length) return text.slice(start, end);
  let result = '';
  for (let at = start; at < end; at += 4096)
    result += String.fromCodePoint(...codes.subarray(at, Math.min(end, at + 4096)));
  return result;
}
