import { PyDate, PyDateTime } from '../ansible/values/date-time.ts';
import { SecretText } from '../ansible/values/secret-text.ts';
import { UnsafeText } from '../ansible/values/unsafe-text.ts';
import { Dict } from '../jinja/values/dict.ts';
import { Float } from '../jinja/values/float.ts';
import { reprFloat } from '../jinja/values/float-text.ts';
import { typeName } from '../jinja/values/inspect.ts';
import { intText } from '../jinja/values/numbers.ts';
import { compareText } from '../jinja/values/text.ts';
import { Tuple } from '../jinja/values/tuple.ts';
import type { Value } from '../jinja/values/value.ts';
import type { Room } from './room.ts';

/** Python cannot order the keys of a mapping: a text and a number, say. */
export class UnsortableKeys extends Error {}

/** JSON has no form for a value, nor Ansible; the message says of what type it is. */
export class NotJson extends Error {}

export interface JsonStyle {
  /** Whether keys are sorted; UnsortableKeys is thrown where Python could not. */
  readonly sortKeys: boolean;
  /** Spaces before the closing bracket of the value; four more before its items. */
  readonly indent: number;
  /** Where the text is taken from, if it is bounded. */
  readonly room?: Room;
}

/**
 * A value as ansible-inventory prints it: `json.dumps` of Python with an indent of 4 and text unescaped, and
 * AnsibleJSONEncoder's forms of dates, `!unsafe` and `!vault`.
 * @throws JinjaError where a number has too many digits for Python
 */
export function ansibleJson(value: Value, style: JsonStyle): string {
  style.room?.take(style.indent + (typeof value === 'string' ? value.length : 1));
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return intText(value);
  if (value === null) return 'null';
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Dict) return mapping(entriesOf(value, style.sortKeys), style);
  if (Array.isArray(value)) return list(value, style);
  if (value instanceof Tuple) return list(value.items, style);
  if (value instanceof PyDate || value instanceof PyDateTime) return JSON.stringify(value.isoformat());
  if (value instanceof UnsafeText) return tagged('__ansible_unsafe', value.text, style);
  if (value instanceof SecretText)
    return tagged(value.kind === 'age' ? '__khp_secret' : '__ansible_vault', value.ciphertext, style);
  throw new NotJson(`a value of type ${typeName(value)}`);
}

/** A mapping of entries that are written already. */
export function jsonObject(entries: Iterable<readonly [string, string]>, indent: number): string {
  // Text is added, neither joined nor cut: what holds megabytes is then copied once, when it is written out.
  const lineBreak = brokenLine(indent + 4);
  let lines = '';
  for (const [key, text] of entries) {
    lines += `${lines === '' ? '' : ','}${lineBreak}${JSON.stringify(key)}: `;
    lines += text;
  }
  return jsonObjectOf(lines, indent);
}

/** What stands before the value of an entry of a mapping at `indent`, and separates it from the entry before. */
export function jsonLineStart(key: string, indent: number): string {
  return `,${brokenLine(indent + 4)}${JSON.stringify(key)}: `;
}

/** The mapping of entries that are lines already, without what separates the first one from another before it. */
export function jsonObjectOf(lines: string, indent: number): string {
  return lines === '' ? '{}' : `{${lines}${brokenLine(indent)}}`;
}

function mapping(entries: readonly (readonly [Value, Value])[], style: JsonStyle): string {
  const inner = { ...style, indent: style.indent + 4 };
  return jsonObject(
    entries.map(([key, value]) => [jsonKey(key), ansibleJson(value, inner)]),
    style.indent,
  );
}

function list(items: readonly Value[], style: JsonStyle): string {
  if (items.length === 0) return '[]';
  const inner = { ...style, indent: style.indent + 4 };
  const lineBreak = brokenLine(inner.indent);
  // As in jsonObject: of lists within lists, each would copy all that is in it.
  let lines = '';
  for (const item of items) {
    lines += lines === '' ? lineBreak : `,${lineBreak}`;
    lines += ansibleJson(item, inner);
  }
  return `[${lines}${brokenLine(style.indent)}]`;
}

const BROKEN_LINES: string[] = [];

/** A line break and spaces before the next line: kept, and joined, for `repeat` makes a tree of texts anew each time. */
function brokenLine(indent: number): string {
  BROKEN_LINES[indent] ??= ['\n', ' '.repeat(indent)].join('');
  return BROKEN_LINES[indent];
}

function tagged(tag: string, text: string, { indent }: JsonStyle): string {
  return jsonObject([[tag, JSON.stringify(text)]], indent);
}

function entriesOf(dict: Dict, sortKeys: boolean): (readonly [Value, Value])[] {
  const entries = [...dict];
  return sortKeys ? sortedByKey(entries, ([key]) => key) : entries;
}

/**
 * Sorts entries by their keys, as Python does.
 * @throws UnsortableKeys
 */
export function sortedByKey<T>(entries: T[], keyOf: (entry: T) => Value): T[] {
  if (entries.length < 2) return entries;
  if (entries.every((entry) => typeof keyOf(entry) === 'string')) {
    return entries.sort((a, b) => compareText(keyOf(a) as string, keyOf(b) as string));
  }
  const keyed = entries.map((entry) => {
    const key = keyOf(entry);
    return { entry, key: key instanceof UnsafeText ? key.text : key };
  });
  if (keyed.every(({ key }) => typeof key === 'string')) {
    keyed.sort((a, b) => compareText(a.key as string, b.key as string));
    return keyed.map(({ entry }) => entry);
  }
  return keyed
    .map(({ entry, key }) => ({ entry, number: numberOf(key) }))
    .sort((a, b) => (a.number < b.number ? -1 : Number(a.number > b.number)))
    .map(({ entry }) => entry);
}

function numberOf(key: Value): number | bigint {
  if (typeof key === 'number' || typeof key === 'bigint') return key;
  if (typeof key === 'boolean') return Number(key);
  if (key instanceof Float) return key.value;
  throw new UnsortableKeys();
}

/**
 * A key of a mapping as JSON has it.
 * @throws NotJson
 */
export function jsonKey(key: Value): string {
  if (typeof key === 'string') return key;
  if (key instanceof Float) return floatText(key.value);
  if (key instanceof UnsafeText) return key.text;
  if (typeof key === 'bigint') return intText(key);
  if (key === null || typeof key !== 'object') return String(key);
  throw new NotJson(`a key of type ${typeName(key)}`);
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return reprFloat(value);
}
