import { PythonError, typeError, UnsupportedError } from '../errors.ts';
import { enter, made, reads, step, steps, used, willCompute, willMake } from '../limits.ts';
import { Dict } from './dict.ts';
import { failIfClosed } from './fail-if-closed.ts';
import { Float } from './float.ts';
import { reprFloat } from './float-text.ts';
import { Markup } from './markup.ts';
import { bitsOf, intText } from './numbers.ts';
import { lengthOf, reprText } from './text.ts';
import { Tuple } from './tuple.ts';
import { PyObject, PyText, type Value } from './value.ts';

/** Python's name of a value's type. */
export function typeName(value: Value): string {
  failIfClosed(value);
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') return 'int';
  if (value instanceof Float) return 'float';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Dict) return 'dict';
  if (value instanceof Tuple) return 'tuple';
  return value.typeName;
}

/** Jinja's object_type_repr, as it stands in the messages of undefined values: `dict object`. */
export function objectTypeRepr(value: Value): string {
  if (value === null) return 'None';
  const module = value instanceof PyObject && value.typeModule ? `${value.typeModule}.` : '';
  return `${module}${typeName(value)} object`;
}

/** Python's str(). */
export function str(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (value instanceof PyText) return value.text;
  if (value instanceof PyObject && value.pyStr) return made(value.pyStr());
  return repr(value);
}

/** Python's repr(). A list, dict or tuple inside itself prints as `[...]`. */
export function repr(value: Value): string {
  if (typeof value === 'object' && value !== null && !(value instanceof Float)) {
    return made(new Representer().represent(value));
  }
  return made(atomRepr(value));
}

function atomRepr(value: null | boolean | number | bigint | Float | string): string {
  if (value === null) return 'None';
  if (typeof value === 'string') return reprText(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof Float) return reprFloat(value.value);
  return intText(value);
}

/** Represents containers, remembering which are open so that cycles end. */
class Representer {
  readonly #open = new Set<Value>();
  #length = 0;

  represent(value: Value): string {
    steps(2);
    if (value === null || typeof value !== 'object' || value instanceof Float)
      return this.#count(atomRepr(value));
    if (value instanceof PyObject) return this.#count(reprObject(value));
    if (this.#open.has(value))
      return Array.isArray(value) ? '[...]' : value instanceof Dict ? '{...}' : '(...)';
    this.#open.add(value);
    enter();
    const text = this.#container(value);
    used.depth--;
    this.#open.delete(value);
    return text;
  }

  #container(value: Value[] | Tuple | Dict): string {
    if (Array.isArray(value)) return `[${value.map((item) => this.represent(item)).join(', ')}]`;
    if (value instanceof Dict) {
      return `{${Array.from(value, ([key, item]) => `${this.represent(key)}: ${this.represent(item)}`).join(', ')}}`;
    }
    const items = value.items.map((item) => this.represent(item));
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
  }

  #count(text: string): string {
    this.#length += text.length;
    if (this.#length > used.limits.maxString) willMake(this.#length);
    return text;
  }
}

function reprObject(value: PyObject): string {
  if (value.pyRepr) return value.pyRepr();
  if (value instanceof PyText) {
    const text = reprText(value.text);
    return value.typeName === 'str' ? text : `${value.typeName}(${text})`;
  }
  throw new UnsupportedError(
    `the text of a '${value.typeName}' object holds a memory address, which differs from run to run`,
  );
}

/** Python's bool(). */
export function truth(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (value === null) return false;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'bigint') return true;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Dict) return value.size > 0;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof Tuple) return value.items.length > 0;
  if (value.pyTruth) return value.pyTruth();
  if (value instanceof PyText) return value.text !== '';
  return value.pyLength ? value.pyLength() > 0 : true;
}

/** Counts a text or a large int that is about to be read. */
export function willRead(value: Value): void {
  if (typeof value === 'string') reads(value);
  else if (typeof value === 'object' && value instanceof PyText) reads(value.text);
  else if (typeof value === 'bigint') willCompute(bitsOf(value));
}

/** Python's len(), or undefined where it raises TypeError. */
export function lengthOrUndefined(value: Value): number | undefined {
  if (typeof value === 'string') return countedLength(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof Dict) return value.size;
  if (value instanceof Tuple) return value.items.length;
  if (value instanceof PyText) return countedLength(value.text);
  if (value instanceof PyObject && value.pyLength) return value.pyLength();
  return undefined;
}

function countedLength(text: string): number {
  if (text.length > 1024) steps(text.length >> 6);
  return lengthOf(text);
}

/** Python's len(). */
export function length(value: Value): number {
  const size = lengthOrUndefined(value);
  if (size === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`);
  return size;
}

/** What JavaScript loops over for Python's iter(), or undefined where that raises TypeError. */
export function iterateOrUndefined(value: Value): Iterable<Value> | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  if (typeof value === 'string') return value;
  if (value instanceof Dict) return dictKeys(value);
  if (value instanceof PyText) return value.text;
  if (value instanceof PyObject && value.pyIterate) return value.pyIterate();
  return undefined;
}

/** Python's iter(). */
export function iterate(value: Value): Iterable<Value> {
  const items = iterateOrUndefined(value);
  if (items === undefined) throw typeError(`'${typeName(value)}' object is not iterable`);
  return items;
}

/** The items of an iterable as a fresh array, each counted as a step. */
export function toArray(value: Value): Value[] {
  const items: Value[] = [];
  for (const item of iterate(value)) {
    step();
    items.push(item);
    if (items.length > used.limits.maxItems) steps(used.limits.maxSteps);
  }
  return items;
}

/** The keys of a dict, which must not grow or shrink meanwhile. */
export function* dictKeys(dict: Dict): Iterable<Value> {
  const { size } = dict;
  for (const key of dict.keys()) {
    yield key;
    if (dict.size !== size) throw new PythonError('RuntimeError', 'dictionary changed size during iteration');
  }
}

/** Whether Python finds `__html__` on it. */
export function isHtml(value: Value): boolean {
  return value instanceof Markup || (value instanceof PyObject && value.pyHtml !== undefined);
}

/** True for what Python counts as a Mapping. */
export function isMapping(value: Value): value is Dict | (PyObject & { pyMapping: true }) {
  return value instanceof Dict || (value instanceof PyObject && value.pyMapping === true);
}

/** The pairs of a Mapping. */
export function* mappingItems(value: Dict | PyObject): Iterable<[Value, Value]> {
  if (value instanceof Dict) {
    for (const key of dictKeys(value)) yield [key, value.get(key) as Value];
    return;
  }
  for (const key of value.pyIterate?.() ?? []) yield [key, value.pyGetItem?.(key) ?? null];
}

/** Python's callable(). */
export function isCallable(value: Value): boolean {
  return value instanceof PyObject && value.pyCall !== undefined;
}
