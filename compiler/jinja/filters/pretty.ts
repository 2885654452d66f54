import { PythonError, UnsupportedError } from '../errors.ts';
import { enter, made, step, used } from '../limits.ts';
import { compare, sorted } from '../values/compare.ts';
import { Dict } from '../values/dict.ts';
import { repr, typeName } from '../values/inspect.ts';
import { PySet } from '../values/set.ts';
import { lengthOf, SPACE, splitLines } from '../values/text.ts';
import { Tuple } from '../values/tuple.ts';
import { PyObject, type Value } from '../values/value.ts';

const WIDTH = 80;

/** Python's pprint.pformat with its defaults: 80 columns, dicts sorted by key. */
export function prettyFormat(value: Value): string {
  return made(new Printer().format(value, { indent: 0, allowance: 0, level: 0 }));
}

interface Position {
  readonly indent: number;
  /** Columns to keep free behind the value. */
  readonly allowance: number;
  readonly level: number;
}

class Printer {
  readonly #open = new Set<Value>();

  /** Python's _safe_repr: one line, dicts sorted. */
  #line(value: Value): string {
    step();
    if (!isContainer(value)) return repr(value);
    return this.#opened(value, () => {
      if (Array.isArray(value)) return `[${value.map((item) => this.#line(item)).join(', ')}]`;
      if (value instanceof Tuple) {
        const items = value.items.map((item) => this.#line(item));
        return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
      }
      const items = sortedItems(value).map(([key, item]) => `${this.#line(key)}: ${this.#line(item)}`);
      return `{${items.join(', ')}}`;
    });
  }

  #opened(value: Value, run: () => string): string {
    if (this.#open.has(value)) {
      throw new UnsupportedError(
        'pprint of a value inside itself prints a memory address, which differs from run to run',
      );
    }
    this.#open.add(value);
    enter();
    const text = run();
    used.depth--;
    this.#open.delete(value);
    return text;
  }

  format(value: Value, at: Position): string {
    const line = value instanceof PySet ? repr(value) : this.#line(value);
    if (lengthOf(line) <= WIDTH - at.indent - at.allowance) return line;
    const inner = { ...at, level: at.level + 1 };
    if (typeof value === 'string') return formatString(value, inner);
    if (value instanceof PySet) {
      const items = safeSorted([...value.pyIterate()]);
      return items.length === 0 ? line : `{${this.#items(items, { ...inner, allowance: at.allowance + 1 })}}`;
    }
    if (!isContainer(value)) return line;
    return this.#opened(value, () => {
      if (Array.isArray(value)) return `[${this.#items(value, { ...inner, allowance: at.allowance + 1 })}]`;
      if (value instanceof Dict) return this.#dict(value, { ...inner, allowance: at.allowance + 1 });
      const end = value.items.length === 1 ? ',)' : ')';
      return `(${this.#items(value.items, { ...inner, allowance: at.allowance + end.length })}${end}`;
    });
  }

  #items(items: readonly Value[], at: Position): string {
    const indent = at.indent + 1;
    return items
      .map((item, index) => {
        const allowance = index === items.length - 1 ? at.allowance : 1;
        return this.format(item, { indent, allowance, level: at.level });
      })
      .join(`,\n${' '.repeat(indent)}`);
  }

  #dict(dict: Dict, at: Position): string {
    const indent = at.indent + 1;
    const items = sortedItems(dict);
    const lines = items.map(([key, item], index) => {
      const name = this.#line(key);
      const allowance = index === items.length - 1 ? at.allowance : 1;
      const place = { indent: indent + lengthOf(name) + 2, allowance, level: at.level };
      return `${name}: ${this.format(item, place)}`;
    });
    return `{${lines.join(`,\n${' '.repeat(indent)}`)}}`;
  }
}

/** What pprint lays out; what groupby gives prints itself, as it has a __repr__ of its own. */
function isContainer(value: Value): value is Value[] | Tuple | Dict {
  if (value instanceof Tuple) return value.names === undefined;
  return Array.isArray(value) || value instanceof Dict;
}

/** The pairs of a dict by key; keys that don't compare by the name of their type, then as they came. */
function sortedItems(dict: Dict): [Value, Value][] {
  const items = [...dict];
  const order = safeSorted(items.map(([key]) => key));
  return order.map((key) => [key, dict.get(key)!]);
}

function safeSorted(items: readonly Value[]): Value[] {
  const keys = items.map((item) => new SafeKey(item));
  return sorted(keys, (key) => key).map((key) => key.item);
}

/** Python's _safe_key: falls back to the names of types where values don't compare. */
class SafeKey extends PyObject {
  readonly typeName = '_safe_key';
  readonly item: Value;

  constructor(item: Value) {
    super();
    this.item = item;
  }

  override pyCompare(other: Value): number | undefined {
    const { item } = other as SafeKey;
    try {
      return compare(this.item, item, '<') ? -1 : 1;
    } catch (error) {
      if (!(error instanceof PythonError) || error.name !== 'TypeError') throw error;
      const [a, b] = [typeName(this.item), typeName(item)];
      return a < b ? -1 : a > b ? 1 : 0;
    }
  }
}

const PARTS = new RegExp(`[^${SPACE}]+[${SPACE}]*|[${SPACE}]+`, 'g');

/** A text that is too long for its line, as several literals one below the other. */
function formatString(text: string, at: Position): string {
  const alone = at.level === 1;
  const indent = alone ? at.indent + 1 : at.indent;
  const allowance = alone ? at.allowance + 1 : at.allowance;
  const chunks = stringChunks(text, WIDTH - indent, allowance);
  if (chunks.length === 1) return repr(splitLines(text, true).at(-1)!);
  const lines = chunks.join(`\n${' '.repeat(indent)}`);
  return alone ? `(${lines})` : lines;
}

function stringChunks(text: string, width: number, allowance: number): string[] {
  const chunks: string[] = [];
  const lines = splitLines(text, true);
  lines.forEach((line, index) => {
    const isLast = index === lines.length - 1;
    const whole = repr(line);
    if (lengthOf(whole) <= (isLast ? width - allowance : width)) {
      chunks.push(whole);
      return;
    }
    const parts = line.match(PARTS) ?? [];
    let current = '';
    parts.forEach((part, position) => {
      step();
      const room = isLast && position === parts.length - 1 ? width - allowance : width;
      if (lengthOf(repr(current + part)) > room) {
        if (current !== '') chunks.push(repr(current));
        current = part;
      } else current += part;
    });
    if (current !== '') chunks.push(repr(current));
  });
  return chunks;
}
