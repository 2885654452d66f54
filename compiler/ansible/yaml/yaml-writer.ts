import { analyzeScalar, isBreakChar, isPrintable, type ScalarAnalysis } from './analyze-scalar.ts';

export interface ScalarEvent {
  readonly text: string;
  /** The style asked for; the text decides where it is undefined. */
  readonly style: '|' | undefined;
  /** Whether the text without quotes would be read as this very type. */
  readonly plainImplicit: boolean;
  /** Written before it: `!!binary`, `!vault`. */
  readonly tag: string | undefined;
}

interface Context {
  readonly mapping: boolean;
  readonly simpleKey: boolean;
}

const ESCAPES = new Map([
  ['\0', '0'],
  ['\x07', 'a'],
  ['\x08', 'b'],
  ['\x09', 't'],
  ['\x0a', 'n'],
  ['\x0b', 'v'],
  ['\x0c', 'f'],
  ['\x0d', 'r'],
  ['\x1b', 'e'],
  ['"', '"'],
  ['\\', '\\'],
  ['\x85', 'N'],
  ['\xa0', '_'],
  ['\u2028', 'L'],
  ['\u2029', 'P'],
]);

/** The writing half of libyaml 0.2.5's emitter: indicators, indentation, and the five styles of scalars. */
export class YamlWriter {
  readonly #parts: string[] = [];
  readonly #width: number;
  readonly #step: number;
  readonly #indents: number[] = [];
  #column = 0;
  #whitespace = true;
  #indention = true;
  #indent = -1;
  flowLevel = 0;

  /** @param step columns a level. @param width after which a line is folded. */
  constructor(step: number, width: number) {
    this.#step = step;
    this.#width = width;
  }

  get text(): string {
    return this.#parts.join('');
  }

  /** Whether nothing but indentation stands on the line so far. */
  get indention(): boolean {
    return this.#indention;
  }

  get tooWide(): boolean {
    return this.#column > this.#width;
  }

  increaseIndent(flow: boolean, indentless = false): void {
    this.#indents.push(this.#indent);
    if (this.#indent < 0) this.#indent = flow ? this.#step : 0;
    else if (!indentless) this.#indent += this.#step;
  }

  decreaseIndent(): void {
    this.#indent = this.#indents.pop()!;
  }

  #put(text: string, columns = text.length): void {
    this.#parts.push(text);
    this.#column += columns;
  }

