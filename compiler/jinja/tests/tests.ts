import { JinjaError, LimitError } from '../errors.ts';
import type { Context } from '../runtime/context.ts';
import { Undefined } from '../runtime/undefined.ts';
import { compare, contains, equals } from '../values/compare.ts';
import { Dict } from '../values/dict.ts';
import { Float } from '../values/float.ts';
import { contextFunction, functionTable, type PyFunction, pyFunction } from '../values/function.ts';
import { isCallable, isHtml, isMapping, iterateOrUndefined, length, str } from '../values/inspect.ts';
import { Lazy } from '../values/lazy.ts';
import { asText, isNumber } from '../values/numbers.ts';
import { mod } from '../values/operators.ts';
import { PySet } from '../values/set.ts';
import { isLower, isUpper } from '../values/string-predicates.ts';
import { Tuple } from '../values/tuple.ts';
import { PyObject, PyText, type Value } from '../values/value.ts';

const unary = (test: (value: Value) => boolean) => pyFunction('value', test);
const binary = (test: (value: Value, other: Value) => boolean) => pyFunction('value other', test);

const equal = pyFunction('value other /', (a: Value, b: Value) => equals(a, b));
const notEqual = pyFunction('value other /', (a: Value, b: Value) => !equals(a, b));
const greater = pyFunction('value other /', (a: Value, b: Value) => compare(a, b, '>'));
const greaterOrEqual = pyFunction('value other /', (a: Value, b: Value) => compare(a, b, '>='));
const less = pyFunction('value other /', (a: Value, b: Value) => compare(a, b, '<'));
const lessOrEqual = pyFunction('value other /', (a: Value, b: Value) => compare(a, b, '<='));

function isUnknownText(value: Value): boolean {
  return value instanceof PyObject && value.isUnknownText === true;
}

/** Has it a length and items? */
function isSequence(value: Value): boolean {
  if (isUnknownText(value)) return true;
  if (value instanceof PySet || value instanceof Lazy) return false;
  if (value instanceof PyObject && !(value instanceof PyText) && !value.pyGetItem) return false;
  try {
    length(value);
    return true;
  } catch (error) {
    if (error instanceof JinjaError && !(error instanceof LimitError)) return false;
    throw error;
  }
}

/**
 * Python's `is`. Ints and texts have no identity here; like CPython, which keeps one object of each, small ints and
 * texts of one letter are the same when they are equal, and others are not.
 */
function isSame(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b && a >= -5 && a <= 256;
  if (typeof a === 'string' && typeof b === 'string') return a === b && a.length <= 1;
  if (a instanceof Float && b instanceof Float) return a === b;
  if (a instanceof Tuple && b instanceof Tuple)
    return a === b || (a.items.length === 0 && b.items.length === 0);
  return a === b;
}

/** Jinja's tests. */
export const TESTS: ReadonlyMap<string, PyFunction> = functionTable({
  odd: unary((value) => equals(mod(value, 2), 1)),
  even: unary((value) => equals(mod(value, 2), 0)),
  divisibleby: pyFunction('value num', (value: Value, divisor: Value) => equals(mod(value, divisor), 0)),
  defined: unary((value) => !(value instanceof Undefined)),
  undefined: unary((value) => value instanceof Undefined),
  filter: contextFunction('value', (context: Context, value: Value) =>
    inTable(context.environment.filters, value),
  ),
  test: contextFunction('value', (context: Context, value: Value) =>
    inTable(context.environment.tests, value),
  ),
  none: unary((value) => value === null),
  boolean: unary((value) => typeof value === 'boolean'),
  false: unary((value) => value === false),
  true: unary((value) => value === true),
  integer: unary((value) => typeof value === 'number' || typeof value === 'bigint'),
  float: unary((value) => value instanceof Float),
  lower: unary((value) => isLower(str(value))),
  upper: unary((value) => isUpper(str(value))),
  string: unary((value) => asText(value) !== undefined || isUnknownText(value)),
  mapping: unary(isMapping),
  number: unary(isNumber),
  sequence: unary(isSequence),
  iterable: unary((value) => isUnknownText(value) || iterateOrUndefined(value) !== undefined),
  callable: pyFunction('value /', isCallable),
  sameas: binary(isSame),
  escaped: unary(isHtml),
  in: pyFunction('value seq', (value: Value, container: Value) => contains(container, value)),
  '==': equal,
  eq: equal,
  equalto: equal,
  '!=': notEqual,
  ne: notEqual,
  '>': greater,
  gt: greater,
  greaterthan: greater,
  ge: greaterOrEqual,
  '>=': greaterOrEqual,
  '<': less,
  lt: less,
  lessthan: less,
  '<=': lessOrEqual,
  le: lessOrEqual,
});

function inTable(table: ReadonlyMap<string, PyFunction>, name: Value): boolean {
  const text = asText(name);
  if (text === undefined) new Dict().has(name);
  return text !== undefined && table.has(text);
}
