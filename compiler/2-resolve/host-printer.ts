import { Dict } from '../jinja/values/dict.ts';
import { compareText, textOrder } from '../jinja/values/text.ts';
import type { Value } from '../jinja/values/value.ts';
import {
  ansibleJson,
  type JsonStyle,
  jsonKey,
  jsonLineStart,
  jsonObjectOf,
  NotJson,
  sortedByKey,
  UnsortableKeys,
} from './ansible-json.ts';
import { HostNames } from './host-names.ts';
import { HostVariables } from './host-variables.ts';
import { INTERNAL_VARS } from './internal-vars.ts';
import type { HostVars, Setting, Variable } from './inventory.ts';
import type { Vars } from './layer.ts';

/** Lines of a JSON mapping in one text, so that another line can be put among them without touching the rest. */
interface Block {
  readonly names: readonly string[];
  readonly text: string;
  /** Where the line of each name begins in the text, and at last where the text ends. */
  readonly starts: readonly number[];
  /** Whether every name is text; if not, no other line can be put where its name belongs. */
  readonly isOfTexts: boolean;
}

interface Line {
  readonly name: string;
  /** The name where it is no text. */
  readonly key?: Value | undefined;
  readonly text: string;
}

type Lines = readonly Line[];

const NO_LINES: Lines = [];

/** Lines that are put among those of a block. */
interface Text {
  readonly block: Block;
  readonly lines: Lines;
  /** The mapping that they are together, once it was asked for. */
  object?: string;
}

/** How the line of a variable begins, by its name; empty where it is not printed. */
export type LineStarts = Map<string, string>;

/** Prints the variables of hosts as ansible-inventory does. What hosts share is printed once. */
export class HostPrinter {
  readonly #style: JsonStyle;
  /** Of the values. */
  readonly #inner: JsonStyle;
  readonly #starts: LineStarts;
  readonly #shared = new Map<Vars, Text | 'unprintable'>();
  /** Sets of groups share values. */
  readonly #texts = new Map<Dict | Value[], string>();
  /** Hosts of a range share what is their own. */
  readonly #own = new Map<Vars, Lines>();
  /** Groups, clusters and types share variables. */
  readonly #variables = new Map<Variable, Line>();

  /** @param starts how the lines of variables begin, as far as printers of this style know it, and later this one too */
  constructor(style: JsonStyle, starts: LineStarts = new Map()) {
    this.#style = style;
    this.#starts = starts;
    this.#inner = { ...style, indent: style.indent + 4 };
  }

