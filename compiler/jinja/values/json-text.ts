import { typeError, valueError } from '../errors.ts';
import { enter, steps, used, willMake } from '../limits.ts';
import { sorted } from './compare.ts';
import { Dict } from './dict.ts';
import { Float } from './float.ts';
import { reprFloat } from './float-text.ts';
import { truth, typeName } from './inspect.ts';
import { asText, intText } from './numbers.ts';
import { replaceText } from './text.ts';
import { Tuple } from './tuple.ts';
import { PyObject, type Value } from './value.ts';

/** The options of Python's json.dumps. */
export interface JsonOptions {
  /** What each level is indented by; one line when missing. */
  readonly indent?: string | undefined;
  readonly sortKeys?: boolean;
  /** Write what isn't ASCII as escapes; true when missing. */
  readonly ensureAscii?: boolean;
  readonly itemSeparator?: string;
  readonly keySeparator?: string;
  /** What a value that JSON doesn't have is written as; a TypeError when missing. */
  readonly fallback?: (value: Value) => Value;
}

const SHORT: Record<string, string> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** A text as JSON. */
export function jsonString(text: string, ensureAscii = true): string {
  const quoted = replaceText(replaceText(text, '\\', '\\\\'), '"', '\\"');
  const escaped = ensureAscii ? /[^ -~]/g : /[\x00-\x1f]/g;
  if (quoted.search(escaped) === -1) return `"${quoted}"`;
  steps(quoted.length);
  return `"${quoted.replace(escaped, escapeOf)}"`;
}

function escapeOf(char: string): string {
  return SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Python's json.dumps. */
export function jsonText(value: Value, options: JsonOptions = {}): string {
  return new Writer(options).write(value, '');
}

class Writer {
  readonly #options: JsonOptions;
  readonly #open = new Set<Value>();
  readonly #item: string;
  readonly #key: string;
  #length = 0;

  constructor(options: JsonOptions) {
    this.#options = options;
    this.#item = options.itemSeparator ?? (options.indent === undefined ? ', ' : ',');
    this.#key = options.keySeparator ?? ': ';
  }

  write(value: Value, indent: string): string {
    steps(4);
    const atom = this.#atom(value);
    if (atom !== undefined) return this.#count(atom);
    if (this.#open.has(value)) throw valueError('Circular reference detected');
    this.#open.add(value);
    enter();
    const text = this.#container(value, indent);
    used.depth--;
    this.#open.delete(value);
    return text;
  }

  #atom(value: Value): string | undefined {
    const text = asText(value);
    if (text !== undefined) return jsonString(text, this.#options.ensureAscii ?? true);
    if (value === null) return 'null';
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'number' || typeof value === 'bigint') return intText(value);
    return value instanceof Float ? floatText(value.value) : undefined;
  }

  #container(value: Value, indent: string): string {
    const deeper = this.#options.indent === undefined ? '' : indent + this.#options.indent;
    if (Array.isArray(value) || value instanceof Tuple) {
      const items = Array.isArray(value) ? value : value.items;
      return this.#wrap(
        '[]',
        items.map((item) => this.write(item, deeper)),
        indent,
      );
    }
    if (value instanceof Dict) {
      const entries = [...value].map(([key, item]) => new Tuple([key, item]));
      const ordered = this.#options.sortKeys ? sorted(entries, (entry) => entry) : entries;
      const lines = ordered.map(
        ({ items: [key, item] }) =>
          `${keyText(key!, this.#options.ensureAscii ?? true)}${this.#key}${this.write(item!, deeper)}`,
      );
      return this.#wrap('{}', lines, indent);
    }
    const { fallback } = this.#options;
    if (fallback) return this.write(fallback(value), indent);
    // What can only be printed raises its own error.
    if (value instanceof PyObject && value.pyOutput) truth(value);
    throw typeError(`Object of type ${typeName(value)} is not JSON serializable`);
  }

  #wrap(brackets: string, items: readonly string[], indent: string): string {
    const [open, close] = brackets as unknown as [string, string];
    const step = this.#options.indent;
    if (step === undefined || items.length === 0)
      return this.#count(`${open}${items.join(this.#item)}${close}`, 2);
    const line = `\n${indent}${step}`;
    return this.#count(
      `${open}${line}${items.join(this.#item + line)}\n${indent}${close}`,
      items.length * line.length,
    );
  }

  #count(text: string, length = text.length): string {
    this.#length += length;
    if (this.#length > used.limits.maxString) willMake(this.#length);
    return text;
  }
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return reprFloat(value);
}

function keyText(key: Value, ensureAscii: boolean): string {
  const text = asText(key);
  if (text !== undefined) return jsonString(text, ensureAscii);
  if (key === null) return '"null"';
  if (typeof key === 'boolean') return `"${key}"`;
  if (typeof key === 'number' || typeof key === 'bigint') return `"${intText(key)}"`;
  if (key instanceof Float) return `"${floatText(key.value)}"`;
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}
