import type { Context } from '../runtime/context.ts';
import type { Dict } from './dict.ts';
import type { Float } from './float.ts';
import type { Tuple } from './tuple.ts';

/**
 * What a variable of a template can hold: Python's values.
 *
 * | Python | here |
 * |---|---|
 * | None | null |
 * | bool | boolean |
 * | int | number, a safe integer; bigint beyond ±(2^53 - 1), never within |
 * | float | Float |
 * | str | string |
 * | list | Value[] |
 * | tuple | Tuple |
 * | dict | Dict |
 * | anything else (sets, callables, undefined, lazy values, modules …) | PyObject |
 */
export type Value = null | boolean | number | bigint | Float | string | Value[] | Tuple | Dict | PyObject;

/** Keyword arguments of a call, in order. */
export type Keywords = ReadonlyMap<string, Value>;

/**
 * The base of every value that is none of the plain ones. A subclass says what it can do by having these methods;
 * what it lacks, Python's objects of that type can't do either (`TypeError: 'x' object is not iterable`).
 */
export abstract class PyObject {
  /** Python's name of its type, as `type_debug` and error messages print it. */
  abstract readonly typeName: string;
  /** The module of its type where that is not builtins: `jinja2.utils`. */
  readonly typeModule?: string;
  /** True for what Python counts as a Mapping; then pyIterate gives its keys, and pyGetItem their values. */
  readonly pyMapping?: boolean;
  /** True where every operation fails with an error of its own, pyStr as well. */
  readonly isClosed?: boolean;
  /** True for a str of Python whose text cannot be had. */
  readonly isUnknownText?: boolean;

  /** str(); repr() when missing. */
  pyStr?(): string;
  pyRepr?(): string;
  /** What is printed for it, where that is not str(): for what can be printed and nothing else. */
  pyOutput?(): string;
  /** What `~` makes of parts of which this is the first with a say in it, where that is not the text of all of them. */
  pyJoin?(parts: readonly Value[]): Value;
  /** Whether a list or tuple has it, where that is not told by comparing it with each item. */
  pyWithin?(items: readonly Value[]): boolean;
  /** The same as Markup, of a text that is no string here. */
  pyMarkup?(): Value;
  /** markupsafe's __html__: what stands for it in HTML; escaped str() when missing. */
  pyHtml?(): string;
  /** bool(); by pyLength, then true, when missing. */
  pyTruth?(): boolean;
  pyLength?(): number;
  pyIterate?(): Iterable<Value>;
  /** Equality; identity when missing. */
  pyEquals?(other: Value): boolean;
  /** Orders before, with or after `other` (negative, 0, positive); undefined when they don't compare. */
  pyCompare?(other: Value): number | undefined;
  /** What equal objects share, for keys of a dict; identity when missing. Throws when unhashable. */
  pyHash?(): unknown;
  /** The attribute, or undefined when there is none. */
  pyGetAttribute?(name: string): Value | undefined;
  /** The item, or undefined when there is none. */
  pyGetItem?(key: Value): Value | undefined;
  pyContains?(item: Value): boolean;
  pyCall?(args: readonly Value[], keywords: Keywords | undefined, context: Context): Value;
  /** A binary operator (`+`, `-`, `**` …) with this on the left, or right when reversed; undefined when unsupported. */
  pyOperate?(operator: string, other: Value, reversed: boolean): Value | undefined;
}

/** A subclass of Python's str: everywhere a string is taken, it counts as `text`. */
export abstract class PyText extends PyObject {
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }
}