  print({ vars }: HostVars): string {
    const text = this.#text(vars);
    text.object ??= jsonObjectOf(this.#insert(text), this.#style.indent);
    this.#style.room?.take(text.object.length);
    return text.object;
  }

  #text(vars: Vars): Text {
    const below = vars instanceof HostVariables ? this.#textOfShared(vars.shared) : 'unprintable';
    if (!(vars instanceof HostVariables) || below === 'unprintable')
      return { block: blockOf(this.#lines(vars)), lines: [] };
    const own = this.#lines(vars.own).filter((line) => !isIn(below, line));
    if (own.length === 0) return below;
    if (!below.block.isOfTexts || own.some(isNoText)) return { block: blockOf(this.#lines(vars)), lines: [] };
    const lines = below.lines.length === 0 ? own : this.#inOrder(withLines(below.lines, own));
    return { block: below.block, lines };
  }

  /** What is shared may hold a value that cannot be printed, and that every host overrides. */
  #textOfShared(vars: Vars): Text | 'unprintable' {
    const known = this.#shared.get(vars);
    if (known) return known;
    let text: Text | 'unprintable' = 'unprintable';
    try {
      text = this.#text(vars);
    } catch (error) {
      if (!(error instanceof NotJson || error instanceof UnsortableKeys)) throw error;
    }
    this.#shared.set(vars, text);
    return text;
  }

  /** Names and their lines, in the order in which they are printed. */
  #lines(vars: Vars): Lines {
    // They are INTERNAL_VARS.
    if (vars instanceof HostNames) return NO_LINES;
    if (vars instanceof HostVariables && vars.own instanceof HostNames) return this.#lines(vars.shared);
    const known = this.#own.get(vars);
    if (known) return known;
    const lines: Line[] = [];
    vars.forEach((variable) => {
      const line = this.#line(variable);
      if (line) lines.push(line);
    });
    if (lines.length === 0) return NO_LINES;
    const inOrder = this.#inOrder(lines);
    this.#own.set(vars, inOrder);
    return inOrder;
  }

  /** @returns undefined where nobody has written it, or nobody is shown it */
  #line(variable: Variable): Line | undefined {
    const known = this.#variables.get(variable);
    if (known) {
      this.#style.room?.take(known.text.length);
      return known;
    }
    const { name, key } = variable;
    const start = this.#start(variable);
    const value = start === '' ? undefined : writtenValue(variable);
    if (value === undefined) return undefined;
    const text = start + this.#json(name, value);
    const line: Line = key === undefined ? { name, text } : { name, key, text };
    this.#variables.set(variable, line);
    return line;
  }

  #start({ name, key }: Variable): string {
    if (key !== undefined) return jsonLineStart(jsonKey(key), this.#style.indent);
    let start = this.#starts.get(name);
    if (start === undefined) {
      start = INTERNAL_VARS.has(name) ? '' : jsonLineStart(name, this.#style.indent);
      this.#starts.set(name, start);
    }
    return start;
  }

  #json(name: string, value: Value): string {
    const style = this.#inner;
    if (!(value instanceof Dict) && !Array.isArray(value)) return jsonOf(name, value, style);
    const known = this.#texts.get(value);
    if (known !== undefined) style.room?.take(known.length);
    const text = known ?? jsonOf(name, value, style);
    this.#texts.set(value, text);
    return text;
  }

  #inOrder(lines: Line[]): Lines {
    if (!this.#style.sortKeys) return lines;
    if (lines.some(isNoText)) return sortedByKey(lines, ({ name, key }) => (key === undefined ? name : key));
    const compare = textOrder(lines.map(({ name }) => name));
    return lines.sort((a, b) => compare(a.name, b.name));
  }

  /** The block with each line in the place of the one of its name, or where it belongs; without what begins a line. */
  #insert({ lines, block: { names, text, starts } }: Text): string {
    if (lines.length === 0) return text.slice(1);
    const edits = lines.map(({ name, text: line }) => {
      const at = this.#style.sortKeys ? firstNotBelow(names, name) : indexOrEnd(names, name);
      return { line, from: starts[at]!, to: starts[names[at] === name ? at + 1 : at]! };
    });
    // Stable: lines that are new to an unsorted block stay in their order at its end.
    edits.sort((a, b) => a.from - b.from);
    let result = '';
    let done = 0;
    // Text that was added up is not cut: it would be copied.
    const add = (part: string): void => {
      result = result === '' ? part.slice(1) : result + part;
    };
    for (const { line, from, to } of edits) {
      add(text.slice(done, from));
      add(line);
      done = to;
    }
    add(text.slice(done));
    return result;
  }
}

/** Whether a text has a line already: what khp lays over a variable leaves its line as it is. */
function isIn({ block: { names, text, starts }, lines }: Text, line: Line): boolean {
  const own = lines.find(({ name }) => name === line.name);
  if (own) return own.text === line.text;
  const at = names.indexOf(line.name);
  const start = starts[at];
  return (
    start !== undefined && starts[at + 1] === start + line.text.length && text.startsWith(line.text, start)
  );
}

/** Lines with others in the place of those of their names, or behind them. */
function withLines(lines: Lines, others: Lines): Line[] {
  return [...new Map([...lines, ...others].map((line) => [line.name, line])).values()];
}

function jsonOf(name: string, value: Value, style: JsonStyle): string {
  try {
    return ansibleJson(value, style);
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    throw new NotJson(`the variable \`${name}\` holds ${error.message}`);
  }
}

function isNoText({ key }: Line | Variable): boolean {
  return key !== undefined;
}

function blockOf(lines: Lines): Block {
  const starts = [0];
  let text = '';
  for (const line of lines) {
    text += line.text;
    starts.push(text.length);
  }
  return { names: lines.map(({ name }) => name), text, starts, isOfTexts: !lines.some(isNoText) };
}

/** The index of the first of the sorted names that does not stand before a name. */
function firstNotBelow(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareText(names[middle]!, name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function indexOrEnd(names: readonly string[], name: string): number {
  const index = names.indexOf(name);
  return index === -1 ? names.length : index;
}

/** The value without what khp sets, which Ansible knows nothing of, and without facts, which ansible-inventory leaves out. */
function writtenValue({ value, settings }: Variable): Variable['value'] | undefined {
  return settings[0] && isWritten(settings[0]) ? value : settings.find(isWritten)?.value;
}

function isWritten({ layer }: Setting): boolean {
  return layer !== 'khp' && layer !== 'facts';
}
