import { typeError } from '../../jinja/errors.ts';
import { made, step, willMake } from '../../jinja/limits.ts';
import { sorted } from '../../jinja/values/compare.ts';
import { Dict } from '../../jinja/values/dict.ts';
import { Float } from '../../jinja/values/float.ts';
import { reprFloat } from '../../jinja/values/float-text.ts';
import { str, typeName } from '../../jinja/values/inspect.ts';
import { jsonString } from '../../jinja/values/json-text.ts';
import { intText } from '../../jinja/values/numbers.ts';
import { Tuple } from '../../jinja/values/tuple.ts';
import { PyObject, PyText, type Value } from '../../jinja/values/value.ts';
import { PyDate, PyDateTime } from '../values/date-time.ts';

export interface JsonOptions {
  /** What a level is indented by; everything on one line where undefined. */
  readonly indent?: string | undefined;
  readonly separators?: { readonly item: string; readonly key: string };
  readonly sortKeys?: boolean;
  /** Whether characters beyond ASCII are written as \uXXXX; so unless it is false. */
  readonly ensureAscii?: boolean;
  readonly skipKeys?: boolean;
  /** Whether nan and inf may be written, as NaN and Infinity; so unless it is false. */
  readonly allowNan?: boolean;
}

/** The text that Python's `json.dumps(value, cls=AnsibleJSONEncoder)` makes; its TypeErrors are thrown. */
export function dumpJson(value: Value, options: JsonOptions = {}): string {
  return new Dumper(options).dump(value, '\n');
}

class Dumper {
  readonly #options: JsonOptions;
  readonly #item: string;
  readonly #key: string;
  readonly #within = new Set<Value>();

  constructor(options: JsonOptions) {
    this.#options = options;
    this.#item = options.separators?.item ?? (options.indent === undefined ? ', ' : ',');
    this.#key = options.separators?.key ?? ': ';
  }

  /** @param line a line break with the indentation of the level. */
  dump(value: Value, line: string): string {
    step();
    if (value === null) return 'null';
    if (typeof value === 'string') return this.#text(value);
    if (value instanceof PyText) return this.#text(value.text);
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'number' || typeof value === 'bigint') return intText(value);
    if (value instanceof Float) return this.#float(value.value);
    if (Array.isArray(value)) return this.#nested(value, () => this.#list(value, line));
    if (value instanceof Tuple) return this.#nested(value, () => this.#list(value.items, line));
    if (value instanceof Dict) return this.#nested(value, () => this.#mapping([...value], line));
    if (value instanceof PyDate || value instanceof PyDateTime) return this.#text(value.isoformat());
    if (value.pyMapping) {
      const entries = Array.from(
        value.pyIterate?.() ?? [],
        (key) => [key, value.pyGetItem?.(key) ?? null] as const,
      );
      return this.#nested(value, () => this.#mapping(entries, line));
    }
    // An undefined value and a secret raise their own error.
    value.pyTruth?.();
    throw typeError(`Object of type ${typeName(value)} is not JSON serializable`);
  }

  #nested(value: Value, dump: () => string): string {
    if (this.#within.has(value)) throw typeError('Circular reference detected');
    this.#within.add(value);
    const text = made(dump());
    this.#within.delete(value);
    return text;
  }

  #text(text: string): string {
    return jsonString(text, this.#options.ensureAscii ?? true);
  }

  #float(value: number): string {
    if (Number.isFinite(value)) return reprFloat(value);
    if (this.#options.allowNan === false) throw typeError('Out of range float values are not JSON compliant');
    if (Number.isNaN(value)) return 'NaN';
    return value > 0 ? 'Infinity' : '-Infinity';
  }

  #list(items: readonly Value[], line: string): string {
    if (items.length === 0) return '[]';
    return this.#wrapped('[]', line, (inner) => items.map((item) => this.dump(item, inner)));
  }

  #mapping(entries: readonly (readonly [Value, Value])[], line: string): string {
    if (entries.length === 0) return '{}';
    const ordered = this.#options.sortKeys ? sorted(entries, ([key]) => key) : entries;
    return this.#wrapped('{}', line, (inner) =>
      ordered.flatMap(([key, value]) => {
        const text = this.#keyText(key);
        return text === undefined ? [] : [`${this.#text(text)}${this.#key}${this.dump(value, inner)}`];
      }),
    );
  }

  #wrapped(brackets: string, line: string, parts: (inner: string) => string[]): string {
    const { indent } = this.#options;
    if (indent === undefined) return `${brackets[0]}${parts(line).join(this.#item)}${brackets[1]}`;
    const inner = line + indent;
    const written = parts(inner);
    willMake(inner.length * (written.length + 1));
    return `${brackets[0]}${inner}${written.join(this.#item + inner)}${line}${brackets[1]}`;
  }

  #keyText(key: Value): string | undefined {
    if (typeof key === 'string') return key;
    if (key instanceof PyText) return key.text;
    if (key === null) return 'null';
    if (key instanceof Float) return this.#float(key.value);
    if (!(key instanceof PyObject) && typeof key !== 'object')
      return typeof key === 'boolean' ? String(key) : str(key);
    if (this.#options.skipKeys) return undefined;
    throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
  }
}
