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

/** The base of every value that is none of the plain ones; what it can do, the engine's runtime decides. */
export abstract class PyObject {
  /** Python's name of its type, as `type_debug` and error messages print it. */
  abstract readonly typeName: string;
}