  #break(char = '\n'): void {
    this.#parts.push(char);
    this.#column = 0;
  }

  indicator(text: string, needsSpace: boolean, is: { whitespace?: boolean; indention?: boolean } = {}): void {
    if (needsSpace && !this.#whitespace) this.#put(' ');
    this.#put(text);
    this.#whitespace = is.whitespace ?? false;
    this.#indention &&= is.indention ?? false;
  }

  writeIndent(): void {
    const indent = Math.max(this.#indent, 0);
    if (!this.#indention || this.#column > indent || (this.#column === indent && !this.#whitespace))
      this.#break();
    if (this.#column < indent) this.#put(' '.repeat(indent - this.#column));
    this.#whitespace = true;
    this.#indention = true;
  }

  scalar(event: ScalarEvent, context: Context): void {
    const chars = [...event.text];
    const analysis = analyzeScalar(chars);
    const style = this.#chooseStyle(event, analysis, context);
    if (event.tag !== undefined) this.indicator(event.tag, true);
    this.increaseIndent(true);
    if (style === 'plain') this.#plain(chars, !context.simpleKey);
    else if (style === 'single') this.#single(chars, !context.simpleKey);
    else if (style === 'double') this.#double(chars, !context.simpleKey);
    else this.#literal(chars);
    this.decreaseIndent();
  }

  #chooseStyle(
    { text, style, plainImplicit, tag }: ScalarEvent,
    analysis: ScalarAnalysis,
    { simpleKey }: Context,
  ) {
    if (simpleKey && analysis.multiline) return 'double';
    if (style === '|') return analysis.block && this.flowLevel === 0 && !simpleKey ? 'literal' : 'double';
    const allowed = this.flowLevel > 0 ? analysis.flowPlain : analysis.blockPlain;
    const empty = text === '' && (this.flowLevel > 0 || simpleKey);
    if (allowed && !empty && (tag !== undefined || plainImplicit)) return 'plain';
    return analysis.singleQuoted ? 'single' : 'double';
  }

  #plain(chars: readonly string[], folds: boolean): void {
    if (!this.#whitespace && (chars.length > 0 || this.flowLevel > 0)) this.#put(' ');
    let [spaces, breaks] = [false, false];
    for (const [index, char] of chars.entries()) {
      if (char === ' ') {
        if (folds && !spaces && this.tooWide && chars[index + 1] !== ' ') this.writeIndent();
        else this.#put(char);
        spaces = true;
      } else if (isBreakChar(char)) {
        this.#lineBreak(char, breaks);
        breaks = true;
      } else {
        if (breaks) this.writeIndent();
        this.#put(char, 1);
        this.#indention = false;
        spaces = breaks = false;
      }
    }
    this.#whitespace = false;
    this.#indention = false;
  }

  #lineBreak(char: string, again: boolean): void {
    if (!again && char === '\n') this.#break();
    this.#break(char);
    this.#indention = true;
  }

  #single(chars: readonly string[], folds: boolean): void {
    this.indicator("'", true);
    let [spaces, breaks] = [false, false];
    for (const [index, char] of chars.entries()) {
      if (char === ' ') {
        const inside = index > 0 && index < chars.length - 1;
        if (folds && !spaces && this.tooWide && inside && chars[index + 1] !== ' ') this.writeIndent();
        else this.#put(char);
        spaces = true;
      } else if (isBreakChar(char)) {
        this.#lineBreak(char, breaks);
        breaks = true;
      } else {
        if (breaks) this.writeIndent();
        this.#put(char === "'" ? "''" : char, char === "'" ? 2 : 1);
        this.#indention = false;
        spaces = breaks = false;
      }
    }
    if (breaks) this.writeIndent();
    this.indicator("'", false);
  }

  #double(chars: readonly string[], folds: boolean): void {
    this.indicator('"', true);
    let spaces = false;
    for (const [index, char] of chars.entries()) {
      if (!isPrintable(char) || isBreakChar(char) || char === '"' || char === '\\') {
        this.#put(`\\${ESCAPES.get(char) ?? hexEscape(char)}`);
        spaces = false;
      } else if (char === ' ') {
        const inside = index > 0 && index < chars.length - 1;
        if (folds && !spaces && this.tooWide && inside) {
          this.writeIndent();
          if (chars[index + 1] === ' ') this.#put('\\');
        } else this.#put(char);
        spaces = true;
      } else {
        this.#put(char, 1);
        spaces = false;
      }
    }
    this.indicator('"', false);
  }

  #literal(chars: readonly string[]): void {
    this.indicator('|', true);
    const first = chars[0] ?? '';
    if (first === ' ' || isBreakChar(first)) this.#put(String(this.#step));
    const last = chars.at(-1);
    if (last === undefined || !isBreakChar(last)) this.#put('-');
    else if (chars.length === 1 || isBreakChar(chars.at(-2)!)) this.#put('+');
    this.#break();
    this.#indention = true;
    this.#whitespace = true;
    let breaks = true;
    for (const char of chars) {
      if (isBreakChar(char)) {
        this.#break(char);
        this.#indention = true;
        breaks = true;
        continue;
      }
      if (breaks) this.writeIndent();
      this.#put(char, 1);
      this.#indention = false;
      breaks = false;
    }
  }
}

function hexEscape(char: string): string {
  const code = char.codePointAt(0)!;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `u${hex.padStart(4, '0')}` : `U${hex.padStart(8, '0')}`;
}
